#!/usr/bin/env bash
# sudachipy 0.7.0 with sudachidict-small 20261015: a space in a name is read kigou.
#
# One would guess: The reading of a space is nothing, or a space, as the reading of a middle dot is a middle
# dot.
# What happens: reading_form() of a space is キゴウ (kigou, the word for symbol). Letters are given back in lower
# case, unless the dictionary knows the firm: IHI is read aieichiai, THK thk.
# Why it matters: Readings are joined to romanise a name: Yamada Tarō becomes yamada kigou tarou, who meets
# nobody. Spaces must be taken out first.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check sudachipy==0.7.0 sudachidict-small==20261015

cat >"$folder/then" <<'SEEN'
'山田太郎' ['ヤマダ', 'タロウ']
'山田 太郎' ['ヤマダ', 'キゴウ', 'タロウ']
'山田\u3000太郎' ['ヤマダ', 'キゴウ', 'タロウ']
'山田・太郎' ['ヤマダ', '・', 'タロウ']
'IHI' ['アイエイチアイ']
'THK' ['thk']
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from sudachipy import Dictionary

tokenizer = Dictionary(dict="small").tokenizer()
for name in ("山田太郎", "山田 太郎", "山田　太郎", "山田・太郎", "IHI", "THK"):
    print(repr(name), [word.reading_form() for word in tokenizer.tokenize(name)])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

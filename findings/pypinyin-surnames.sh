#!/usr/bin/env bash
# pypinyin 0.55.0: surnames are read as ordinary words, and no style reads them as surnames.
#
# One would guess: Characters with a reading of their own as surnames (曾 is Zeng, not ceng) are read so at the
# start of a name, or there is a style for it.
# What happens: Ten of ten are read otherwise, in whole names, too (of 覃 and 翟, Tan and Di are rarer
# surnames). All surname readings are among its own heteronyms, so the data is there; no style asks for them.
# Why it matters: Zeng, Shan, Xie, Zha and Qiu are surnames of millions, and lists print them so.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypinyin==0.55.0

cat >"$folder/then" <<'SEEN'
曾 as a surname zeng, read ceng, in a name ['ceng', 'wei'], known: True
翟 as a surname zhai, read di, in a name ['di', 'wei'], known: True
单 as a surname shan, read dan, in a name ['dan', 'wei'], known: True
覃 as a surname qin, read tan, in a name ['tan', 'wei'], known: True
解 as a surname xie, read jie, in a name ['jie', 'wei'], known: True
查 as a surname zha, read cha, in a name ['cha', 'wei'], known: True
仇 as a surname qiu, read chou, in a name ['chou', 'wei'], known: True
区 as a surname ou, read qu, in a name ['qu', 'wei'], known: True
盖 as a surname ge, read gai, in a name ['gai', 'wei'], known: True
缪 as a surname miao, read mou, in a name ['mou', 'wei'], known: True
styles for surnames: []
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from pypinyin import Style, lazy_pinyin, pinyin

SURNAMES = {"曾": "zeng", "翟": "zhai", "单": "shan", "覃": "qin", "解": "xie", "查": "zha", "仇": "qiu", "区": "ou", "盖": "ge", "缪": "miao"}
for character, surname in SURNAMES.items():
    known = [reading for (readings,) in [pinyin(character, style=Style.NORMAL, heteronym=True)] for reading in readings]
    print(f"{character} as a surname {surname}, read {lazy_pinyin(character)[0]}, in a name {lazy_pinyin(character + '伟')}, known: {surname in known}")
print("styles for surnames:", [style.name for style in Style if "NAME" in style.name])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

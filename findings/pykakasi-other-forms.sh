#!/usr/bin/env bash
# pykakasi 2.3.0: a character that it does not know takes the next one with it.
#
# One would guess: what cannot be read is left as it is, or told; the rest of the name is read.
# What happens: 髙橋, a second form of 高橋 (Takahashi), is read as nothing, and its second character, which is known, is
#   not even among the parts; 髙島屋 (Takashimaya) is ya, and 习近平, of which 平 is left, taira.
# Why it matters: such forms stand in family registers and on forms; the person or firm, romanised, meets nobody or somebody
#   else, and no error says so. Look whether the parts still make the whole.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pykakasi==2.3.0

cat >"$folder/then" <<'SEEN'
高橋一郎 ['高橋', '一郎'] ['takahashi', 'ichirou'] True
髙橋一郎 ['髙', '一郎'] ['', 'ichirou'] False
浜田 ['浜田'] ['hamada'] True
濵田 ['濵'] [''] False
高島屋 ['高島', '屋'] ['takashima', 'ya'] True
髙島屋 ['髙', '屋'] ['', 'ya'] False
習近平 ['習', '近平'] ['shuu', 'kinpei'] True
习近平 ['习', '平'] ['', 'taira'] False
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from pykakasi import kakasi

read = kakasi().convert
for name in ("高橋一郎", "髙橋一郎", "浜田", "濵田", "高島屋", "髙島屋", "習近平", "习近平"):
    parts = read(name)
    whole = "".join(part["orig"] for part in parts) == name
    print(name, [part["orig"] for part in parts], [part["hepburn"] for part in parts], whole)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

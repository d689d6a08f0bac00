#!/usr/bin/env bash
# Metaphone 0.6 and jellyfish 1.3.0: names in other scripts all sound the same.
#
# One would guess: A code by sound of what is no Latin letter is an error, or the name itself; a first letter
# with a stroke counts as that letter.
# What happens: Both metaphones of all such names are empty strings, so that any two are equal. First letters
# such as Ł and Đ are left out: Łukasz is KS, and Lukasz LKS.
# Why it matters: Codes are keys of an index: one bucket of everybody whose name is in Cyrillic, Arabic or
# Chinese letters, and all of them sound alike. Romanise first.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check Metaphone==0.6 jellyfish==1.3.0

cat >"$folder/then" <<'SEEN'
Жуков ('', '') ''
Иванова ('', '') ''
王伟 ('', '') ''
محمد ('', '') ''
김 ('', '') ''
Łukasz ('KS', 'KX') 'KSS'
Lukasz ('LKS', 'LKX') 'LKSS'
Đang ('NK', '') 'NK'
Dang ('TNK', '') 'TNK'
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import jellyfish
from metaphone import doublemetaphone

for name in ("Жуков", "Иванова", "王伟", "محمد", "김", "Łukasz", "Lukasz", "Đang", "Dang"):
    print(name, doublemetaphone(name), repr(jellyfish.metaphone(name)))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

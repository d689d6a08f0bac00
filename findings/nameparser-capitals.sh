#!/usr/bin/env bash
# nameparser 2.6.0: a surname in capitals is taken for a degree.
#
# One would guess: A name of two words has a first and a last one, in whatever case it is written.
# What happens: Wei MA has no last name but the suffix MA; so have BA, DO, ED and PE. Wei Ma, and WEI MA, have
# one.
# Why it matters: Forms and lists of many countries print the surname in capitals to mark it, and just those
# surnames disappear from what is compared.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nameparser==2.6.0

cat >"$folder/then" <<'SEEN'
Wei Ma: first 'Wei', last 'Ma', suffix ''
WEI MA: first 'WEI', last 'MA', suffix ''
Wei MA: first 'Wei', last '', suffix 'MA'
Minh DO: first 'Minh', last '', suffix 'DO'
Ali BA: first 'Ali', last '', suffix 'BA'
Jun ED: first 'Jun', last '', suffix 'ED'
Kim PE: first 'Kim', last '', suffix 'PE'
Wei LI: first 'Wei', last 'LI', suffix ''
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from nameparser import HumanName

for written in ("Wei Ma", "WEI MA", "Wei MA", "Minh DO", "Ali BA", "Jun ED", "Kim PE", "Wei LI"):
    name = HumanName(written)
    print(f"{written}: first {name.first!r}, last {name.last!r}, suffix {name.suffix!r}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

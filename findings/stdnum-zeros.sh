#!/usr/bin/env bash
# python-stdnum 2.2: seven zeros are a valid number of a ship.
#
# One would guess: is_valid() refuses numbers that nobody can have been given.
# What happens: 0000000 and 1234567 are valid numbers of the IMO: check digits are all that is looked at. So
# is an identifier of a legal entity (LEI) of eighteen zeros and its check digits.
# Why it matters: Placeholders pass the check, and two vessels or firms with the same placeholder meet each
# other by a number that is proof elsewhere.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-stdnum==2.2

cat >"$folder/then" <<'SEEN'
stdnum.imo 0000000 True
stdnum.imo 1234567 True
stdnum.imo 1234568 False
stdnum.lei 00000000000000000098 True
stdnum.lei 00000000000000000000 False
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from stdnum import imo, lei

for module, number in ((imo, "0000000"), (imo, "1234567"), (imo, "1234568"), (lei, "0" * 18 + "98"), (lei, "0" * 20)):
    print(module.__name__, number, module.is_valid(number))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

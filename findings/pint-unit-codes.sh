#!/usr/bin/env bash
# pint 0.25.3: codes for units in trade are read as other units.
#
# One would guess: Codes of export filings (T, M, GM, PK, KG, NO) and of orders (EA, PR, pcs, doz) are read as
# tonne, metre, gram, pack, each, pair and pieces, or refused.
# What happens: Eight of thirteen are read as something else, without a warning: T is tesla, M and GM are
# concentrations, EA is a quintillion amperes, pcs are parsecs. KG is refused, for its capitals.
# Why it matters: Quantities are compared with limits and with what a license still allows. Codes have to be
# translated before a library of physical units sees them.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pint==0.25.3

cat >"$folder/then" <<'SEEN'
T tesla
M molar
GM gigamolar
PK petakelvin
EA exaampere
PR petamolar_gas_constant
pcs parsec
doz deciounce
L liter
kg kilogram
KG UndefinedUnitError
NO UndefinedUnitError
DOZ UndefinedUnitError
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import pint

units = pint.UnitRegistry()
for code in ("T", "M", "GM", "PK", "EA", "PR", "pcs", "doz", "L", "kg", "KG", "NO", "DOZ"):
    try:
        print(code, units.parse_units(code))
    except pint.UndefinedUnitError:
        print(code, "UndefinedUnitError")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

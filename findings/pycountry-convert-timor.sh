#!/usr/bin/env bash
# pycountry-convert 0.7.2: Timor-Leste, Western Sahara and the Vatican are on no continent, and Kosovo is by code alone.
#
# One would guess: every code that it gives for a name has a continent; and a territory has both a code and a name or neither.
# What happens: Timor-Leste and Western Sahara are turned into TL and EH, which have none (KeyError "Invalid Country Alpha-2
#   code"); so do VA, SX and PN. XK is in Europe, but Kosovo is no country name.
# Why it matters: grouping destinations by continent ends with an error at the first of them, and calls the code invalid.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycountry-convert==0.7.2

cat >"$folder/then" <<'SEEN'
Timor-Leste: TL, Invalid Country Alpha-2 code: 'TL'
Western Sahara: EH, Invalid Country Alpha-2 code: 'EH'
Holy See (Vatican City State): VA, Invalid Country Alpha-2 code: 'VA'
Kosovo: Invalid Country Name: 'Kosovo'
Macau: MO, AS
Taiwan: TW, AS
XK: EU
SX: Invalid Country Alpha-2 code: 'SX'
PN: Invalid Country Alpha-2 code: 'PN'
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import pycountry_convert

for name in ("Timor-Leste", "Western Sahara", "Holy See (Vatican City State)", "Kosovo", "Macau", "Taiwan"):
    try:
        code = pycountry_convert.country_name_to_country_alpha2(name)
    except KeyError as error:
        print(f"{name}: {error.args[0]}")
        continue
    try:
        print(f"{name}: {code}, {pycountry_convert.country_alpha2_to_continent_code(code)}")
    except KeyError as error:
        print(f"{name}: {code}, {error.args[0]}")
for code in ("XK", "SX", "PN"):
    try:
        print(f"{code}: {pycountry_convert.country_alpha2_to_continent_code(code)}")
    except KeyError as error:
        print(f"{code}: {error.args[0]}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# pycountry 26.2.16: the first answer for a country may be another one.
#
# One would guess: search_fuzzy() answers the best match first, and one that is a country's whole name before
# those that contain it.
# What happens: Parts of names and places inside countries count as well: EU is Réunion, the Republic of Korea
# is North Korea, Niger is Nigeria, Kosovo is Serbia. Burma and Macau are nowhere.
# Why it matters: Whoever takes the first answer for a destination applies another country's rules: an ally's
# parts become parts for a country under embargo.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycountry==26.2.16

cat >"$folder/then" <<'SEEN'
EU ['Réunion', 'France', 'Bonaire, Sint Eustatius and Saba']
Republic of Korea ["Korea, Democratic People's Republic of"]
Niger ['Nigeria', 'Niger']
America ['American Samoa', 'United States']
Kosovo ['Serbia']
Burma LookupError
Macau LookupError
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import pycountry

for name in ("EU", "Republic of Korea", "Niger", "America", "Kosovo", "Burma", "Macau"):
    try:
        print(name, [country.name for country in pycountry.countries.search_fuzzy(name)][:3])
    except LookupError:
        print(name, "LookupError")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

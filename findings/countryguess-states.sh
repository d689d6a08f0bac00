#!/usr/bin/env bash
# countryguess 0.4.9: places in the United States, and words that begin alike, are taken for countries.
#
# One would guess: a name that is no country's gives nothing, as "New Jersey" does.
# What happens: the beginning of a word or a part of an address is enough: Indiana is India, Atlanta in Georgia is in the
#   Caucasus, Chadwick is Chad.
# Why it matters: whether a license is required hangs on the destination; guessed from an address it is another country,
#   and no doubt is told.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check countryguess==0.4.9

cat >"$folder/then" <<'SEEN'
New Jersey -> None
Indiana -> India
Atlanta, Georgia -> Georgia
Peru, Illinois -> Peru
Lebanon, Ohio -> Lebanon
Perugia -> Peru
Chadwick -> Chad
Kenyatta -> Kenya
Northern Ireland -> None
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from countryguess import guess_country

for name in ("New Jersey", "Indiana", "Atlanta, Georgia", "Peru, Illinois", "Lebanon, Ohio", "Perugia", "Chadwick", "Kenyatta", "Northern Ireland"):
    print(name, "->", guess_country(name, attribute="name_short"))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

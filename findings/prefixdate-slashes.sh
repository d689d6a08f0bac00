#!/usr/bin/env bash
# prefixdate 0.6.1: a day with slashes, of a week or of a year is that whole year; followthemoney 4.11.2 goes by it.
#
# One would guess: a text that is no date in the expected form gives none, as 20190516 and 16.05.2019 give none.
# What happens: what comes after the last part that it knows is left away. 2019/05/16, 2019-W20 and 2019-136 are the year
#   2019, and valid dates to followthemoney; 2019-05/16 is May. A day that never was, 2019-02-29, is none.
# Why it matters: a list's day of entry becomes "some day of 2019", which matches any other of that year.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check prefixdate==0.6.1 followthemoney==4.11.2

cat >"$folder/then" <<'SEEN'
2019-05-16: 2019-05-16 (day), valid: True
2019/05/16: 2019 (year), valid: True
2019-05/16: 2019-05 (month), valid: True
2019-W20: 2019 (year), valid: True
2019-136: 2019 (year), valid: True
2019-Q2: 2019 (year), valid: True
20190516: None (empty), valid: False
16.05.2019: None (empty), valid: False
2019-02-29: None (empty), valid: False
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from followthemoney.types import registry
from prefixdate import parse

for text in (
    "2019-05-16",
    "2019/05/16",
    "2019-05/16",
    "2019-W20",
    "2019-136",
    "2019-Q2",
    "20190516",
    "16.05.2019",
    "2019-02-29",
):
    found = parse(text)
    print(f"{text}: {found.text} ({found.precision.name.lower()}), valid: {registry.date.validate(text)}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# durations-nlp 1.0.1: every year has 366 days, and ninety without a unit is nothing.
#
# One would guess: a year has 365 days, or 365.25 where years are added up; a number alone is refused, as words that are no
#   units are.
# What happens: a year is twelve months of 30.5 days, so four years are three days too long and ten are seven or eight; "90"
#   is a duration of zero, without a word.
# Why it matters: licenses run four years, records are kept five; a field left without its unit ends at once.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check durations-nlp==1.0.1

cat >"$folder/then" <<'SEEN'
90 days: 90 days
3 months: 91.5 days
1 year: 366 days
4 years: 1464 days
10 years: 3660 days
90: 0 days
from 2026-11-09 to 2030-11-09: 1461 days
90 calendar days: InvalidTokenError
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import date

from durations_nlp import Duration

for text in ("90 days", "3 months", "1 year", "4 years", "10 years", "90"):
    print(f"{text}: {Duration(text).to_days():g} days")
print(f"from 2026-11-09 to 2030-11-09: {(date(2030, 11, 9) - date(2026, 11, 9)).days} days")
try:
    Duration("90 calendar days")
except Exception as error:
    print(f"90 calendar days: {type(error).__name__}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

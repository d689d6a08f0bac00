#!/usr/bin/env bash
# dateparser 1.5.0: 90 days from a day are 90 days ago, whatever the day, and the 90th day is in 1990.
#
# One would guess: "90 days from 2019-05-20" is 2019-08-18, or no date, as "90 days from May 20, 2019" is none.
# What happens: the day that is written out is passed over. "from", and "after" and "before", count from today: "from"
#   and plain "90 days" into the past, "after" into the future. An ordinal without a month is the year of the century.
#   In running text a citation of the Federal Register is a year and a Friday.
# Why it matters: terms of licenses and suspensions are written so; what is read is a date, with no doubt in it.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0

cat >"$folder/then" <<'SEEN'
90 days: 2026-08-11
90 days from 2019-05-20: 2026-08-11
90 days from May 20, 2019: None
90 days after 2019-05-20: 2027-02-07
90 days before 2019-05-20: 2026-08-11
90 days from now: 2027-02-07
the 90th day: 1990-11-09
It is extended for 90 days. '90 days' is 2026-08-11
It counts from May 16, 2019 (84 FR 22961). 'from May 16, 2019' is 2019-05-16; '84' is 1984-11-09; 'FR' is 2026-11-06
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import datetime

from dateparser import parse
from dateparser.search import search_dates

settings = {"RELATIVE_BASE": datetime(2026, 11, 9)}  # a Monday
for text in (
    "90 days",
    "90 days from 2019-05-20",
    "90 days from May 20, 2019",
    "90 days after 2019-05-20",
    "90 days before 2019-05-20",
    "90 days from now",
    "the 90th day",
):
    day = parse(text, languages=["en"], settings=settings)
    print(f"{text}: {day and day.date()}")
for text in ("It is extended for 90 days.", "It counts from May 16, 2019 (84 FR 22961)."):
    found = search_dates(text, languages=["en"], settings=settings) or []
    print(f"{text} {'; '.join(f'{words!r} is {day.date()}' for words, day in found)}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

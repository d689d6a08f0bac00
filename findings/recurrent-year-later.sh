#!/usr/bin/env bash
# recurrent 0.4.1: 90 days from a day that is written out are 90 days and a year from it.
#
# One would guess: "90 days from May 20, 2019" is the day that "90 days from 2019-05-20" is, 2019-08-18.
# What happens: where the month is a word, the result is a year further on: 2020-08-18; before a day, a year further back.
#   The day alone is read rightly, and "today" changes nothing.
# Why it matters: a license of 90 days that is read so is held to be good for 15 months.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check recurrent==0.4.1 python-dateutil==2.9.0.post0

cat >"$folder/then" <<'SEEN'
on 2019-05-20, May 20, 2019: 2019-05-20
on 2019-05-20, 90 days from 2019-05-20: 2019-08-18
on 2019-05-20, 90 days from May 20, 2019: 2020-08-18
on 2019-05-20, 1 day from May 20, 2019: 2020-05-21
on 2019-05-20, 90 days before May 20, 2019: 2018-02-19
on 2026-11-09, May 20, 2019: 2019-05-20
on 2026-11-09, 90 days from 2019-05-20: 2019-08-18
on 2026-11-09, 90 days from May 20, 2019: 2020-08-18
on 2026-11-09, 1 day from May 20, 2019: 2020-05-21
on 2026-11-09, 90 days before May 20, 2019: 2018-02-19
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import datetime

from recurrent import RecurringEvent

for today in (datetime(2019, 5, 20), datetime(2026, 11, 9)):
    for text in (
        "May 20, 2019",
        "90 days from 2019-05-20",
        "90 days from May 20, 2019",
        "1 day from May 20, 2019",
        "90 days before May 20, 2019",
    ):
        print(f"on {today.date()}, {text}: {RecurringEvent(now_date=today).parse(text).date()}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

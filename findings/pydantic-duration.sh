#!/usr/bin/env bash
# pydantic 2.14.3 and isodate 0.7.2: 365 days are written as a year, and read as a calendar year.
#
# One would guess: timedelta(days=365) is written in JSON as P365D, since a timedelta knows no years.
# What happens: It is written as P1Y, which pydantic reads back as 365 days and other readers of ISO 8601 as a
# year, which may have 366.
# Why it matters: Licenses and waiting periods are spans of days. Between two programs, and across a leap day,
# a span of a year or more ends a day later than it was sent.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pydantic==2.14.3 isodate==0.7.2 tzdata==2026.6

cat >"$folder/then" <<'SEEN'
30 P30D 2024-01-31 2024-01-31
365 P1Y 2024-12-31 2025-01-01
366 P1Y1D 2025-01-01 2025-01-02
1461 P4Y1D 2028-01-01 2028-01-02
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import date, timedelta

import isodate
from pydantic import TypeAdapter

span, start = TypeAdapter(timedelta), date(2024, 1, 1)
for days in (30, 365, 366, 1461):
    written = span.dump_python(timedelta(days=days), mode="json")
    print(days, written, start + span.validate_python(written), start + isodate.parse_duration(written))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# temporalio 1.35.0 with pydantic 2.14.3: a time comes back without its time zone's rules.
#
# One would guess: A datetime of America/New_York that is handed to a workflow or activity is there the same
# as here; == says so.
# What happens: It arrives with a fixed offset. Days added to it keep that offset across the change of clocks:
# in spring, 23:30 becomes half past midnight of the next day.
# Why it matters: A deadline of 30 days at the end of a day in Washington, computed behind a call, ends on
# another date than the same code says before the call.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check temporalio==1.35.0 pydantic==2.14.3 tzdata==2026.6

cat >"$folder/then" <<'SEEN'
equal: True
zone sent: America/New_York received: -05:00
30 days later, in Washington: 2026-03-22T23:30:00-04:00
30 days later, in Washington: 2026-03-23T00:30:00-04:00
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from temporalio.contrib.pydantic import pydantic_data_converter

washington = ZoneInfo("America/New_York")
sent = datetime(2026, 2, 20, 23, 30, tzinfo=washington)
converter = pydantic_data_converter.payload_converter
(received,) = converter.from_payloads(converter.to_payloads([sent]), [datetime])
print("equal:", sent == received)
print("zone sent:", sent.tzinfo, "received:", received.tzinfo)
for before in (sent, received):
    print("30 days later, in Washington:", (before + timedelta(days=30)).astimezone(washington).isoformat())
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

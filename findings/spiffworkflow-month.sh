#!/usr/bin/env bash
# SpiffWorkflow 3.2.0: a month from the end of January is in March, and every month is as long as the first one.
#
# One would guess: P1M is a calendar month, for the engine reads it by the calendar: from 31 January to the last of February;
#   and R/2026-01-01/P1M comes on the first of every month.
# What happens: P1M is as many days as the month has in which it begins. A cycle takes that number for good: one that begins
#   on 1 January comes on 1 February, 4 March and 4 April, one from 1 February every 28 days.
# Why it matters: reports that a license asks for each month are due on days that move, and 12 of them are not a year.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check SpiffWorkflow==3.2.0

cat >"$folder/then" <<'SEEN'
P1M from 2026-01-15: 2026-02-15
P1M from 2026-01-30: 2026-03-02
P1M from 2026-01-31: 2026-03-03
P3M from 2025-11-30: 2026-03-02
P1Y from 2024-02-29: 2025-03-01
R4/2026-01-01T00:00:00+00:00/P1M: 2026-01-01, 2026-02-01, 2026-03-04, 2026-04-04
R4/2026-02-01T00:00:00+00:00/P1M: 2026-02-01, 2026-03-01, 2026-03-29, 2026-04-26
R3/2024-01-01T00:00:00+00:00/P1Y: 2024-01-01, 2025-01-01, 2026-01-02
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import datetime, timezone

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

for span, day in (("P1M", "2026-01-15"), ("P1M", "2026-01-30"), ("P1M", "2026-01-31"), ("P3M", "2025-11-30"), ("P1Y", "2024-02-29")):
    start = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
    end = start + TimerEventDefinition.get_timedelta_from_start(TimerEventDefinition.parse_iso_duration(span), start)
    print(f"{span} from {day}: {end.date()}")
# After each time the engine adds the same span again (CycleTimerEventDefinition.cycle_complete).
for cycle in ("R4/2026-01-01T00:00:00+00:00/P1M", "R4/2026-02-01T00:00:00+00:00/P1M", "R3/2024-01-01T00:00:00+00:00/P1Y"):
    times, start, span = TimerEventDefinition.parse_iso_recurring_interval(cycle)
    print(f"{cycle}: {', '.join(str((start + number * span).date()) for number in range(times))}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

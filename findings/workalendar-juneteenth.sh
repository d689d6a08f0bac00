#!/usr/bin/env bash
# workalendar 17.0.0: the calendars of the United States and of Washington have no Juneteenth.
#
# One would guess: a calendar of today has the federal holidays of today; that of 19 June is one since 2021
#   (Public Law 117-17).
# What happens: 19 June is a working day in both. The switch that adds it, include_juneteenth, is off unless one makes
#   a class of one's own and turns it on; few of the states have it on.
# Why it matters: deadlines that are counted in business days are a day off every June.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check workalendar==17.0.0 tzdata==2026.6

cat >"$folder/then" <<'SEEN'
UnitedStates: 2023-06-19 works, 2026-06-19 works
DistrictOfColumbia: 2023-06-19 works, 2026-06-19 works
Switched: 2023-06-19 rests, 2026-06-19 rests
2 of 53 states and cities rest: US-TX, US-WV
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import warnings
from datetime import date

from workalendar.registry import registry
from workalendar.usa import DistrictOfColumbia, UnitedStates

warnings.simplefilter("ignore")  # some states' own doubts


class Switched(UnitedStates):
    include_juneteenth = True


for calendar in (UnitedStates, DistrictOfColumbia, Switched):
    days = [f"{day} {'works' if calendar().is_working_day(day) else 'rests'}" for day in (date(2023, 6, 19), date(2026, 6, 19))]
    print(f"{calendar.__name__}: {', '.join(days)}")
states = registry.get_subregions("US")
having = sorted(code for code, calendar in states.items() if not calendar().is_working_day(date(2026, 6, 19)))
print(f"{len(having)} of {len(states)} states and cities rest: {', '.join(having)}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# holidays 0.109: no choice of place and category gives the legal holidays of Washington.
#
# One would guess: The category government, for the District of Columbia, has what closes federal offices
# there: Inauguration Day (5 U.S.C. 6103(c)), and not the District's own Emancipation Day.
# What happens: That category is the same for all places and leaves out Inauguration Day. The category public
# has it together with Emancipation Day, and names the second Monday of October otherwise.
# Why it matters: Time limits of agencies in Washington roll on from days that are none, or end on a day on
# which nobody is there. One has to choose by name.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109

cat >"$folder/then" <<'SEEN'
{} [None, None, 'Columbus Day']
{'subdiv': 'DC'} ['Inauguration Day', 'Emancipation Day', "Indigenous Peoples' Day"]
{'categories': ('government',)} [None, None, 'Columbus Day']
{'subdiv': 'DC', 'categories': ('government',)} [None, None, 'Columbus Day']
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import date

import holidays

DAYS = (date(2021, 1, 20), date(2021, 4, 16), date(2021, 10, 11))
for choice in ({}, {"subdiv": "DC"}, {"categories": ("government",)}, {"subdiv": "DC", "categories": ("government",)}):
    days = holidays.US(years=2021, **choice)
    print(choice, [days.get(day) for day in DAYS])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

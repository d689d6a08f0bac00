#!/usr/bin/env bash
# holidays 0.109: the calendars of Saudi Arabia and of Kuwait, added, work on Fridays.
#
# One would guess: in the sum of two calendars a day is a working day if it is one in both, for a holiday of either is one of
#   the sum; the weekend of Saudi Arabia and that of Kuwait is Friday and Saturday.
# What happens: the sum keeps no weekend of its parts and rests on Saturday and Sunday, whichever they are. A calendar added
#   to itself loses its own weekend, and that of Brunei, which rests on Friday and Sunday, works on Friday.
# Why it matters: time limits that run while two offices are open end on a day on which neither is, and skip days of work.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check holidays==0.109

cat >"$folder/then" <<'SEEN'
SA: Mon Tue Wed Thu Sun
KW: Mon Tue Wed Thu Sun
BN: Mon Tue Wed Thu Sat
US: Mon Tue Wed Thu Fri
SA + KW: Mon Tue Wed Thu Fri
SA + SA: Mon Tue Wed Thu Fri
BN + SA: Mon Tue Wed Thu Fri
US + SA: Mon Tue Wed Thu Fri
a holiday of one is a holiday of the sum: True
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from datetime import date

from holidays import country_holidays

WEEK = [date(2026, 11, day) for day in range(2, 9)]  # Monday to Sunday, without a holiday in any of these countries


def worked(calendar):
    return " ".join(day.strftime("%a") for day in WEEK if calendar.is_working_day(day))


for code in ("SA", "KW", "BN", "US"):
    print(f"{code}: {worked(country_holidays(code))}")
for one, other in (("SA", "KW"), ("SA", "SA"), ("BN", "SA"), ("US", "SA")):
    print(f"{one} + {other}: {worked(country_holidays(one) + country_holidays(other))}")
national = date(2026, 9, 23)
print("a holiday of one is a holiday of the sum:", national in country_holidays("SA") + country_holidays("KW"))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

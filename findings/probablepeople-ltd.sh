#!/usr/bin/env bash
# probablepeople 0.5.6: Smith Ltd is a corporation, and Wang Ltd a person.
#
# One would guess: a legal form at the end makes a name that of a firm, whoever the firm is named after.
# What happens: it does so behind Smith and Ivanov; behind Wang only Inc does, and behind Rashid the form of the Emirates'
#   free zones does not.
# Why it matters: who sorts parties by it holds such a firm against lists of persons.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check probablepeople==0.5.6

cat >"$folder/then" <<'SEEN'
Smith Ltd: Corporation
Smith Limited: Corporation
Smith Inc: Corporation
Smith LLC: Corporation
Smith GmbH: Corporation
Smith FZE: Corporation
Wang Ltd: Person
Wang Limited: Person
Wang Inc: Corporation
Wang LLC: Person
Wang GmbH: Person
Wang FZE: Person
Ivanov Ltd: Corporation
Ivanov Limited: Corporation
Ivanov Inc: Corporation
Ivanov LLC: Corporation
Ivanov GmbH: Corporation
Ivanov FZE: Corporation
Rashid Ltd: Corporation
Rashid Limited: Corporation
Rashid Inc: Corporation
Rashid LLC: Corporation
Rashid GmbH: Corporation
Rashid FZE: Person
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from probablepeople import RepeatedLabelError, tag

for name in ("Smith", "Wang", "Ivanov", "Rashid"):
    for form in ("Ltd", "Limited", "Inc", "LLC", "GmbH", "FZE"):
        try:
            print(f"{name} {form}: {tag(f'{name} {form}')[1]}")
        except RepeatedLabelError:
            print(f"{name} {form}: no answer")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

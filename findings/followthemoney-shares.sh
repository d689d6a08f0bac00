#!/usr/bin/env bash
# followthemoney 4.11.2: any text is a valid number, and a share with a decimal comma is none.
#
# One would guess: what validate() lets through as a number can be read as one; dates and countries that cannot be read are
#   refused.
# What happens: "at least 50%" is valid, is kept as the share of an owner, and to_number() gives None for it. So it does for
#   "12,5%" and "51-60"; "1,234.56" is read. A unit is dropped: fifty per cent and fifty are one number.
# Why it matters: rules about owners of the half or more compare such shares; an unread one is a share of nothing.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check followthemoney==4.11.2

cat >"$folder/then" <<'SEEN'
50: valid True, read as 50.0
50%: valid True, read as 50.0
50.0 percent: valid True, read as 50.0
12,5%: valid True, read as None
1,234.56: valid True, read as 1234.56
51-60: valid True, read as None
at least 50%: valid True, read as None
half: valid True, read as None
2026-02-30 as a date: False
kept: ['at least 50%']
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from followthemoney import model
from followthemoney.types import registry

for text in ("50", "50%", "50.0 percent", "12,5%", "1,234.56", "51-60", "at least 50%", "half"):
    print(f"{text}: valid {registry.number.validate(text)}, read as {registry.number.to_number(text)}")
print("2026-02-30 as a date:", registry.date.validate("2026-02-30"))
owner = model.make_entity("Ownership")
owner.id = "ownership"
owner.add("percentage", "at least 50%")
print("kept:", owner.get("percentage"))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

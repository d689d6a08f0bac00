#!/usr/bin/env bash
# feelin 8.2.0: 5e3 is 5, "500" is less than 1000, and a year equals 365 days that end on another day.
#
# One would guess: numbers may have exponents, since some may; a text and a number do not compare, which FEEL answers with
#   null; nor do spans of months with spans of days, of which FEEL makes two types; one of months has no days.
# What happens: an exponent is dropped where no decimal point stands before it: 5e3 is 5, and 1.5e3 is 1500. A text is taken
#   for its number. Spans compare as if they began on 1 January 1970: a month is 31 days, three are fewer than 91. Two equal
#   spans, added to one day, end on two. years and months duration() counts days, too.
# Why it matters: limits of value and terms of licenses are what decision tables ask for; there is an answer to each, and no warning.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund feelin@8.2.0

cat >"$folder/then" <<'SEEN'
1.5e3: 1500
5e3: 5
5e3 > 1000: false
5E002: 5
"500" < 1000: true
"9" > "10": true
duration("P1M") = duration("P31D"): true
duration("P1M") > duration("P30D"): true
duration("P3M") < duration("P91D"): true
duration("P1Y") = duration("P365D"): true
date("2024-01-01") + duration("P1Y"): 2025-01-01
date("2024-01-01") + duration("P365D"): 2024-12-31
years and months duration(date("2019-05-20"), date("2019-08-18")): P2M29D
SEEN

cat >"$folder/look.mjs" <<'SCRIPT'
import { evaluate } from "feelin";

for (const expression of [
  "1.5e3",
  "5e3",
  "5e3 > 1000",
  "5E002",
  '"500" < 1000',
  '"9" > "10"',
  'duration("P1M") = duration("P31D")',
  'duration("P1M") > duration("P30D")',
  'duration("P3M") < duration("P91D")',
  'duration("P1Y") = duration("P365D")',
  'date("2024-01-01") + duration("P1Y")',
  'date("2024-01-01") + duration("P365D")',
  'years and months duration(date("2019-05-20"), date("2019-08-18"))',
]) {
  const { value, warnings } = evaluate(expression, {});
  console.log(`${expression}: ${value}${warnings.length ? ", with a warning" : ""}`);
}
SCRIPT
node "$folder/look.mjs" >"$folder/now"

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# @temporalio/common 1.24.0 (npm): "1M" is a minute, "1 month" an error, and "1 year" ends at six in the morning.
#
# One would guess: a timer for "1 month" or "1M" is a month, as "1 year" is a year and "2 weeks" are two; or all that the
#   calendar must be asked for is refused.
# What happens: durations as text are those of the package ms: letters' case counts for nothing, so that M is a minute; there
#   are no months; a year is 365 days and six hours; a text without a unit is milliseconds, "90" a tenth of a second.
# Why it matters: a waiting period that a person typed is over at once, or its last day is another one; the type of the
#   argument allows it.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @temporalio/common@1.24.0

cat >"$folder/then" <<'SEEN'
90 days: 2026-04-01T00:00:00.000Z
2 weeks: 2026-01-15T00:00:00.000Z
1M: 2026-01-01T00:01:00.000Z
3M: 2026-01-01T00:03:00.000Z
1 month: TypeError
3 months: TypeError
1 quarter: TypeError
1 year: 2027-01-01T06:00:00.000Z
4 years: 2030-01-01T00:00:00.000Z
90: 2026-01-01T00:00:00.090Z
SEEN

cat >"$folder/look.cjs" <<'SCRIPT'
const { msToNumber } = require("@temporalio/common/lib/time");

const start = Date.parse("2026-01-01T00:00:00Z");
for (const text of ["90 days", "2 weeks", "1M", "3M", "1 month", "3 months", "1 quarter", "1 year", "4 years", "90"]) {
  try {
    console.log(`${text}: ${new Date(start + msToNumber(text)).toISOString()}`);
  } catch (error) {
    console.log(`${text}: ${error.name}`);
  }
}
SCRIPT
node "$folder/look.cjs" >"$folder/now"

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

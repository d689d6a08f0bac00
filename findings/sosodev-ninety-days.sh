#!/usr/bin/env bash
# github.com/sosodev/duration 1.4.0 and pydantic 2.14.3: 90 days in Go are 89 days and four hours in Python.
#
# One would guess: 90 days are written P90D or PT2160H, for a time.Duration of Go knows no months; and whoever reads ISO 8601
#   has 90 days again.
# What happens: it is written P2M4W1DT4H, in months of 30 days and 10 hours, and weeks beside months, which ISO 8601 keeps
#   apart. The package itself reads 90 days again; pydantic has months of 30 days, isodate those of the calendar, and
#   pendulum refuses it. A thousand days lose five hours.
# Why it matters: a license of 90 days ends a day early, or on a day that hangs on where it began.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pydantic==2.14.3 isodate==0.7.2 pendulum==3.3.0

cat >"$folder/then" <<'SEEN'
7 days: P1W; Go 168h0m0s, pydantic 7 days, 0:00:00, isodate 7 days or 7 days; pendulum: read
30 days: P4W2D; Go 720h0m0s, pydantic 30 days, 0:00:00, isodate 30 days or 30 days; pendulum: refused
60 days: P1M4W1DT14H; Go 1440h0m0s, pydantic 59 days, 14:00:00, isodate 60 days, 14:00:00 or 60 days, 14:00:00; pendulum: refused
90 days: P2M4W1DT4H; Go 2160h0m0s, pydantic 89 days, 4:00:00, isodate 90 days, 4:00:00 or 88 days, 4:00:00; pendulum: refused
180 days: P5M3W6DT22H; Go 4320h0m0s, pydantic 177 days, 22:00:00, isodate 180 days, 22:00:00 or 178 days, 22:00:00; pendulum: refused
1000 days: P2Y8M3W5DT16H; Go 24000h0m0s, pydantic 996 days, 16:00:00, isodate 1002 days, 16:00:00 or 1000 days, 16:00:00; pendulum: refused
SEEN

mkdir "$folder/go"
cat >"$folder/go/go.mod" <<'GO'
module look

go 1.24

require github.com/sosodev/duration v1.4.0
GO
cat >"$folder/go/main.go" <<'GO'
package main

import (
	"fmt"
	"time"

	"github.com/sosodev/duration"
)

func main() {
	for _, days := range []time.Duration{7, 30, 60, 90, 180, 1000} {
		written := duration.Format(days * 24 * time.Hour)
		read, err := duration.Parse(written)
		if err != nil {
			panic(err)
		}
		fmt.Println(int(days), written, read.ToTimeDuration())
	}
}
GO
(cd "$folder/go" && go mod tidy >"$folder/said" 2>&1 && go build -o "$folder/spans") || { cat "$folder/said" >&2; exit 1; }

cat >"$folder/look.py" <<'PYTHON'
import sys
from datetime import datetime, timedelta

import isodate
import pendulum
from pydantic import TypeAdapter

begins = [datetime(2019, 5, 20), datetime(2026, 1, 1)]
for line in sys.stdin:
    days, written, again = line.split()
    span = TypeAdapter(timedelta).validate_python(written)
    ends = [str(day + isodate.parse_duration(written) - day).removesuffix(", 0:00:00") for day in begins]
    try:
        pendulum.parse(written)
        other = "read"
    except ValueError:
        other = "refused"
    print(f"{days} days: {written}; Go {again}, pydantic {span}, isodate {' or '.join(ends)}; pendulum: {other}")
PYTHON
"$folder/spans" | "$folder/venv/bin/python" "$folder/look.py" >"$folder/now"

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

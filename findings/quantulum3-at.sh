#!/usr/bin/env bash
# quantulum3 0.10.0: the word "at" is a unit: 20 W at 3.5 GHz are watt ampere-turns.
#
# One would guess: of a power at a frequency, the power is in watts.
# What happens: "at" after a unit is read as ampere-turns (At) and multiplied with it: 20 W are no power any more, 100 A at
#   50 V are no current, and 5 mm at 20 °C no length. (No classifier installed, which is an extra.)
# Why it matters: control lists and data sheets say just that: so much power at a frequency, an error at a temperature.
#   Compared by its unit, the value that decides is left out.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check quantulum3==0.10.0

cat >"$folder/then" <<'SEEN'
20 W [(20.0, 'watt', 'power')]
20 W, at 3.5 GHz [(20.0, 'watt', 'power'), (3.5, 'gigahertz', 'frequency')]
20 W at 3.5 GHz [(20.0, 'watt ampere-turn', 'unknown'), (3.5, 'gigahertz', 'frequency')]
100 A at 50 V [(100.0, 'ampere-turn', 'magnetomotive force'), (50.0, 'volt', 'electric potential')]
5 mm at 20 °C [(5.0, 'millimetre ampere-turn', 'unknown'), (20.0, 'degree Celsius', 'temperature')]
20 W for 3 h [(20.0, 'watt', 'power'), (3.0, 'hour', 'time')]
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import warnings

warnings.simplefilter("ignore")  # it says at each start that it has no classifier

from quantulum3 import parser

for text in ("20 W", "20 W, at 3.5 GHz", "20 W at 3.5 GHz", "100 A at 50 V", "5 mm at 20 °C", "20 W for 3 h"):
    print(text, [(found.value, found.unit.name, found.unit.entity.name) for found in parser.parse(text)])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

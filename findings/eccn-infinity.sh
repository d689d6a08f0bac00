#!/usr/bin/env bash
# pandas 3.1.1, polars 2.1.0, duckdb 2.0.1, pyarrow 26.0.1: 9E610 and 3E611 are one number, and it is infinite.
#
# One would guess: control numbers (ECCN) of technology are text, as all others are: 5E002, 9E610, 3E611; and sections of the
#   Code, 748.1 and 748.10, are two.
# What happens: an E between digits makes a number of them: where a column has technology alone, all four readers of CSV take
#   it for 500, infinity and infinity. With one row of another kind, EAR99, the same column is text. Sections are numbers
#   always, so that 748.10 (statements of end users in China) is 748.1 (general provisions).
# Why it matters: military technology for aircraft and for electronics, which need different licenses, meet each other in a
#   join. Tests with mixed rows do not show it. Name the type of such columns.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 polars==2.1.0 duckdb==2.0.1 pyarrow==26.0.1

cat >"$folder/then" <<'SEEN'
technology pandas [500.0, inf, inf] [748.1, 748.1, 748.2]
technology polars [500.0, inf, inf] [748.1, 748.1, 748.2]
technology pyarrow [500.0, inf, inf] [748.1, 748.1, 748.2]
technology duckdb [500.0, inf, inf] [748.1, 748.1, 748.2]
mixed pandas ['5E002', '9E610', 'EAR99'] [748.1, 748.1, 748.2]
mixed polars ['5E002', '9E610', 'EAR99'] [748.1, 748.1, 748.2]
mixed pyarrow ['5E002', '9E610', 'EAR99'] [748.1, 748.1, 748.2]
mixed duckdb ['5E002', '9E610', 'EAR99'] [748.1, 748.1, 748.2]
SEEN

"$folder/venv/bin/python" - "$folder" >"$folder/now" <<'PYTHON'
import sys
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow.csv

technology = Path(sys.argv[1], "technology.csv")
technology.write_text("eccn,section\n5E002,748.1\n9E610,748.10\n3E611,748.2\n")
mixed = Path(sys.argv[1], "mixed.csv")
mixed.write_text("eccn,section\n5E002,748.1\n9E610,748.10\nEAR99,748.2\n")
for file in (technology, mixed):
    read = {
        "pandas": pandas.read_csv(file).to_dict("list"),
        "polars": polars.read_csv(file).to_dict(as_series=False),
        "pyarrow": pyarrow.csv.read_csv(file).to_pydict(),
        "duckdb": {
            name: [value for (value,) in duckdb.sql(f"select {name} from '{file}'").fetchall()]
            for name in ("eccn", "section")
        },
    }
    for reader, columns in read.items():
        print(file.stem, reader, columns["eccn"], columns["section"])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

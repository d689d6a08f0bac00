#!/usr/bin/env bash
# pandas 3.1.1 and country_converter 1.3.2: Namibia's code is lost again, and country_converter with it.
#
# One would guess: A column read with converters={...: str} stays text: in pandas 2.3.3 that kept Namibia's
# code NA from being read as missing.
# What happens: pandas 3.1.1 reads NA as missing behind the converter's back. country_converter relies on the
# former way, and cannot convert anything: TypeError.
# Why it matters: Tables of countries are read with pandas everywhere; a destination becomes empty without a
# word. keep_default_na=False cures it.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pandas==3.1.1 country_converter==1.3.2

cat >"$folder/then" <<'SEEN'
plain: [True, False]
converters: [True, False]
keep_default_na=False: [False, False]
country_converter: TypeError: first argument must be string or compiled pattern
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import io

import country_converter
import pandas

TABLE = "name,code\nNamibia,NA\nNorway,NO\n"
print("plain:", pandas.read_csv(io.StringIO(TABLE)).code.isna().tolist())
print("converters:", pandas.read_csv(io.StringIO(TABLE), converters={"code": str}).code.isna().tolist())
print("keep_default_na=False:", pandas.read_csv(io.StringIO(TABLE), keep_default_na=False).code.isna().tolist())
try:
    print("country_converter:", country_converter.convert("Norway", to="ISO2"))
except TypeError as error:
    print("country_converter: TypeError:", error)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

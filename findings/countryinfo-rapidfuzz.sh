#!/usr/bin/env bash
# countryinfo 1.0.1: Korea is no country, and is the northern one as soon as rapidfuzz 3.14.6 is installed.
#
# One would guess: what a name of a country means does not hang on whether something else of the environment brings a library
#   for likenesses; a name that is like two countries is asked back, or none.
# What happens: the lookup ends with rapidfuzz where that can be imported, whoever installed it. Without it four of these
#   names are not known; with it Korea is KP, "Rep. of Korea" the Congo, Somaliland Mali, and "Guinea Bisau" Guinea.
# Why it matters: an address in Korea becomes one under embargo on the day on which another package is added.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check countryinfo==1.0.1

cat >"$folder/then" <<'SEEN'
alone:
  South Korea: KR
  Korea: CountryNotFoundError
  Rep. of Korea: CountryNotFoundError
  Somaliland: CountryNotFoundError
  Guinea Bisau: CountryNotFoundError
beside rapidfuzz:
  South Korea: KR
  Korea: KP
  Rep. of Korea: CD
  Somaliland: ML
  Guinea Bisau: GN
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import subprocess
import sys

ASK = """
from countryinfo import CountryInfo
for name in ("South Korea", "Korea", "Rep. of Korea", "Somaliland", "Guinea Bisau"):
    try:
        print(f"  {name}: {CountryInfo(name).iso(2)}")
    except Exception as error:
        print(f"  {name}: {type(error).__name__}")
"""
print("alone:", flush=True)
subprocess.run([sys.executable, "-c", ASK], check=True)
subprocess.run(
    [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "rapidfuzz==3.14.6"], check=True
)
print("beside rapidfuzz:", flush=True)
subprocess.run([sys.executable, "-c", ASK], check=True)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

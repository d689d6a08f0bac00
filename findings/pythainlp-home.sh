#!/usr/bin/env bash
# pythainlp 5.4.0: cutting Thai text into words makes a folder in the home, and fails where it cannot.
#
# One would guess: The words are inside the wheel, so cutting text with them reads files and writes none.
# What happens: The first use makes an empty folder pythainlp-data in the home, and raises where that is
# impossible. PYTHAINLP_READ_ONLY=1 cures it.
# Why it matters: Services run as users without a home or on a read-only disk: the first Thai party of a day
# stops the screening of all, unless the variable is set.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pythainlp==5.4.0

cat >"$folder/then" <<'SEEN'
home of its own: ['บริษัท', 'ไทย']
left in that home: ['pythainlp-data']
home that is no folder: NotADirectoryError
the same, read-only: ['บริษัท', 'ไทย']
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import os, subprocess, sys, tempfile

CUT = "from pythainlp.tokenize import word_tokenize; print(word_tokenize('บริษัทไทย', engine='newmm'))"


def cut(label, home, **more):
    ran = subprocess.run([sys.executable, "-c", CUT], env=os.environ | {"HOME": home} | more, capture_output=True, text=True)
    said = ran.stdout.strip() if ran.returncode == 0 else ran.stderr.strip().splitlines()[-1].split(":")[0]
    print(f"{label}: {said}")


for name in ("PYTHAINLP_DATA", "PYTHAINLP_DATA_DIR", "PYTHAINLP_READ_ONLY"):
    os.environ.pop(name, None)
with tempfile.TemporaryDirectory() as home:
    cut("home of its own", home)
    print("left in that home:", os.listdir(home))
cut("home that is no folder", os.devnull)
cut("the same, read-only", os.devnull, PYTHAINLP_READ_ONLY="1")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

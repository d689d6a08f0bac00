#!/usr/bin/env bash
# fingerprints 1.3.1: what stands in brackets is gone, and a firm and its branch are one.
#
# One would guess: the fingerprint of a name has all its words, sorted, with the legal form made short.
# What happens: words in brackets are left out, some of them: a place is, a legal form is not; and "3.8th" is "38th".
# Why it matters: lists name a firm and its subsidiaries as entries of their own that differ by the place in brackets alone,
#   and institutes by their number.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check fingerprints==1.3.1

cat >"$folder/then" <<'SEEN'
'Larkmoor Optics Ltd' -> 'larkmoor ltd optics'
'Larkmoor Optics (Zubrowka) Ltd' -> 'larkmoor ltd optics'
'Larkmoor Optics (FZE)' -> 'fze larkmoor optics'
'Larkmoor Optics (Pvt) Ltd' -> 'larkmoor ltd optics'
'3.8th Institute' -> '38th institute'
'38th Institute' -> '38th institute'
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from fingerprints import generate

for name in ("Larkmoor Optics Ltd", "Larkmoor Optics (Zubrowka) Ltd", "Larkmoor Optics (FZE)", "Larkmoor Optics (Pvt) Ltd", "3.8th Institute", "38th Institute"):
    print(repr(name), "->", repr(generate(name)))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

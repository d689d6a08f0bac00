#!/usr/bin/env bash
# jaconv 0.5.0: syllables of foreign words do not survive the way to Latin letters and back.
#
# One would guess: kata2alphabet() writes シェ as she and ティ as ti, or in a way that alphabet2kata() reads back.
# What happens: It writes them as shie and tei, letter by letter, and they come back as シエ and テイ. The bar for
# a long vowel becomes a hyphen.
# Why it matters: Foreign firms and most brands are written so: Shell is shieru, TDK tei-dei-kei. A hyphen
# also parts words for whoever compares them.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check jaconv==0.5.0

cat >"$folder/then" <<'SEEN'
シェル shieru シエル False
ティーディーケイ tei-dei-kei テイーデイーケイ False
チェコ chieko チエコ False
デュポン deyupon デユポン False
ホンダ honda ホンダ True
トーキョー to-kyo- トーキョー True
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import jaconv

for name in ("シェル", "ティーディーケイ", "チェコ", "デュポン", "ホンダ", "トーキョー"):
    latin = jaconv.kata2alphabet(name)
    print(name, latin, jaconv.alphabet2kata(latin), jaconv.alphabet2kata(latin) == name)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# PyArabic 0.6.15: two hundred thousand, written out in Arabic, is one thousand.
#
# One would guess: text2number() reads a sum that is written out, or says that it cannot.
# What happens: a word that it does not know is passed over and the rest added up: two hundred as it is written before
#   what it counts (مائتا), a million after 11 and more (مليونا), "and a half" (ونصف). What it writes itself it reads right.
# Why it matters: values are written out in contracts and letters of credit because that is what counts: 200,000 become
#   1,000 and twelve million 12, and no error says so.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check PyArabic==0.6.15

cat >"$folder/then" <<'SEEN'
250,000 is read as 250,000: مئتان وخمسون ألفا
100,000 is read as 100,000: مئة ألف
200,000 is read as 1,000: مائتا ألف
200,000 is read as 1,000: مئتا ألف
3,000,000 is read as 3,000,000: ثلاثة ملايين
3,200,000 is read as 3,001,000: ثلاثة ملايين ومئتا ألف
12,000 is read as 12,000: اثنا عشر ألفا
12,000,000 is read as 12: اثنا عشر مليونا
1,000,000 is read as 1,000,000: مليون
1,500,000 is read as 1,000,000: مليون ونصف
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from pyarabic.number import text2number

for words, number in (
    ("مئتان وخمسون ألفا", 250_000),
    ("مئة ألف", 100_000),
    ("مائتا ألف", 200_000),
    ("مئتا ألف", 200_000),
    ("ثلاثة ملايين", 3_000_000),
    ("ثلاثة ملايين ومئتا ألف", 3_200_000),
    ("اثنا عشر ألفا", 12_000),
    ("اثنا عشر مليونا", 12_000_000),
    ("مليون", 1_000_000),
    ("مليون ونصف", 1_500_000),
):
    print(f"{number:,} is read as {text2number(words):,}: {words}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

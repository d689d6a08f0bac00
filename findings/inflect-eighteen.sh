#!/usr/bin/env bash
# inflect 7.6.0: an 18-month term is "a", and any text is a number, "none" is zero.
#
# One would guess: a() goes by the sound, as it does for "an hour", "a one-time license" and "an ECCN"; numbers as figures and
#   letters that are spelled sound as well. number_to_words() refuses what is no number.
# What happens: every figure is "a": a 18-month term, a 80% share, a 11th term, though number_to_words() knows that they begin
#   with e. Letters are known one by one: an FBI agent, an NLR shipment, but a EU license and a LEI. number_to_words() takes
#   the digits out of any text and reads them, a control number's (5E002) or a citation's; without any it says zero.
# Why it matters: letters of an agency are read by lawyers; and a word for a sum that is none stands in a license.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check inflect==7.6.0

cat >"$folder/then" <<'SEEN'
an hour
a one-time license
an ECCN
an NLR shipment
a 18-month term
a 80% share
a 11th term
a EU license
a LEI
an eighty
90: ninety
5E002: five thousand and two
A123456: one hundred and twenty-three thousand, four hundred and fifty-six
15 CFR 744.11: fifteen thousand, seven hundred and forty-four point one one
none: zero
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import inflect

english = inflect.engine()
for words in ("hour", "one-time license", "ECCN", "NLR shipment", "18-month term", "80% share", "11th term", "EU license", "LEI"):
    print(english.a(words))
print(english.a(english.number_to_words(80)))
for text in ("90", "5E002", "A123456", "15 CFR 744.11", "none"):
    print(f"{text}: {english.number_to_words(text)}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# num2words 0.5.14: dollars, written out in Arabic, are riyals.
#
# One would guess: to="currency" writes the currency that is asked for, or raises NotImplementedError, as other languages do
#   where they do not know it.
# What happens: in Arabic each currency that it does not know is the riyal of Saudi Arabia, with its halalas: dollars, euros,
#   yen and dirhams alike. Half a dinar of Kuwait, which has a thousand fils, is fifty fils.
# Why it matters: in a contract or letter of credit what is written out counts; the sum is in another currency, of dollars
#   about a quarter is left, and no error says so.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check num2words==0.5.14

cat >"$folder/then" <<'SEEN'
ar SAR ألف و خمسمائة ريال و خمسون هللة
ar USD ألف و خمسمائة ريال و خمسون هللة
ar EUR ألف و خمسمائة ريال و خمسون هللة
ar JPY ألف و خمسمائة ريال و خمسون هللة
ar AED ألف و خمسمائة ريال و خمسون هللة
ar KWD ألف و خمسمائة دينار و خمسون فلس
ar XYZ ألف و خمسمائة ريال و خمسون هللة
en SAR one thousand, five hundred saudi riyals, fifty halalas
en USD one thousand, five hundred dollars, fifty cents
en EUR one thousand, five hundred euro, fifty cents
en JPY NotImplementedError
en AED NotImplementedError
en KWD NotImplementedError
en XYZ NotImplementedError
de SAR NotImplementedError
de USD eintausendfünfhundert Dollar und fünfzig Cent
de EUR eintausendfünfhundert Euro und fünfzig Cent
de JPY NotImplementedError
de AED NotImplementedError
de KWD NotImplementedError
de XYZ NotImplementedError
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from num2words import num2words

for language in ("ar", "en", "de"):
    for currency in ("SAR", "USD", "EUR", "JPY", "AED", "KWD", "XYZ"):
        try:
            words = num2words(1500.5, lang=language, to="currency", currency=currency)
        except NotImplementedError:
            words = "NotImplementedError"
        print(language, currency, words)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

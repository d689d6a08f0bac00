#!/usr/bin/env bash
# price-parser 0.5.1: the price is the first number, 0.100 is a hundred, and a million is one.
#
# One would guess: the number beside the sign of a currency is the price; a text with two numbers gives none or that; zero
#   point one is less than one; and what is not understood is not a price.
# What happens: "5A002 at $500" is 5 $, "10 units at USD 12.50" is 10 USD. Three digits behind a point are thousands also
#   where a zero stands before it, and in currencies that have three decimals. A minus and brackets are dropped, and so are
#   million and billion.
# Why it matters: values of filings that are typed as text are wrong by factors of up to a billion, and look sound.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check price-parser==0.5.1

cat >"$folder/then" <<'SEEN'
USD 12,500.00: 12500.00 USD
5A002 at $500: 5 $
10 units at USD 12.50: 10 USD
USD 0.100: 100 USD
KWD 1.234: 1234 KWD
$-500: 500 $
(500) USD: 500 USD
US$ 5 million: 5 US$
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from price_parser import Price

for text in (
    "USD 12,500.00",
    "5A002 at $500",
    "10 units at USD 12.50",
    "USD 0.100",
    "KWD 1.234",
    "$-500",
    "(500) USD",
    "US$ 5 million",
):
    price = Price.fromstring(text)
    print(f"{text}: {price.amount} {price.currency}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# iso4217parse 0.6.2: rubles are those of Transnistria, and yuan, yen and won are no currency.
#
# One would guess: parse() finds the currency that a word means, or all that it may mean.
# What happens: some words mean one that hardly anybody means and not the one that most do (rubles, C$, dirham), others
#   nothing at all, though their signs are known; "US dollars" are the dollars of everybody.
# Why it matters: values decide thresholds and what a license covers; a sum in another currency is another sum.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check iso4217parse==0.6.2

cat >"$folder/then" <<'SEEN'
rubles -> ['PRB']
₽ -> ['RUB']
C$ 100 -> ['NIO']
CA$ 100 -> ['CAD']
dirham -> ['MAD']
yuan -> []
yen -> []
won -> []
₩ -> ['KPW', 'KRW']
lira -> []
pound sterling -> ['GBP']
US dollars -> 34 currencies, the first ARS
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from iso4217parse import parse

for said in ("rubles", "\N{RUBLE SIGN}", "C$ 100", "CA$ 100", "dirham", "yuan", "yen", "won", "\N{WON SIGN}", "lira", "pound sterling"):
    print(said, "->", [each.alpha3 for each in parse(said) or []])
dollars = [each.alpha3 for each in parse("US dollars")]
print("US dollars ->", len(dollars), "currencies, the first", dollars[0])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

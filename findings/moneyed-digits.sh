#!/usr/bin/env bash
# py-moneyed 3.0 with babel 2.19.0: 1,234.56 dinars have 1,234,560 fils, and are written without any.
#
# One would guess: a sum in words for people has as many decimals as its currency has smallest units; the same object says
#   how many units that are.
# What happens: units are those of ISO 4217 (a thousand in a dinar of Iraq, a hundred in a forint), decimals those that the
#   Unicode locale data think useful, which are none in both. str() and format_money() round the rest off; repr() does not.
# Why it matters: a license's value in a letter is not the value that was decided, and what is left of it does not add up.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check py-moneyed==3.0 babel==2.19.0

cat >"$folder/then" <<'SEEN'
USD: 123456 units, written $1,234.56, 1234.56 by str()
KWD: 1234560 units, written KWD1,234.560, 1234.560 by str()
IQD: 1234560 units, written IQD1,235, 1235 by str()
HUF: 123456 units, written HUF1,235, 1235 by str()
AFN: 123456 units, written AFN1,235, 1235 by str()
RSD: 123456 units, written RSD1,234.56, 1234.56 by str()
0.49 dinars: 0 and 490 units
22 currencies with smaller units lose them: AFN ALL COP HUF IDR IQD IRR KPW LAK LBP LUF MGA MMK MRO SLL SOS STD SYP TMM YER ZMK ZWD
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from moneyed import Money, list_all_currencies
from moneyed.l10n import format_money

for code in ("USD", "KWD", "IQD", "HUF", "AFN", "RSD"):
    money = Money("1234.56", code)
    words = format_money(money, locale="en_US").replace("\N{NO-BREAK SPACE}", " ")
    print(f"{code}: {money.get_amount_in_sub_unit()} units, written {words}, {str(money).split()[-1]} by str()")
half = Money("0.49", "IQD")
print("0.49 dinars:", str(half).split()[-1], "and", half.get_amount_in_sub_unit(), "units")
shorter = []
for currency in list_all_currencies():
    if currency.sub_unit > 1 and str(Money("0.1", currency)).split()[-1].rstrip("0").lstrip("-") in ("", "0"):
        shorter.append(currency.code)
print(len(shorter), "currencies with smaller units lose them:", " ".join(shorter))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# stockholm 0.5.7: 1,500 yen have 1,500 sub-units, and 150,000 after they were sent as JSON.
#
# One would guess: a sum that is read back from the JSON that pydantic wrote of it is the same sum, in the
#   smallest units of its currency, too; yen have none below them, dinars of Kuwait have a thousand.
# What happens: only a currency given as Currency.JPY knows its units; the same currency as text, "JPY", which is what
#   comes back from JSON, has a hundred. The two sums are equal to each other.
# Why it matters: values of orders cross services and are paid and summed in smallest units; the yen are a hundred times
#   as many, the dinars a tenth, and no comparison tells.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check stockholm==0.5.7 pydantic==2.14.3

cat >"$folder/then" <<'SEEN'
USD True 150000 150000
USD 15.00 USD 15.00 USD
JPY True 1500 150000
JPY 1500 JPY 15.00 JPY
KWD True 1500000 150000
KWD 1.500 KWD 15.00 KWD
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from pydantic import BaseModel
from stockholm import Currency, Money


class Order(BaseModel):
    value: Money


for currency in (Currency.USD, Currency.JPY, Currency.KWD):
    sent = Order(value=Money(1500, currency))
    read = Order.model_validate_json(sent.model_dump_json())
    print(currency, sent == read, sent.value.sub_units, read.value.sub_units)
    print(currency, Money.from_sub_units(1500, currency), Money.from_sub_units(1500, str(currency)))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

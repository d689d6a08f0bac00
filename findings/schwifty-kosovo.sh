#!/usr/bin/env bash
# schwifty 2026.10.1: an account in Kosovo is valid, and its bank is nowhere.
#
# One would guess: codes of accounts (IBAN) and of banks (BIC) are held against one list of countries; what is a country for
#   one is one for the other, as python-stdnum 2.2 has it.
# What happens: IBAN takes XK, and gives no country for it, for pycountry, which it asks, has none. BIC refuses XK as no
#   country. phonenumbers and countrynames, whose answers one would hand on, say XK, too.
# Why it matters: a party to an order from Kosovo, which the Commerce Country Chart knows by name, has an account without a
#   country, or its form cannot be sent.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    schwifty==2026.10.1 pycountry==26.2.16 python-stdnum==2.2 phonenumbers==9.0.43 countrynames==1.17.0

cat >"$folder/then" <<'SEEN'
countrynames: XK
phonenumbers: XK
pycountry: None
stdnum: account True bank True
schwifty: account True in XK country None
schwifty: bank: Invalid country code 'XK'
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import countrynames
import phonenumbers
import pycountry
from schwifty import BIC, IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import bic, iban

ACCOUNT, BANK = "XK051212012345678906", "ABCDXKPR"  # the example of the registry of IBANs, and a made-up bank
print("countrynames:", countrynames.to_code("Kosovo"))
print("phonenumbers:", phonenumbers.region_code_for_number(phonenumbers.parse("+383 44 123 456")))
print("pycountry:", pycountry.countries.get(alpha_2="XK"))
print("stdnum: account", iban.is_valid(ACCOUNT), "bank", bic.is_valid(BANK))
account = IBAN(ACCOUNT)
print("schwifty: account", account.is_valid, "in", account.country_code, "country", account.country)
try:
    print("schwifty: bank", BIC(BANK).country_code)
except SchwiftyException as error:
    print("schwifty: bank:", error)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

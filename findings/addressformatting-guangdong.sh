#!/usr/bin/env bash
# addressformatting 1.3.2: an address in Shenzhen has no Shenzhen, and one in Hong Kong may have no country.
#
# One would guess: an address that is written for its country has the parts that it was given, in another order; at least the
#   city and the country.
# What happens: the Chinese form has one place for province or city, and the province comes first: Shenzhen and Dongguan are
#   both "Guangdong", while Beijing, which has no province, stays. In Hong Kong a district takes the country's place. In
#   Macau the city has none. A country_code among the parts is not looked at, one has to say it beside them.
# Why it matters: consignees in two cities of a province have one address, on the license and for whoever compares addresses.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check addressformatting==1.3.2

cat >"$folder/then" <<'SEEN'
Shenzhen: 5 Example Road, Guangdong, China (without the code: Example Road 5, Shenzhen, China)
Dongguan: 5 Example Road, Guangdong, China (without the code: Example Road 5, Dongguan, China)
Beijing: 5 Example Road, Beijing, China (without the code: Example Road 5, Beijing, China)
Hong Kong: 5 Example Road, Hong Kong (without the code: Example Road 5, Hong Kong, Hong Kong)
Hong Kong: 5 Example Road, Kowloon (without the code: Example Road 5, Hong Kong, Hong Kong)
Macau: Example Road 5, China (without the code: Example Road 5, Macau, China)
Taichung: 5 Example Road, Taichung, Taiwan (without the code: Example Road 5, Taichung, Taiwan)
Pune: 5, Example Road, Pune -, Maharashtra, India (without the code: Example Road 5, Pune, India)
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from addressformatting import AddressFormatter

formatter = AddressFormatter()
for code, parts in (
    ("CN", {"city": "Shenzhen", "state": "Guangdong", "country": "China"}),
    ("CN", {"city": "Dongguan", "state": "Guangdong", "country": "China"}),
    ("CN", {"city": "Beijing", "country": "China"}),
    ("HK", {"city": "Hong Kong", "country": "Hong Kong"}),
    ("HK", {"city": "Hong Kong", "state": "Kowloon", "country": "Hong Kong"}),
    ("MO", {"city": "Macau", "country": "China"}),
    ("TW", {"city": "Taichung", "country": "Taiwan"}),
    ("IN", {"city": "Pune", "state": "Maharashtra", "country": "India"}),
):
    parts = {"house_number": "5", "road": "Example Road", **parts, "country_code": code.lower()}
    print(f"{parts['city']}: {formatter.one_line(parts, country=code)} (without the code: {formatter.one_line(parts)})")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# normality 3.1.0: Plant №5 is plant-o5, and not plant-no5.
#
# One would guess: normalize() and slugify() treat № as they treat No, which № becomes; and what is normalised stays as it is
#   when it is normalised once more.
# What happens: letters are made small first and № is taken apart after that, so that it brings a capital N back: normalize()
#   leaves it, and slugify() takes it for no letter and drops it. The same with ™, ℡ and the like.
# Why it matters: works and institutes of the former Soviet Union are named by number, with № or No as the writer likes; the
#   two spellings of one name are two keys.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check normality==3.1.0

cat >"$folder/then" <<'SEEN'
'Plant No5' 'plant no5' 'plant no5' 'plant-no5'
'Plant №5' 'plant No5' 'plant no5' 'plant-o5'
'Завод No 5' 'завод no 5' 'завод no 5' 'zavod-no-5'
'Завод № 5' 'завод No 5' 'завод no 5' 'zavod-o-5'
'№' 'No' 'no' 'o'
'Acme TM' 'acme tm' 'acme tm' 'acme-tm'
'Acme ™' 'acme TM' 'acme tm' 'acme-'
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from normality import normalize, slugify

for name in ("Plant No5", "Plant №5", "Завод No 5", "Завод № 5", "№", "Acme TM", "Acme ™"):
    once = normalize(name)
    print(repr(name), repr(once), repr(normalize(once)), repr(slugify(name)))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

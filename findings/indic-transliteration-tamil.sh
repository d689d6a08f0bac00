#!/usr/bin/env bash
# indic-transliteration 2.3.82: Tamil Nadu, read as the scheme tamil, is dhamilnadhu, and Chennai jhennai.
#
# One would guess: sanscript.TAMIL is the scheme for Tamil text, and ISO 15919 writes த as t, ச as c, ட as ṭ, as it does.
# What happens: each stop is written as the last of the four that Sanskrit has in its place: k as gh, c as jh, ṭ as ḍh, t as
#   dh, p as bh. tamil_superscripted, which is for text with small numbers, reads text without them right.
# Why it matters: no name with a stop in it meets its Latin spelling: Tata is dhadha, and Coimbatore begins with gh.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check indic-transliteration==2.3.82

cat >"$folder/then" <<'SEEN'
தமிழ்நாடு dhamiḻnāḍhu tamiḻnāṭu
சென்னை jheṉṉai ceṉṉai
கோயம்புத்தூர் ghōyaṁbhudhdhūr kōyamputtūr
காவேரி ghāvēri kāvēri
பாரத் bhāradh pārat
டாடா ḍhāḍhā ṭāṭā
டாடா டாடா
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from indic_transliteration import sanscript

for text in ("தமிழ்நாடு", "சென்னை", "கோயம்புத்தூர்", "காவேரி", "பாரத்", "டாடா"):
    schemes = (sanscript.TAMIL, sanscript.TAMIL_SUP)
    print(text, *(sanscript.transliterate(text, scheme, sanscript.ISO) for scheme in schemes))
# As it was, and back.
print(*(sanscript.transliterate("ṭāṭā", sanscript.ISO, scheme) for scheme in schemes))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

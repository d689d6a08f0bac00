#!/usr/bin/env bash
# eyecite 2.7.8: a regulation is not found as the Federal Register cites it.
#
# One would guess: 15 CFR 750.4(b) is found as 15 C.F.R. § 750.4(b) is; of §§ 734.3 and 736.2 there are two.
# What happens: the section mark is needed, and so it is for the United States Code, while 88 FR 73458 is found in just
#   that style. Of several sections the first alone is found; a part is never found.
# Why it matters: regulations, licenses and letters of agencies write 15 CFR 750.4 throughout (1 CFR 21.11): an index of
#   what they rest on comes out empty, without a word, or short.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check eyecite==2.7.8

cat >"$folder/then" <<'SEEN'
15 C.F.R. § 750.4(b) -> ['15 C.F.R. § 750.4(b)']
15 CFR § 750.4(b) -> ['15 C.F.R. § 750.4(b)']
15 CFR 750.4(b) -> []
15 C.F.R. 750.4(b) -> []
15 CFR part 744 -> []
15 C.F.R. §§ 734.3, 736.2 -> ['15 C.F.R. §§ 734.3']
50 U.S.C. § 4813 -> ['50 U.S.C. § 4813']
50 U.S.C. 4813 -> []
88 FR 73458 -> ['88 FR 73458']
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from eyecite import get_citations

for text in (
    "15 C.F.R. § 750.4(b)",
    "15 CFR § 750.4(b)",
    "15 CFR 750.4(b)",
    "15 C.F.R. 750.4(b)",
    "15 CFR part 744",
    "15 C.F.R. §§ 734.3, 736.2",
    "50 U.S.C. § 4813",
    "50 U.S.C. 4813",
    "88 FR 73458",
):
    print(text, "->", [citation.corrected_citation_full() for citation in get_citations(text)])
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

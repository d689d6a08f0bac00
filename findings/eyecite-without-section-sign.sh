#!/usr/bin/env bash
# eyecite 2.7.8: regulations and statutes as the Federal Register cites them are no citations.
#
# One would guess: what finds "15 C.F.R. § 744.11" finds "15 CFR 744.11", and what finds "90 FR 47201" finds the rest of
#   a notice's citations: the Register itself, and the agencies that print in it, write no section sign.
# What happens: without the sign neither a section of the Code of Federal Regulations nor one of the United States Code
#   is found; notices are. Of two sections the first is found, and a supplement's part without its supplement.
# Why it matters: a notice's links to the law that it changes are lost, and nothing says so.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check eyecite==2.7.8

cat >"$folder/then" <<'SEEN'
90 FR 47201: 90 FR 47201
15 C.F.R. § 744.11(a)(1): 15 C.F.R. § 744.11
15 CFR § 744.11(a)(1): 15 CFR § 744.11
15 CFR 744.11(a)(1): nothing
15 C.F.R. 744.11(a)(1): nothing
5 U.S.C. § 6103(a): 5 U.S.C. § 6103
5 U.S.C. 6103(a): nothing
15 C.F.R. §§ 744.11, 744.16: 15 C.F.R. §§ 744.11
15 C.F.R. § 736 supp. 1: 15 C.F.R. § 736
15 C.F.R. part 744: nothing
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from eyecite import get_citations

for text in (
    "90 FR 47201",
    "15 C.F.R. § 744.11(a)(1)",
    "15 CFR § 744.11(a)(1)",
    "15 CFR 744.11(a)(1)",
    "15 C.F.R. 744.11(a)(1)",
    "5 U.S.C. § 6103(a)",
    "5 U.S.C. 6103(a)",
    "15 C.F.R. §§ 744.11, 744.16",
    "15 C.F.R. § 736 supp. 1",
    "15 C.F.R. part 744",
):
    found = [each.matched_text() for each in get_citations(text)]
    print(f"{text}: {', '.join(found) or 'nothing'}")
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

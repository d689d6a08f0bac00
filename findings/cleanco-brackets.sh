#!/usr/bin/env bash
# cleanco 2.3: a form in brackets leaves its first bracket open, and a name may be gone.
#
# One would guess: basename() takes the legal form off whole, brackets and all, and leaves a name where there is one.
# What happens: the last bracket goes, as if it were a full stop, and the first stays, also where nothing is a form at
#   all; a name of one word that is also a form becomes nothing.
# Why it matters: names are compared by what is left: (Pty) Ltd, (Pvt) Ltd and (FZE) are the forms of whole countries.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cleanco==2.3

cat >"$folder/then" <<'SEEN'
'Larkmoor Optics Ltd' -> 'Larkmoor Optics'
'Larkmoor Optics (Pty) Ltd' -> 'Larkmoor Optics (Pty'
'Larkmoor Optics (Pvt) Ltd' -> 'Larkmoor Optics (Pvt'
'Larkmoor Optics (FZE)' -> 'Larkmoor Optics (FZE'
'Larkmoor Optics (Zubrowka branch)' -> 'Larkmoor Optics (Zubrowka branch'
'(Zubrowka) Larkmoor Optics Ltd' -> '(Zubrowka) Larkmoor Optics'
'Company' -> ''
'Limited' -> ''
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from cleanco import basename

for name in ("Larkmoor Optics Ltd", "Larkmoor Optics (Pty) Ltd", "Larkmoor Optics (Pvt) Ltd", "Larkmoor Optics (FZE)", "Larkmoor Optics (Zubrowka branch)", "(Zubrowka) Larkmoor Optics Ltd", "Company", "Limited"):
    print(repr(name), "->", repr(basename(name)))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

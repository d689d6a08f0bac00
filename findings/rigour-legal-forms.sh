#!/usr/bin/env bash
# rigour 2.6.1: ordinary words are taken off names as legal forms.
#
# One would guess: remove_org_types() takes off what says how a firm is constituted (GmbH, Ltd, OOO), and
# leaves the words of its name.
# What happens: "in", "is", "at", "as", "ii" and "charity" are forms to it wherever they stand; "in" is even
# said to mean "inc".
# Why it matters: Vessels and firms differ by such words (Vostok, Vostok II), and what is left of a name is
# compared without them.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps rigour==2.6.1

cat >"$folder/then" <<'SEEN'
'alfa gmbh' 'alfa ' [('gmbh', 'gmbh')]
'bank in baku' 'bank  baku' [('in', 'inc')]
'vostok ii' 'vostok ' [('ii', 'ii')]
'this is gold' 'this  gold' [('is', 'is')]
'charity of kazan' ' of kazan' [('charity', 'ngo')]
'made at home as usual' 'made  home  usual' [('at', 'at'), ('as', 'as')]
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from rigour._core import extract_org_types, remove_org_types  # what rigour.names calls, without its dependency that is compiled

CASEFOLD, NO_CLEANUP = 4, 0  # rigour.text.normalize: Normalize.CASEFOLD, Cleanup.Noop, the defaults
for name in ("alfa gmbh", "bank in baku", "vostok ii", "this is gold", "charity of kazan", "made at home as usual"):
    print(repr(name), repr(remove_org_types(name, CASEFOLD, NO_CLEANUP, "")), extract_org_types(name, CASEFOLD, NO_CLEANUP, False))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

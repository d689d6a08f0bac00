#!/usr/bin/env bash
# nicknames 1.0.1: Bill is a nickname of Robert, and Robert one of Bill.
#
# One would guess: Bill is short for William, Bob for Robert; a nickname is short for a name and not the other
# way round.
# What happens: Bill and Robert are each other's nickname and full name, and Peter is a nickname of Patrick;
# William and Robert share Bill and Billy.
# Why it matters: Comparing by shared nicknames makes William and Robert the same given name, which are two of
# the commonest.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check nicknames==1.0.1

cat >"$folder/then" <<'SEEN'
nicknames of bill: ['robert', 'william']
nicknames of robert: ['bill', 'bob']
full names of bill: ['robert', 'william']
full names of robert: ['bill', 'bob']
peter is a nickname of patrick: True
william and robert share: ['bill', 'billy']
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from nicknames import NickNamer

names = NickNamer()
print("nicknames of bill:", [name for name in ("robert", "william") if name in names.nicknames_of("bill")])
print("nicknames of robert:", [name for name in ("bill", "bob") if name in names.nicknames_of("robert")])
print("full names of bill:", [name for name in ("robert", "william") if name in names.canonicals_of("bill")])
print("full names of robert:", [name for name in ("bill", "bob") if name in names.canonicals_of("robert")])
print("peter is a nickname of patrick:", "peter" in names.nicknames_of("patrick"))
print("william and robert share:", sorted(names.nicknames_of("william") & names.nicknames_of("robert")))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

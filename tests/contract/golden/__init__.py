"""Events as PostgreSQL has them, kept for ever: streams in which there is every type of event.

A file is what one log had of some streams, a row a line. Files are added and never changed: what is recorded
stays recorded, and must still be read. ``python -m tests.contract.golden`` adds one if a type has no row yet.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import JsonValue

from tests.contract.sources import AGGREGATES, After, StoredEvent

FOLDER = Path(__file__).parent

Kind = tuple[str, str]
"""An aggregate and a type of its events."""


def row(line: str) -> StoredEvent:
    """A row as ``to_jsonb`` tells it. Those of before the tree have a hash, which sealed the row before."""
    told: dict[str, JsonValue] = json.loads(line)
    told.pop("hash", None)
    return StoredEvent.model_validate(told)


def rows() -> dict[str, list[StoredEvent]]:
    """Of each log, by position, the logs in the order in which they were added."""
    return {
        path.stem: [row(line) for line in path.read_text(encoding="utf-8").splitlines()]
        for path in sorted(FOLDER.glob("*.jsonl"), key=lambda path: int(path.stem.partition("-")[2]))
    }


def streams() -> dict[str, dict[str, list[StoredEvent]]]:
    """Of each log the streams, each whole up to where it is kept."""
    found: dict[str, dict[str, list[StoredEvent]]] = {}
    for log, events in rows().items():
        for event in events:
            found.setdefault(log, {}).setdefault(event.stream, []).append(event)
    return found


def aggregate_of(stream: str) -> str:
    return stream.partition("-")[0]


def every_kind() -> set[Kind]:
    """That there is, as the aggregates say."""
    return {(name, kind) for name, aggregate in AGGREGATES.items() for kind in aggregate.types()}


def kinds(events: Sequence[StoredEvent]) -> Iterator[Kind]:
    for event in events:
        yield aggregate_of(event.stream), event.type


def readings() -> str:
    """What the code makes of every row today, event by event, and where each stream stands after the last."""
    told = {
        log: {stream: _reading(stream, events) for stream, events in found.items()}
        for log, found in streams().items()
    }
    return json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _reading(stream: str, events: Sequence[StoredEvent]) -> JsonValue:
    afters = AGGREGATES[aggregate_of(stream)].live([event.record for event in events])
    lines: list[JsonValue] = []
    status: JsonValue = None
    for stored, after in zip(events, afters, strict=True):
        lines.append(f"{stored.version} {stored.type}: {_standing(after)}")
        status = after.status.model_dump(mode="json") if after.status else None
    return {"events": lines, "status": status}


def _standing(after: After) -> str:
    if after.status is None:
        return "nothing yet"
    due = (f"{each.kind} due {each.due.isoformat() if each.due else 'later'}" for each in after.deadlines)
    return "; ".join(
        (f"{after.status.stage}, waits for {after.status.waiting_for}", *due, str(after.dossier))
    )

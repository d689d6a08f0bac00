"""Events as people read them: what happened, when, by whom."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from greenlight.answers.caller import Caller
from greenlight.desk.pages import said, words
from greenlight.eventlog.stored import StoredEvent
from greenlight.law.reprieve.told import short
from greenlight.law.told import told_to

_HIDDEN = frozenset(
    "type at by acn application screening items parties counted_from leaves inclusion sign_off evaluation"
    " proposal acted_before acted_for_licensee entities destinations command_id possession".split()
)
"""Members that the page shows elsewhere, or that say nothing to people."""


class Happened(NamedTuple):
    """An event; ``details`` are names and values."""

    version: int
    what: str
    at: datetime
    by: str
    refused: bool
    details: tuple[tuple[str, str], ...]


def happened(events: Iterable[StoredEvent], reader: Caller) -> list[Happened]:
    """Those events that are for the reader, the latest first."""
    return [
        _of(event)
        for event in sorted(events, key=lambda event: -event.version)
        if told_to(reader, event.stream, event.type, event.content)
    ]


def _of(event: StoredEvent) -> Happened:
    content = event.content
    by = content.get("by")
    who = f"{by['officer']} ({words(by['role'])})" if isinstance(by, dict) else "the service"
    details = tuple(
        (words(name), said(short(name, value)))
        for name, value in content.items()
        if name not in _HIDDEN and value
    )
    return Happened(event.version, words(event.type), event.at, who, event.type == "CommandRefused", details)

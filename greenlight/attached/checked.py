"""The whole store held against the log: is every document that was brought there, as it was?

The log says which documents filings name, and nothing of which were brought; a backup says that.
"""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from enum import StrEnum

from greenlight.attached.store import DamagedError, LockedError, Store
from greenlight.eventlog.read import Reader
from greenlight.kernel.authority import LogName
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.attachments import Attachment

_LISTED = re.compile(r"^(?:\./)?(application-[A-Z][0-9]{6})/([0-9a-f]{64})$", re.MULTILINE)


class State(StrEnum):
    """The state of the bytes of a document. ``LOCKED``: encrypted under a master key that is not here;
    ``MISSING``: not there, and the backup had them."""

    WHOLE = "whole"
    NOT_BROUGHT = "not_brought"
    LOCKED = "locked"
    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that a filing names, by its number there, and the state of its bytes."""

    stream: str
    number: int
    state: State


def had(listed: str) -> frozenset[tuple[str, str]]:
    """The documents of a backup, each by case and digest; ``listed``: its files, one a line."""
    return frozenset((stream, f"sha256:{digest}") for stream, digest in _LISTED.findall(listed))


async def checked(
    store: Store, reader: Reader, had: frozenset[tuple[str, str]] = frozenset()
) -> AsyncGenerator[Checked]:
    """Every document that a filing on record names, case by case, each read to its end. ``had``: those that
    were brought, as a backup has it.

    :raises StoreError: the store is another log's.
    """
    log = (await reader.head()).name
    async for event in reader.first_events(application_stream("")):
        # A filing is the first event of its case.
        state, _ = APPLICATION.known_state([event.record])
        for number, named in enumerate(state.submission.attachments if state else (), 1):
            found = await _state(store, log, event.stream, named)
            if found is State.NOT_BROUGHT and (event.stream, named.digest) in had:
                found = State.MISSING
            yield Checked(event.stream, number, found)


async def _state(store: Store, log: LogName, stream: str, named: Attachment) -> State:
    try:
        content = await store.get(log, stream, named)
    except LockedError:
        return State.LOCKED
    except DamagedError:
        return State.DAMAGED
    return State.NOT_BROUGHT if content is None else State.WHOLE

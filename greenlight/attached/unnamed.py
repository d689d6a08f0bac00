"""Bytes that no filing names: left behind by a log that was restored to an earlier state, or by a program
that died while it wrote. They are removed once they have been there for a while."""

from datetime import datetime, timedelta

from greenlight.attached.store import Kept, Store
from greenlight.eventlog.read import Reader
from greenlight.law.application.aggregate import APPLICATION

DAYS = 30
"""For which what no filing names is kept, so that a log can be brought back meanwhile."""


async def unnamed(store: Store, reader: Reader, now: datetime, days: int = DAYS) -> tuple[Kept, ...]:
    """All that has been there for longer than ``days`` and that no filing on record names.

    :raises StoreError: the store is another log's, or cannot be read.
    """
    log = (await reader.head()).name
    old = [each for each in await store.everything(log) if now - each.since > timedelta(days=days)]
    named = {stream: await _named(reader, stream) for stream in {each.stream for each in old}}
    return tuple(each for each in old if each.digest not in named[each.stream])


async def _named(reader: Reader, stream: str) -> frozenset[str]:
    records = [event.record async for event in reader.stream(stream)]
    # A filing is the first event, and stays; what a newer release recorded behind it changes nothing.
    state, _ = APPLICATION.known_state(records)
    return frozenset(each.digest for each in state.submission.attachments) if state else frozenset()

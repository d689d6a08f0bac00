"""All that can be measured, by name. Those of the office share servers and a worker, in this order."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bench import (
    append,
    audit,
    authorisation,
    batches,
    cases,
    codec,
    deadlines,
    desk,
    determination,
    docket,
    door,
    fan_out,
    feed,
    histories,
    letters,
    lists,
    loop,
    moments,
    open_cases,
    replay,
    reprieves,
    screening,
    size,
    terms,
    tree,
)
from bench.peers import appends
from bench.peers import cases as peer_cases
from bench.servers import Office, office, reading_environment, servers, worker

Figures = dict[str, float]


async def _latency(of: Office) -> Figures:
    """One case at a time, against the floor"""
    return await cases.latency(of.drivers, of.numbers)


async def _throughput(of: Office) -> Figures:
    """Many cases at once, against the floor"""
    return await cases.throughput(of.drivers, of.numbers)


async def _replay(of: Office) -> Figures:
    """Replaying histories, against the floor"""
    return await replay.measure(of.drivers, of.numbers)


async def _histories(of: Office) -> Figures:
    """A contested case, and a license with many shipments"""
    return await histories.measure(of.client, of.officers)


async def _batches(of: Office) -> Figures:
    """One signature over 300 cases"""
    return await batches.measure(of.client, of.officers, of.servers.target.database_url)


async def _door(of: Office) -> Figures:
    """The front door: a command beside the typed client's, and whether shipments are authorised"""
    return await door.measure(reading_environment(of.servers), of.officers)


async def _fan_out(of: Office) -> Figures:
    """A directive for 1,000 cases, against the floor"""
    return await fan_out.measure(of.drivers, of.officers, of.servers.target.database_url, of.numbers)


async def _dbos(of: Office) -> Figures:
    """Whole cases, against bare ones on DBOS"""
    return await peer_cases.measure(of.drivers, of.numbers, of.servers.empty.owner_url)


async def _codec() -> Figures:
    """The price of encryption, against the same cases without"""
    return await codec.measure()


async def _append() -> Figures:
    """Recording, against plain inserts"""
    async with servers() as up:
        return await append.measure(up.empty)


async def _append_peers() -> Figures:
    """Recording, against event stores that others have made for PostgreSQL"""
    async with servers() as up:
        return await appends.measure(up.empty)


async def _tree() -> Figures:
    """A log of 1,000,000 events: publishing it, proving its events, verifying it without signatures"""
    async with servers() as up:
        return await tree.measure(up.empty.owner_url, up.folder)


async def _size() -> Figures:
    """Cost over size, of logs of 10,000 and 100,000 events (GREENLIGHT_BENCH_MILLION=1: and a million)"""
    async with servers() as up:
        return await size.measure(up.empty)


async def _moments() -> Figures:
    """An instant that flips 10,000 cases, against recording as many events and nothing else"""
    async with servers() as up:
        return await moments.measure(up.empty)


async def _feed() -> Figures:
    """The event feed over HTTP: reading a log, many subscribers, and how soon they hear"""
    async with servers() as up:
        return await feed.measure(up.empty)


async def _desk() -> Figures:
    """The desk: pages on a docket of 10,000, a signature beside the client's command, 200 live pages"""
    async with office() as of, worker(of.servers):
        return await desk.measure(of)


async def _audit() -> Figures:
    """Checking a log: signatures alone, and all of it by the law"""
    async with servers() as up:
        return await audit.measure(up.empty.owner_url)


async def _terms() -> Figures:
    """A reprieve of ten years"""
    # What makes time pass quickly touches no other figure.
    async with office(terms.DYNAMIC_CONFIG) as of, worker(of.servers):
        return await terms.measure(of.client, of.officers)


async def _docket() -> Figures:
    """The docket of 2019-2020"""
    return await docket.measure()


async def _letters() -> Figures:
    """Writing letters"""
    return letters.measure()


async def _deadlines() -> Figures:
    """Reckoning deadlines"""
    return deadlines.measure()


async def _determination() -> Figures:
    """Determining whether a license is required"""
    return determination.measure()


async def _authorisation() -> Figures:
    """Under what an item may go, with 40,000 licenses and 25,921 listed entries"""
    return authorisation.measure()


async def _reprieves() -> Figures:
    """Policies, coverage, and trying futures"""
    return reprieves.measure()


async def _screening() -> Figures:
    """Comparing names, and one name against the whole official list"""
    return screening.measure()


async def _lists() -> Figures:
    """The official list, read, and 10,000 parties held against it"""
    # Every other figure is of the shipped book.
    async with office() as of, worker(of.servers):
        return await lists.measure(of)


async def _loop() -> Figures:
    """The wait of the event loop while the list is read and parties are screened"""
    # On a loop like the worker's, and not on this one.
    return await asyncio.to_thread(loop.measure)


async def _open_cases() -> Figures:
    """10,000 open cases: memory, restart and the docket's queries; some ten minutes"""
    async with office() as of:
        return await open_cases.measure(of)


SHARED: Mapping[str, Callable[[Office], Awaitable[Figures]]] = {
    "latency": _latency,
    "throughput": _throughput,
    "dbos": _dbos,
    "replay": _replay,
    "histories": _histories,
    "batches": _batches,
    "door": _door,
    # The last, because every case is held against the directive from then on.
    "fan-out": _fan_out,
}

ALONE: Mapping[str, Callable[[], Awaitable[Figures]]] = {
    "codec": _codec,
    "append": _append,
    "append-peers": _append_peers,
    "tree": _tree,
    "size": _size,
    "moments": _moments,
    "audit": _audit,
    "feed": _feed,
    "desk": _desk,
    "terms": _terms,
    "docket": _docket,
    "letters": _letters,
    "deadlines": _deadlines,
    "determination": _determination,
    "authorisation": _authorisation,
    "reprieves": _reprieves,
    "screening": _screening,
    "lists": _lists,
    "loop": _loop,
    "open-cases": _open_cases,
}

ON_DEMAND = frozenset({"open-cases"})
"""Sections that take longer than all others together: measured when they are asked for."""


def meaning(section: str) -> str:
    """The figure of a section, in a line."""
    found = SHARED.get(section) or ALONE[section]
    return (found.__doc__ or "").partition("\n")[0].removesuffix(".")

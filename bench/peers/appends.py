"""Appending to the log against two event stores that are made for PostgreSQL, in turns."""

import statistics
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from urllib.parse import parse_qs, urlsplit

from bench.append import COMMITS_PER_WRITER, EVENTS_PER_CASE, WRITERS, Log, opened, rate
from bench.peers.asked import peer
from bench.peers.installed import EVENTSOURCING, MESSAGE_DB, AbsentError, python_of
from bench.peers.message_db import message_db
from bench.report import Found
from greenlight.connection.target import Addressed
from greenlight.kernel.commit import Commit

ROUNDS = 5

Rate = Callable[[], Awaitable[float]]


async def measure(empty: Addressed) -> Found:
    """Recorded events a second as a multiple of a peer's, which records as many as large: medians of rounds.

    ``append_vs_eventsourcing_16``: its PostgreSQL recorder with 16 threads. ``append_vs_message_db``: its
    function, called by one connection; ``…_16``: by 16. Neither asks who may, nor knows a command by its id;
    Message DB keeps no order of all events. ``empty`` leads to an empty database, which is filled.
    """
    found = Found()
    async with AsyncExitStack() as stack:
        log = await stack.enter_async_context(opened(empty))
        size = _size(log.commits())
        peers = await peers_of(empty.owner_url, size, stack, found)
        if not peers:
            return found
        ours: dict[str, Rate] = {
            "append_1": lambda: _ours(log, 1),
            "append_16": lambda: _ours(log, WRITERS),
        }
        rounds = [{name: await each() for name, each in {**ours, **peers}.items()} for _ in range(ROUNDS + 1)]
    # The first round warms caches and connections.
    counted = rounds[1:]
    for name in peers:
        own = "append_1" if name == "message_db" else "append_16"
        found[f"append_vs_{name}"] = statistics.median(each[own] / each[name] for each in counted)
        found[f"{name}_events_per_second"] = statistics.median(each[name] for each in counted)
    found["append_events_per_second"] = statistics.median(each["append_1"] for each in counted)
    found["append_16_events_per_second"] = statistics.median(each["append_16"] for each in counted)
    return found


async def _ours(log: Log, writers: int) -> float:
    return await rate(log.ways["append"], [log.commits() for _ in range(writers)])


def _size(commits: Sequence[Commit]) -> int:
    """The bytes of an event with its proof, which a peer records as its event."""
    proofs = [len(each.proof.token) for each in commits if each.proof is not None]
    return len(commits[0].appends[0].events[0]) + max(proofs)


async def peers_of(owner_url: str, size: int, stack: AsyncExitStack, found: Found) -> dict[str, Rate]:
    """The ways of those that can be installed; of the others the reason."""
    peers: dict[str, Rate] = {}
    asked = {"commits": COMMITS_PER_WRITER, "per_stream": EVENTS_PER_CASE, "size": size}
    try:
        interpreter = await python_of(f"eventsourcing[postgres]=={EVENTSOURCING}")
        ask = await stack.enter_async_context(
            peer(interpreter, "eventsourcing_appends.py", writers=WRITERS, **_parts(owner_url))
        )
        found.versions["eventsourcing"] = EVENTSOURCING
        peers["eventsourcing_16"] = lambda: ask(writers=WRITERS, **asked)
    except AbsentError as error:
        found.skipped["append_vs_eventsourcing_16"] = str(error)
    try:
        store = await stack.enter_async_context(message_db(owner_url, WRITERS))
        found.versions["@eventide/message-db"] = MESSAGE_DB
        peers["message_db"] = lambda: store.rate(1, COMMITS_PER_WRITER, EVENTS_PER_CASE, size)
        peers["message_db_16"] = lambda: store.rate(WRITERS, COMMITS_PER_WRITER, EVENTS_PER_CASE, size)
    except AbsentError as error:
        found.skipped["append_vs_message_db"] = found.skipped["append_vs_message_db_16"] = str(error)
    return peers


def _parts(url: str) -> dict[str, str]:
    """An address in its parts; the host of a socket is its folder."""
    parts = urlsplit(url)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    return {
        "dbname": parts.path.removeprefix("/"),
        "host": parts.hostname or asked.get("host", "localhost"),
        "port": str(parts.port or asked.get("port", "5432")),
        "user": parts.username or "",
        "password": parts.password or "",
    }

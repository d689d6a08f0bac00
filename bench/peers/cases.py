"""Whole cases against the same bare case on DBOS, which keeps workflows in PostgreSQL alone, in turns."""

import statistics
from collections.abc import Iterator
from urllib.parse import urlsplit

from bench.cases import AT_ONCE, CASES_PER_ROUND, Drivers, together
from bench.peers.asked import peer
from bench.peers.installed import DBOS, AbsentError, python_of
from bench.report import Found

ROUNDS = 5
ONE_BY_ONE = 8
"""Cases of a round whose messages are timed."""
BYTES = 1_200
"""Of a message: about as much as a signed command has."""


async def measure(drivers: Drivers, numbers: Iterator[int], owner_url: str) -> Found:
    """Our whole case (law, signatures, record, a license) against a workflow of DBOS that takes three
    messages and tells three receipts, on the same PostgreSQL: medians of rounds in which they take turns.

    ``cases_vs_dbos``: cases a second, so many at once. ``update_vs_dbos``: the median time from a message to
    its receipt, one case at a time. ``owner_url`` leads to a database in which it may keep its tables.
    """
    found = Found()
    try:
        interpreter = await python_of(f"dbos=={DBOS}")
    except AbsentError as error:
        found.skipped["cases_vs_dbos"] = found.skipped["update_vs_dbos"] = str(error)
        return found
    found.versions["dbos"] = DBOS
    url = urlsplit(owner_url)._replace(scheme="postgresql").geturl()
    rates: list[tuple[float, float]] = []
    times: list[tuple[float, float]] = []
    async with peer(interpreter, "dbos_cases.py", url=url, at_once=AT_ONCE) as ask:
        for _ in range(ROUNDS + 1):
            rates.append(
                (
                    await together(drivers.service, numbers),
                    await ask(one_by_one=False, cases=CASES_PER_ROUND, size=BYTES),
                )
            )
            ours = [each for _ in range(ONE_BY_ONE) for each in await drivers.service(next(numbers))]
            theirs = await ask(one_by_one=True, cases=ONE_BY_ONE, size=BYTES)
            times.append((statistics.median(ours) * 1000, theirs))
    # The first round warms caches and connections.
    return _figures(found, rates[1:], times[1:])


def _figures(found: Found, rates: list[tuple[float, float]], times: list[tuple[float, float]]) -> Found:
    found["cases_vs_dbos"] = statistics.median(ours / theirs for ours, theirs in rates)
    found["dbos_cases_per_second"] = statistics.median(theirs for _, theirs in rates)
    found["update_vs_dbos"] = statistics.median(ours / theirs for ours, theirs in times)
    found["dbos_update_ms"] = statistics.median(theirs for _, theirs in times)
    return found

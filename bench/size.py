"""Cost over size: recording, lists, statistics and the reads of a fan-out on logs of more and more events."""

import os
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.append import EVENTS_PER_CASE, WRITERS, Log, opened, rate
from bench.size_svg import picture
from bench.tree import FILL
from greenlight.cli.base.output import warn
from greenlight.connection.target import Addressed
from greenlight.eventlog.database import WHOLE, Connection, connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.rows import DocketFilter, TaskFilter
from greenlight.eventlog.statistics import statistics as counted
from greenlight.kernel.roles import Role

SIZES: Final = (10_000, 100_000)
MILLION: Final = 1_000_000
WANTS_MILLION: Final = "GREENLIGHT_BENCH_MILLION"
"""Set: a million events, too, which takes some minutes more."""

PICTURE: Final = Path(__file__).with_name("size.svg")

ROUNDS: Final = 5
READS: Final = 15
PAGE: Final = 50
FAN_OUT_PAGE: Final = 300

# One in ten is decided; what is open waits for a licensing officer and is due on one of ninety days.
CASES: Final = """
WITH numbered AS (
    SELECT n, 'Y' || lpad(n::text, 6, '0') AS acn, n % 10 = 0 AS done,
           timestamptz '2026-09-01 04:00Z' + interval '1 day' * (n % 90) AS due
    FROM generate_series($1::bigint, $2::bigint) AS n
), tasks AS (
    INSERT INTO greenlight.task (acn, number, role, organisation, due, deadline)
    SELECT acn, 1, 'licensing_officer', NULL, due, 'initial_action' FROM numbered WHERE NOT done
)
INSERT INTO greenlight.docket
    (acn, stage, waiting_for, assigned_to, listed, due, registered_at, decided_at, outcome, item_class,
     value_usd_cents, dispositions, tasks, stays, closed, version)
SELECT acn, CASE WHEN done THEN 'granted' ELSE 'review' END,
       CASE WHEN done THEN 'nobody' ELSE 'licensing_officer' END, CASE WHEN n % 20 = 1 THEN 'olga' END, true,
       CASE WHEN NOT done THEN due END, '2026-08-20', CASE WHEN done THEN timestamptz '2026-08-30' END,
       CASE WHEN done THEN 'granted' END, 'EAR99', 100,
       CASE WHEN done THEN jsonb_build_array(jsonb_build_object(
           'outcome', 'approved', 'at', '2026-08-30T00:00:00Z', 'until', NULL)) ELSE '[]'::jsonb END,
       '[]', '[]', done, $3
FROM numbered
"""

WHAT: Final[Mapping[str, str]] = {
    "append_ms": "recording, one writer: a commit",
    "append_16_ms": "recording, sixteen writers: a commit",
    "docket_ms": "the docket: a page of 50",
    "worklist_ms": "a worklist: a page of 50",
    "fan_out_page_ms": "a fan-out: the next 300 cases",
    "fan_out_count_ms": "a fan-out: counting all open cases",
    "statistics_ms": "statistics: of all cases",
}
"""Measurements at each size. A worklist is found among all that waits for the roles, a count and
statistics are of all cases: these three are linear in them."""


async def measure(empty: Addressed) -> dict[str, float]:
    """``…_at_10000`` and so on: medians in milliseconds. ``…_growth_x10``: from the second-largest log to the
    largest, that is as many times as long on one ten times as large. ``empty`` leads to an empty database.
    """
    sizes = (*SIZES, MILLION) if os.environ.get(WANTS_MILLION) else SIZES
    found: dict[int, dict[str, float]] = {}
    async with (
        opened(empty) as log,
        connection(empty.owner_url, application="bench", limits=WHOLE) as owner,
        Reader(empty.database_url) as reader,
        Recorder(empty.writer_url) as recorder,
    ):
        for size in sizes:
            warn(f"  {size:,} events …")
            await _fill(owner, size)
            found[size] = {
                **await _appends(log),
                **{name: await _median_ms(read) for name, read in _reads(reader, recorder, empty).items()},
            }
    PICTURE.write_text(picture(WHAT, found), encoding="utf-8")
    smaller, largest = sizes[-2:]
    return {
        **{f"{name}_at_{size}": value for size, each in found.items() for name, value in each.items()},
        **{f"{name}_growth_x10": found[largest][name] / found[smaller][name] for name in WHAT},
    }


async def _fill(owner: Connection, size: int) -> None:
    """Add events, and the cases that they are of, until there are so many."""
    there = await owner.fetchval("SELECT position FROM greenlight.log")
    assert isinstance(there, int)
    await owner.execute(FILL, there + 1, size, "Y")
    await owner.execute("UPDATE greenlight.log SET position = $1", size)
    await owner.execute(CASES, there // EVENTS_PER_CASE + 1, size // EVENTS_PER_CASE, EVENTS_PER_CASE)
    # As it does by itself on a log that has grown by and by.
    await owner.execute("VACUUM ANALYZE")


async def _appends(log: Log) -> dict[str, float]:
    alone = [await rate(log.ways["append"], [log.commits()]) for _ in range(ROUNDS)]
    together = [
        await rate(log.ways["append"], [log.commits() for _ in range(WRITERS)]) for _ in range(ROUNDS)
    ]
    return {"append_ms": 1000 / statistics.median(alone), "append_16_ms": 1000 / statistics.median(together)}


def _reads(
    reader: Reader, recorder: Recorder, empty: Addressed
) -> Mapping[str, Callable[[], Awaitable[object]]]:
    tasks = TaskFilter(roles=(Role.LICENSING_OFFICER,), officer="olga")
    return {
        "docket_ms": lambda: reader.docket(DocketFilter(open_only=True), PAGE),
        "worklist_ms": lambda: reader.tasks(tasks, PAGE),
        "fan_out_page_ms": lambda: recorder.pending(licenses=False, after="", limit=FAN_OUT_PAGE),
        "fan_out_count_ms": lambda: recorder.count_pending(licenses=False),
        "statistics_ms": lambda: counted(empty.database_url, datetime.now(UTC)),
    }


async def _median_ms(read: Callable[[], Awaitable[object]]) -> float:
    taken: Sequence[float] = [await _timed(read) for _ in range(READS + 1)]
    # The first connects and plans.
    return statistics.median(taken[1:]) * 1000


async def _timed(read: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await read()
    return time.perf_counter() - began

"""A page of a large docket is read from an index, whatever is asked for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import pytest_asyncio

from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader, docket_query
from greenlight.eventlog.rows import ORDERS, DocketFilter, Order

CASES, PAGE = 10_000, 50
BEGIN = datetime(2026, 9, 1, tzinfo=UTC)

# One in ten is decided, one in twenty is somebody's; due on one of thirty days.
FILL = f"""
INSERT INTO greenlight.docket
    (acn, stage, waiting_for, assigned_to, listed, due, registered_at, decided_at, outcome, item_class,
     value_usd_cents, dispositions, tasks, stays, closed, version)
SELECT 'Z' || lpad(n::text, 6, '0'),
       CASE WHEN done THEN 'granted' WHEN n % 3 = 0 THEN 'triage' ELSE 'review' END,
       CASE WHEN done THEN 'nobody' ELSE 'licensing_officer' END,
       CASE WHEN n % 20 = 1 THEN 'olga' END, true,
       CASE WHEN NOT done THEN timestamptz '2026-09-01 04:00Z' + interval '1 day' * (n % 30) END,
       '2026-08-20', CASE WHEN done THEN timestamptz '2026-08-30' END, CASE WHEN done THEN 'granted' END,
       'EAR99', 100, '[]', '[]', '[]', done, 3
FROM (SELECT n, n % 10 = 0 AS done FROM generate_series(1, {CASES}) n) AS numbered
"""

WANTED = {
    "all": DocketFilter(),
    "open": DocketFilter(open_only=True),
    "of a stage": DocketFilter(stage="triage"),
    "waiting for": DocketFilter(waiting_for="licensing_officer"),
    "of an officer": DocketFilter(officer="olga"),
    "with an outcome": DocketFilter(outcome="granted"),
    "due soon": DocketFilter(open_only=True, due_before=datetime(2026, 9, 3, tzinfo=UTC)),
    "an officer's, due soon": DocketFilter(officer="olga", due_before=datetime(2026, 9, 20, tzinfo=UTC)),
}


@pytest_asyncio.fixture
async def filled(database: Connection) -> Connection:
    await database.execute(FILL)
    await database.execute("ANALYZE greenlight.docket")
    return database


async def test_every_page_comes_from_an_index_in_its_order(dsn: str, filled: Connection) -> None:
    for name, wanted in WANTED.items():
        query, args = docket_query(wanted, PAGE)
        plan = str(await filled.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *args))
        assert "Index Scan" in plan, name
        assert "Seq Scan" not in plan, name
        # What has to be sorted has to be read before: all of the docket, or all that is due at one instant.
        assert '"Sort Key"' not in plan, name
        async with Reader(dsn) as reader:
            rows = await reader.docket(wanted, PAGE)
        assert len(rows) == PAGE, name
        assert list(rows) == sorted(rows, key=lambda row: (row.due is None, row.due or BEGIN, row.acn)), name


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("order", ORDERS)
async def test_the_docket_is_read_in_every_order_from_an_index_and_paged_whole(
    dsn: str, filled: Connection, order: Order, down: bool
) -> None:
    wanted = DocketFilter(order=order, down=down)
    query, args = docket_query(wanted, PAGE)
    plan = str(await filled.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *args))
    assert "Index Scan" in plan
    assert '"Sort Key"' not in plan

    seen: list[tuple[object, ...]] = []
    async with Reader(dsn) as reader:
        while rows := await reader.docket(wanted, 1_000):
            seen += [tuple(getattr(row, column) for column in ORDERS[order]) for row in rows]
            wanted = replace(wanted, after=seen[-1])
    assert len(seen) == len({place[-1] for place in seen}) == CASES

    def place(cells: tuple[object, ...]) -> list[tuple[bool, object]]:
        return [(cell is None, 0 if cell is None else cell) for cell in cells]

    assert seen == sorted(seen, key=place, reverse=down)


async def test_the_docket_among_some_numbers(dsn: str, filled: Connection) -> None:
    async with Reader(dsn) as reader:
        wanted = DocketFilter(among=frozenset({"Z000003", "Z000007", "Q999999"}), order="number")
        assert [row.acn for row in await reader.docket(wanted)] == ["Z000003", "Z000007"]
        assert await reader.docket_size(wanted) == 2
        assert await reader.docket_size(replace(wanted, among=frozenset())) == 0

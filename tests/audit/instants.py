"""Instants that came as whoever owns the database can write them, and what there is to hold them against."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from greenlight.audit.walk import Audit, audit
from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.streams import moment_stream
from greenlight.law.moment.events import MomentCame
from greenlight.law.moment.state import key_of
from greenlight.law.outlook.answers import Law
from greenlight.law.outlook.applied import Applied
from greenlight.law.outlook.coming import Coming
from greenlight.law.outlook.learned import of_rule
from greenlight.law.rule.rules import Rules
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.kept_controls import KeptTables
from greenlight.reference.rules import load_rules
from tests.audit.forging import Forger, append
from tests.eventlog.attesting import Attesting
from tests.eventlog.crowd import NOW, Crowd
from tests.reference.test_kept_controls import as_shipped

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)
ELSEWHERE = "shows something else than the events lead to"


async def came(database: Connection, *coming: Coming, instant: datetime | None = None) -> int:
    """The position of a moment, as whoever owns the database can write it."""
    instant = instant or coming[0].at
    event = MomentCame(at=max(instant, NOW), instant=instant, coming=coming, pending=0)
    return await Forger(database).commit(None, append(moment_stream(key_of(instant)), 0, event))


async def audited(dsn: str, tables: Path | None = None) -> Audit:
    return await audit(dsn, processes=1, tables=tables)


def reasons(found: Audit) -> Sequence[tuple[int, str]]:
    """Who forges here leaves the read models behind, and that is found as well."""
    return [(each.position, each.reason) for each in found.faults if ELSEWHERE not in each.reason]


async def amended(
    dsn: str,
    recorder: Recorder,
    crowd: Crowd,
    ago: timedelta = timedelta(hours=1),
    effective: datetime = NOW - 2 * A_DAY,
) -> Coming:
    """What was learned when a row of the tables was attested to be another one."""
    await crowd.add(recorder, crowd.other_officer)
    attesting = Attesting.amendment(recorder, crowd, "NO", effective)
    await attesting.opened(NOW - timedelta(hours=2))
    await attesting.confirmed(now=NOW - ago)
    async with Reader(dsn) as reader:
        (rule,) = await reader.rules()
    (learned,) = of_rule(Rules([rule]).by_key[rule.key], LONG_AGO, NOW)
    return learned


async def tables_attested(
    dsn: str, recorder: Recorder, crowd: Crowd, folder: Path
) -> tuple[KeptTables, Applied]:
    """Control tables that are kept and on record, and the law with them."""
    kept = KeptTables(folder / "controls")
    issue, _ = kept.keep(as_shipped("2026-08-15"), NOW - A_DAY)
    await crowd.add(recorder, crowd.other_officer)
    attesting = Attesting.tables(recorder, crowd, issue.issued, issue.version)
    await attesting.opened(NOW - timedelta(hours=2))
    await attesting.confirmed(now=NOW - timedelta(hours=1))
    async with Reader(dsn) as reader:
        law = Law(kept, load_rules(), await reader.terms())
        return kept, Applied.of(law, await reader.rules(), ReferenceDataError)

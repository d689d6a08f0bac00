"""Instants that somebody had come who may write the log's tables."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from greenlight.audit.basis import Recorded
from greenlight.audit.log import LogHistory
from greenlight.audit.walk import audit
from greenlight.eventlog.database import Connection
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.streams import entity_stream, moment_stream
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.moment.commands import MOST
from greenlight.law.moment.events import MomentCame
from greenlight.law.moment.state import key_of
from greenlight.law.outlook.coming import (
    Coming,
    Kind,
    entry,
    of_entities,
    of_rules_as_known,
    of_tables,
    of_terms,
)
from greenlight.law.outlook.learned import of_reprieve
from greenlight.law.reprieve.events import TermPublished
from greenlight.law.reprieve.versions import versions
from greenlight.law.rule.acts import Affiliates
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from tests.audit.forging import Forger, append
from tests.audit.instants import A_DAY, LONG_AGO, amended, audited, came, reasons, tables_attested
from tests.eventlog.attesting import Attesting, adopted
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.reprieves import STREAM, recorded
from tests.law.entity.cases import KEY as ENTITY_KEY
from tests.law.entity.cases import listed
from tests.law.reprieve.cases import BEGIN, running
from tests.law.rule.cases import at

BACK = at("2026-11-10")
"""The suspension of 2025 is over, as it comes with the service."""


def of_the_rule() -> Coming:
    found = of_rules_as_known(load_rules())
    return next(each for each in found if (each.key, each.at) == ("affiliates", BACK))


async def test_an_instant_that_came_as_the_law_has_it_is_none(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    await came(database, of_the_rule())
    found = await audited(dsn)
    assert (reasons(found), found.unexamined) == ([], ())


WITHDRAWN = of_the_rule().model_copy(update={"text": "Affiliates Rule: it is withdrawn"})
_OTHERWISE = "nothing on record has rule affiliates change then, or change so"
FORGED: dict[str, tuple[tuple[Coming, ...], datetime, str]] = {
    "at another instant": (
        (of_the_rule().model_copy(update={"at": BACK + A_DAY}),),
        BACK + A_DAY,
        _OTHERWISE,
    ),
    "in other words": (
        (WITHDRAWN,),
        BACK,
        _OTHERWISE,
    ),
    "with another citation": ((of_the_rule().model_copy(update={"citation": "91 FR 9"}),), BACK, _OTHERWISE),
    "of a rule that nobody knows": (
        (of_the_rule().model_copy(update={"key": "made-up"}),),
        BACK,
        "nothing on record has rule made-up change then, or change so",
    ),
    "of a term that nobody issued": (
        (Coming(at=BACK, kind=Kind.REPRIEVE, key="made-up", text="Term 1 begins", citation="91 FR 9"),),
        BACK,
        "nothing on record has reprieve made-up change then, or change so",
    ),
    "of tables that no day has": (
        (Coming(at=BACK, kind=Kind.TABLES, key="2026-11-12", text="Tables are asked", citation="91 FR 9"),),
        BACK,
        "nothing on record has tables 2026-11-12 change then, or change so",
    ),
    "of tables that nobody attested": (
        (
            Coming(
                at=BACK, kind=Kind.TABLES, key="controls-2026-11-10-0123456789ab", text="Tables", citation="C"
            ),
        ),
        BACK,
        "nothing on record has tables controls-2026-11-10-0123456789ab change then, or change so",
    ),
    "of an instant beside it": (
        (of_the_rule(),),
        BACK + A_DAY,
        "rule affiliates is said to change at another instant than the one that came",
    ),
    "of tables of the first of all days": (
        (Coming(at=BACK, kind=Kind.TABLES, key="0001-01-01", text="Tables are asked", citation="91 FR 9"),),
        BACK,
        "the law cannot tell what came then: OverflowError",
    ),
    "for which nobody is asked": (
        (of_the_rule(), Coming(at=BACK, kind=Kind.LIST, key="csl", text="Too old", citation="C")),
        BACK,
        "no case is asked anew for list csl",
    ),
}


@pytest.mark.parametrize("forged", FORGED)
async def test_an_instant_that_did_not_come_so_is_found(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection, forged: str
) -> None:
    coming, instant, reason = FORGED[forged]
    position = await came(database, *coming, instant=instant)
    assert reasons(await audited(dsn)) == [(position, reason)]


async def test_each_is_held_against_what_was_on_record_before_it_and_that_is_read_once(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    """However many processes go through the log, and wherever they begin."""
    first = await came(database, entry("skerry", BACK + A_DAY, "91 FR 1", counts=True))
    learned = await amended(dsn, recorder, crowd)
    wrong = [learned.model_copy(update={"text": f"Row {number}"}) for number in range(3)]
    places = [
        await came(database, each.model_copy(update={"at": each.at + number * A_DAY}))
        for number, each in enumerate(wrong)
    ]
    reason = f"nothing on record has tables {_AMENDED} change then, or change so"
    for after, processes in ((0, 1), (0, 2), (first, 1)):
        told = await audit(dsn, after=after, processes=processes)
        assert [each for each in reasons(told) if each[0] in places] == [(place, reason) for place in places]
    history = Counting(database)
    law = Recorded(history, load_tables())
    laws = [await law.before(position) for position in (first, *places)]
    assert [len(each.applied.record) for each in laws] == [0, 1, 1, 1]
    assert laws[1] is laws[3], "nothing came in between"
    assert history.given == len(await history.told(0, places[-1]))


class Counting(LogHistory):
    """Counts the records that were read."""

    given = 0

    async def told(self, after: int, through: int) -> list[tuple[str, str]]:
        found = await super().told(after, through)
        self.given += len(found)
        return found


_AMENDED = "row-of-a-country"
LEARNED = {
    "as it was": (timedelta(0), True, None),
    "at another instant": (
        timedelta(microseconds=1),
        True,
        f"nothing on record has tables {_AMENDED} change then, or change so",
    ),
    "something else": (timedelta(0), False, f"tables {_AMENDED} changes then, and that is not said"),
}


@pytest.mark.parametrize("case", LEARNED)
async def test_what_was_learned_of_a_rule_on_record(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection, case: str
) -> None:
    later, said, reason = LEARNED[case]
    learned = await amended(dsn, recorder, crowd)
    learned = learned.model_copy(update={"at": learned.at + later})
    other = entry("skerry", learned.at, "91 FR 1", counts=True)
    position = await came(database, learned if said else other)
    assert reasons(await audited(dsn)) == ([(position, reason)] if reason else [])


async def test_who_looked_while_it_was_being_recorded_need_not_have_seen_it(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    learned = await amended(dsn, recorder, crowd, timedelta(seconds=30))
    await came(database, entry("skerry", learned.at, "91 FR 1", counts=True))
    assert reasons(await audited(dsn)) == []


@pytest.mark.parametrize("wrong", [False, True])
async def test_what_was_learned_of_a_reprieve_on_record(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection, wrong: bool
) -> None:
    reprieve = running()
    await recorded(recorder, crowd, reprieve)
    (learned,) = of_reprieve(reprieve.events, LONG_AGO, BEGIN)
    if wrong:
        learned = learned.model_copy(update={"text": f"{learned.text}, for everybody"})
    position = await came(database, learned)
    reason = "nothing on record has reprieve sample change then, or change so"
    found = [each for each in reasons(await audited(dsn)) if each[0] == position]
    assert found == ([(position, reason)] if wrong else [])


async def test_what_cannot_follow_is_one_fault_and_the_rest_is_held_against_the_law(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    reprieve = running()
    await recorded(recorder, crowd, reprieve)
    (learned,) = of_reprieve(reprieve.events, LONG_AGO, BEGIN)
    forged = TermPublished(at=BEGIN, by=crowd.officer.actor, term=7, citation="1 FR 1", published=BEGIN)
    place = await Forger(database).commit(None, append(STREAM, len(reprieve.events), forged))
    await came(database, learned)
    wrong = await came(
        database, of_the_rule().model_copy(update={"text": "Affiliates Rule: it is withdrawn"})
    )
    assert [each for each, _ in reasons(await audited(dsn)) if each >= place] == [place, wrong]


@pytest.mark.parametrize("at_hand", [True, False])
@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("learned", [False, True])
async def test_when_other_tables_were_asked_from_is_known_where_these_are_at_hand(
    dsn: str,
    recorder: Recorder,
    crowd: Crowd,
    database: Connection,
    tmp_path: Path,
    learned: bool,
    wrong: bool,
    at_hand: bool,
) -> None:
    kept, applied = await tables_attested(dsn, recorder, crowd, tmp_path)
    if learned:
        (comes,) = applied.learned(LONG_AGO, NOW)
    else:
        begins = end_of_day(date(2026, 8, 14))
        (comes,) = of_tables(applied.law.tables, begins - timedelta(hours=1), begins)
    if wrong:
        comes = comes.model_copy(update={"text": "Other tables are asked"})
    position = await came(database, comes)
    found = await audited(dsn, kept.folder if at_hand else tmp_path / "none")
    reason = f"nothing on record has tables {comes.key} change then, or change so"
    assert reasons(found) == ([(position, reason)] if wrong and at_hand else [])
    told = [each.told for each in found.unexamined]
    assert told == ([] if at_hand else ["not examined: 1 instant that came, tables of 2026-08-15 missing"])
    # Who names no folder has those of the release, and misses none.
    without = await audited(dsn)
    assert (reasons(without), without.unexamined) == ([], ())


async def test_who_had_not_the_tables_need_not_say_that_they_were_asked(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection, tmp_path: Path
) -> None:
    kept, applied = await tables_attested(dsn, recorder, crowd, tmp_path)
    (comes,) = applied.learned(LONG_AGO, NOW)
    await came(database, entry("skerry", comes.at, "91 FR 1", counts=True))
    assert reasons(await audited(dsn, kept.folder)) == []


async def test_who_looked_at_an_instant_before_its_rule_was_on_record_need_not_say_it(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    """It came with their release, which may have had another one."""
    await crowd.add(recorder, crowd.other_officer)
    opening = adopted("Affiliates Rule", Affiliates(), NOW - 2 * A_DAY)
    attesting = Attesting(recorder, crowd, "affiliates", opening)
    await attesting.opened(BACK + A_DAY)
    await attesting.confirmed(now=BACK + A_DAY)
    event = MomentCame(
        at=BACK + 2 * A_DAY,
        instant=BACK,
        coming=(entry("skerry", BACK, "91 FR 1", counts=True),),
        pending=0,
    )
    await Forger(database).commit(None, append(moment_stream(key_of(BACK)), 0, event))
    assert reasons(await audited(dsn)) == []


async def test_of_very_much_that_came_the_first_is_said(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    learned = await amended(dsn, recorder, crowd)
    many = (entry(f"skerry-{number}", learned.at, "91 FR 1", counts=True) for number in range(MOST))
    await came(database, *many)
    assert reasons(await audited(dsn)) == []


async def test_entries_on_record_are_examined(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    events = listed().events
    await Forger(database).commit(None, append(entity_stream(ENTITY_KEY), 0, *events))
    first, *_ = of_entities({ENTITY_KEY: events})
    position = await came(database, first)
    found = await audited(dsn)
    assert position not in dict(reasons(found))
    assert found.unexamined == ()


async def test_a_term_that_was_recorded_late_may_have_come_with_its_first_day(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    """So releases of before took it."""
    reprieve = running()
    await recorded(recorder, crowd, reprieve)
    begins, *_ = of_terms(versions(reprieve.events))
    assert begins.at <= reprieve.events[0].at
    assert await came(database, begins) not in dict(reasons(await audited(dsn)))


async def test_what_a_list_says_is_not_known_here(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    await came(database, entry("skerry", BACK + A_DAY, "91 FR 1", counts=True))
    found = await audited(dsn)
    assert reasons(found) == []
    assert [each.told for each in found.unexamined] == [
        "not examined: 1 instant that came, entries of a list missing"
    ]

"""Answers that somebody had become others who may write the log's tables."""

from datetime import datetime

import pytest

from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.kernel.streams import application_stream, moment_stream
from greenlight.law.application.commands import Submit
from greenlight.law.application.flip.events import AnswerFlipped
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.moment.state import key_of
from greenlight.law.outlook.come import because
from greenlight.law.outlook.coming import (
    entry,
    of_rules_as_known,
)
from greenlight.law.rule.rules import Rules
from tests.audit.forging import Forger, append, unreadable
from tests.audit.instants import A_DAY, amended, audited, came, reasons
from tests.eventlog.crowd import NOW, Crowd
from tests.eventlog.histories import Story
from tests.law.application.cases import submission

TOMORROW = NOW + A_DAY


async def flipped(
    recorder: Recorder, crowd: Crowd, database: Connection, instant: datetime, because: str
) -> int:
    """A case of which it is on record that its answer is another one."""
    body: Body = Submit(application=submission())
    story = await Story("Z000001").sent(recorder, crowd, "submit", body)
    turn = Turn(destination="NO", before=Said.NOT_REQUIRED, after=Said.REQUIRED)
    event = AnswerFlipped(at=max(instant, NOW), instant=instant, turns=(turn,), because=because)
    return await Forger(database).commit(None, append(application_stream("Z000001"), story.version, event))


NO_MOMENT = "no such instant is on record as one that came"


@pytest.mark.parametrize(
    ("told", "later", "because_of", "reason"),
    [
        ("amended", 0, "amended", None),
        # By the time that a case is asked there may be more on record of an instant, and on a list.
        ("entered", 0, "amended", None),
        ("amended", 0, "entered", None),
        ("amended", 0, "made up", "its answer changed because of something else than what came then"),
        ("nothing", 0, "amended", NO_MOMENT),
        ("amended", 1, "amended", NO_MOMENT),
        ("early", -2, "early", "an answer changed before the case was filed, by what was known then"),
    ],
)
async def test_an_answer_becomes_another_one_at_an_instant_on_record_alone(
    dsn: str,
    recorder: Recorder,
    crowd: Crowd,
    database: Connection,
    told: str,
    later: int,
    because_of: str,
    reason: str | None,
) -> None:
    await amended(dsn, recorder, crowd, effective=TOMORROW)
    async with Reader(dsn) as reader:
        changes = of_rules_as_known(Rules(await reader.rules()))
    comings = {
        "amended": next(each for each in changes if each.at == TOMORROW),
        "entered": entry("skerry", TOMORROW, "91 FR 1", counts=True),
        "early": entry("skerry", TOMORROW - 2 * A_DAY, "91 FR 1", counts=True),
    }
    if told in comings:
        await came(database, comings[told])
    words = because((comings[because_of],)) if because_of in comings else "Made up"
    position = await flipped(recorder, crowd, database, TOMORROW + later * A_DAY, words)
    assert [text for place, text in reasons(await audited(dsn)) if place == position] == (
        [reason] if reason else []
    )


async def test_nothing_is_said_of_answers_at_an_instant_that_cannot_be_read_here(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    moment = await Forger(database).commit(None, unreadable(moment_stream(key_of(TOMORROW)), 0))
    await flipped(recorder, crowd, database, TOMORROW, "In a later release's words")
    assert [position for position, _ in reasons(await audited(dsn))] == [moment]

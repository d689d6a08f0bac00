"""The query ``covered``: what a reprieve's workflow answers is what the log says, at any time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest
from temporalio.client import WorkflowQueryFailedError

from greenlight.kernel.streams import stream_key
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    EndReprieve,
    IssueTerm,
    RecordPublication,
    RemoveEntities,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion, answer
from greenlight.law.reprieve.terms import Correction
from tests.law.reprieve.cases import BROAD, NARROW
from tests.workflows.office import Office
from tests.workflows.raw import plain, raw
from tests.workflows.reprieves import opening, term, today

FIRST, SECOND, NEW = "covered-first", "covered-second", "covered-new"
QUERY = "covered"
DAY = timedelta(days=1)


async def eventful(office: Office) -> str:
    """A reprieve to which everything happened that changes what it covers, some of it published."""
    stream = await office.reprieved(opening(30, FIRST, SECOND))
    begin = (await office.events(stream))[0].at
    published = begin + timedelta(milliseconds=1)
    for officer, body in (
        ("olga", RecordPublication(term=1, citation="91 FR 1", published=published)),
        ("vera", IssueTerm(term=term(90, FIRST).model_copy(update={"effective": begin + 10 * DAY}))),
        ("vera", CorrectTerm(term=1, correction=Correction(scope=NARROW), reasons="A misprint.")),
        (
            "vera",
            AddEntities(
                entities=frozenset({NEW}), effective=begin + 5 * DAY, running_terms=True, reasons="Listed."
            ),
        ),
        (
            "vera",
            RemoveEntities(
                entities=frozenset({SECOND}),
                effective=begin + 7 * DAY,
                reasons="Delisted.",
                published=begin + 2 * DAY,
            ),
        ),
        ("vera", TerminateTerm(term=2, ends=begin + 40 * DAY, reasons="Diversion.")),
    ):
        await office.send(officer, stream, body)
    return stream


def questions(begin: datetime) -> Iterator[CoverageQuestion]:
    """About the past and years ahead, as known then and now."""
    ats = [begin + days * DAY for days in (-400, 0, 5, 6, 8, 20, 31, 39, 40, 4_000)]
    knowns = [None, begin - DAY, begin + DAY, begin + 3 * DAY, begin + 300 * DAY]
    days = [today() + days * DAY for days in (-1, 0, 1, 10, 30, 31, 40, 41)]
    entities, activities = (FIRST, SECOND, NEW, "nobody"), ("networks", "devices", "phones")
    for entity, activity, known in product(entities, activities, knowns):
        for at in ats:
            yield CoverageQuestion(entity=entity, activity=activity, at=at, known_at=known)
        for day in days:
            yield CoverageQuestion(entity=entity, activity=activity, day=day, known_at=known)
    for destination in ("IR", "FR"):
        yield CoverageQuestion(entity=FIRST, activity="networks", at=begin, destination=destination)


async def agrees(office: Office, stream: str) -> int:
    """How many of the answers, all of which are those of the log, are yes."""
    events = await office.events(stream)
    # Of this one alone: terms of others may come nearer to covering.
    terms, begin = Terms.of([[REPRIEVE.read(event.record) for event in events]]), events[0].at
    covered = 0
    for question in questions(begin):
        said = await office["acme"].covered(stream_key(stream), question)
        assert said == answer(terms, question), question
        covered += said.covered
    return covered


async def test_the_workflow_answers_what_the_log_answers(office: Office) -> None:
    stream = await eventful(office)
    assert await agrees(office, stream) > 20
    await office.handle(stream).terminate()
    await office.start("Reprieve", stream, {"resume": True})
    await office.caught_up(stream)
    assert await agrees(office, stream) > 20


async def test_an_answer_changes_with_the_next_event_and_a_closed_reprieve_answers(office: Office) -> None:
    stream = await office.reprieved(opening(30, FIRST))
    begin = (await office.events(stream))[0].at
    question = CoverageQuestion(entity=FIRST, activity="networks", at=begin + 20 * DAY)

    async def asked() -> CoverageAnswer:
        return await office["acme"].covered(stream_key(stream), question)

    before = await asked()
    assert (before.covered, before.citation) == (True, None)
    beyond = CoverageQuestion(entity=FIRST, activity="networks", at=begin + 60 * DAY)
    assert (await office["acme"].covered(stream_key(stream), beyond)).open
    await office.send("olga", stream, RecordPublication(term=1, citation="91 FR 1", published=begin))
    assert (await asked()).citation == "91 FR 1"
    await office.send("vera", stream, EndReprieve(reasons="National security."))
    await office.result(stream)
    assert not (await asked()).covered
    assert not (await office["acme"].covered(stream_key(stream), beyond)).open


async def test_an_answer_says_what_it_takes(office: Office) -> None:
    stream = await office.reprieved(opening(30, FIRST))
    question = CoverageQuestion(entity=FIRST, activity="devices", day=today() + DAY)
    said = await office["acme"].covered(stream_key(stream), question)
    (devices,) = [each for each in BROAD.activities if each.key == "devices"]
    assert (said.activity, said.certifier, said.certification) == (
        devices,
        devices.certifier,
        devices.certification,
    )
    assert said.term is not None
    assert (said.reprieve, said.term.number, said.also) == (stream_key(stream), 1, ())
    assert said.still_required


ASKED = {"entity": FIRST, "activity": "networks", "at": "2026-11-24T12:00:00Z"}


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ((), "covered takes one input, a question; got 0"),
        ((plain(ASKED), plain(ASKED)), "got 2"),
        ((raw(b"{"),), "not JSON"),
        ((plain([]),), "Input should be"),
        ((plain({**ASKED, "at": "yesterday"}),), "at: Input should be"),
        ((plain({**ASKED, "at": "9999-12-31T00:00:00Z"}),), "the years 1970 to 2999"),
        ((plain({**ASKED, "day": "2026-11-24"}),), "one of the two"),
        ((plain({"entity": FIRST, "activity": "networks"}),), "one of the two"),
        ((plain({"entity": FIRST, "activity": "networks", "day": "9999-12-31"}),), "the years 1970 to 2999"),
        ((plain({**ASKED, "entity": "x" * 65}),), "entity: must be at most 64 of"),
        ((plain({**ASKED, "destination": "Iran"}),), "destination: is no country code"),
        ((plain({**ASKED, "why": "x"}),), "why: Extra inputs"),
    ],
)
async def test_what_is_no_question_is_refused_with_the_code(
    office: Office, inputs: tuple[object, ...], told: str
) -> None:
    stream = await office.reprieved(opening(30, FIRST))
    with pytest.raises(WorkflowQueryFailedError, match=f"^malformed: .*{told}"):
        await office.handle(stream).query(QUERY, args=inputs)
    assert (await office.status(stream)).status.stage == "running"


async def test_an_application_covers_nothing(office: Office) -> None:
    stream = await office.submitted()
    with pytest.raises(WorkflowQueryFailedError, match="known queries"):
        await office.handle(stream).query(QUERY, plain(ASKED))

"""Deciding asks for the facts that it rests on, one after the other, and ends without them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from greenlight.kernel.need import Facts, Need
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Answer, RecordScreening, Submit
from greenlight.law.application.needs import (
    LicenseNumber,
    RegisteredName,
    RememberedOf,
    ScreeningOf,
    UnclassifiedAmong,
    UnknownEccns,
    WhyNotRequired,
)
from greenlight.law.application.previous import CaseOf
from greenlight.law.directive.standing import Standing, StandingNow
from greenlight.law.license.aggregate import LICENSE
from tests.law.application.cases import (
    ACN,
    ALIKE,
    OTHER_PARTIES,
    PARTIES,
    Case,
    in_review,
    screening,
    submission,
    submitted,
)
from tests.law.decisions import accepted
from tests.law.license.cases import issued

CLEAN = screening("no_match", "no_match")


def test_a_submission_asks_for_one_fact_after_the_other() -> None:
    application = submission()
    command = replace(Case().command(Submit(application=application)), facts=Facts())
    wanted = list[Need[Any]]()
    for answer in (None, (), None, CLEAN, None):
        need = Case().decides(command)
        assert isinstance(need, Need)
        wanted.append(need)
        command = command.knowing(need, answer)
    assert [type(need) for need in wanted] == [
        RegisteredName,
        UnknownEccns,
        UnclassifiedAmong,
        ScreeningOf,
        WhyNotRequired,
    ]
    assert wanted[3] == ScreeningOf(PARTIES)
    assert [type(event).__name__ for event in accepted(Case().decides(command))] == [
        "ApplicationSubmitted",
        "PartiesScreened",
    ]


def test_what_is_refused_needs_no_facts() -> None:
    answer = Answer(answer="Others.", parties=OTHER_PARTIES)
    command = replace(in_review().command(answer), facts=Facts())
    assert in_review().decides(command) == in_review().asked(answer)


def test_pairs_that_were_met_are_asked_for() -> None:
    found = screening("no_match", "possible_match")
    body = RecordScreening(screening=found, parties=PARTIES)
    command = replace(submitted().command(body), facts=Facts())
    assert submitted().decides(command) == RememberedOf(frozenset({str(ALIKE.pair)}))


def test_a_fact_answers_the_need_that_it_was_asked_for_and_no_other() -> None:
    facts = Facts().knowing(LicenseNumber(ACN), "D000009")
    assert facts.told(LicenseNumber(ACN)) == "D000009"
    assert LicenseNumber("Z000002") not in facts.answers


def test_only_what_is_costly_is_kept() -> None:
    facts = Facts().knowing(ScreeningOf(PARTIES), CLEAN).knowing(LicenseNumber(ACN), "D000009")
    assert facts.costly() == Facts().knowing(LicenseNumber(ACN), "D000009")


def test_upkeep_owes_nothing_in_a_matter_that_is_another_aggregates() -> None:
    case = submitted()
    assert APPLICATION.look_into("supersession", case.opened, ACN, Facts(), case.now) == ()


def test_upkeep_asks_for_what_it_rests_on() -> None:
    license_, facts = issued(), Facts()
    now = license_.now + timedelta(days=1)
    stands = StandingNow()
    assert LICENSE.look_into("directives", license_.opened, "D000001", facts, now) == stands
    nothing = facts.knowing(stands, Standing())
    assert LICENSE.look_into("directives", license_.opened, "D000001", nothing, now) == ()
    something = facts.knowing(stands, Standing(orders=1))
    granted = CaseOf(license_.opened.acn)
    assert LICENSE.look_into("directives", license_.opened, "D000001", something, now) == granted

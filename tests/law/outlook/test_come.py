"""Instants that have come: those that were to come before they did, and no others."""

from datetime import UTC, date, datetime, timedelta

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.entity.history import spans
from greenlight.law.outlook.come import acts, asks, because, was_coming
from greenlight.law.outlook.coming import (
    Coming,
    Kind,
    entry,
    of_directives,
    of_entities,
    of_rules_as_known,
    too_old,
)
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty, Printed
from greenlight.law.rule.rules import Rule, Rules
from greenlight.reference.rules import load_rules
from tests.law.application.cases import BEGIN
from tests.law.directive.cases import Directive, issue
from tests.law.entity.cases import KEY, Entity, listing
from tests.law.rule.cases import at

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def came(coming: Coming, rules: Rules | None = None, told: dict[str, list[Event]] | None = None) -> bool:
    entries = {key: spans(key, events) for key, events in (told or {}).items()}
    return was_coming(coming, rules or load_rules(), told or {}, entries, LONG_AGO)


def of(day: str) -> Coming:
    found = (
        each for each in of_rules_as_known(load_rules()) if each.key == "affiliates" and each.at == at(day)
    )
    return next(found)


def test_a_suspension_that_was_published_beforehand_was_to_end_and_began_as_it_was_known() -> None:
    assert came(of("2026-11-10"))
    assert not [each for each in of_rules_as_known(load_rules()) if each.at == at("2025-11-10")]


def test_an_order_that_counts_at_once_was_not_to_come_and_one_for_later_was() -> None:
    at_once = Entity().after(listing())
    later = Entity().after(listing(BEGIN + timedelta(days=3)))
    for entity, expected in ((at_once, False), (later, True)):
        told = {KEY: [*entity.events]}
        begins = next(each for each in of_entities(told) if each.key == KEY)
        assert came(begins, told=told) is expected


def test_tables_that_were_attested_before_their_day_were_to_come_and_others_were_not() -> None:
    issued = date(2026, 11, 20)
    begins = end_of_day(issued - timedelta(days=1))
    act = Act(
        kind=ActKind.ADOPTED,
        citation="eCFR",
        effective=begins,
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )
    coming = Coming(at=begins, kind=Kind.TABLES, key=issued.isoformat(), text="Tables", citation="eCFR")
    for days, expected in ((-3, True), (8, False)):
        first = Attestation(number=1, act=act, known=begins + timedelta(days=days))
        printed = Printed(issued=issued, version="sha256:" + "1" * 64)
        rules = Rules([Rule("controls", "Control tables", printed, (first,))])
        assert came(coming, rules) is expected


def test_what_a_list_of_before_says_was_to_come() -> None:
    printed = entry("skerry", LONG_AGO + timedelta(days=5), "91 FR 1", counts=True)
    assert came(printed)
    assert not came(printed.model_copy(update={"at": LONG_AGO}))


def test_directives_and_the_age_of_a_list_are_no_reason_to_ask_anew() -> None:
    order = Directive(now=BEGIN).after(issue(effective=BEGIN + timedelta(days=2))).opened
    (comes, *_) = of_directives([order])
    assert (asks(comes), asks(too_old("csl", BEGIN)), asks(of("2026-11-10"))) == (False, False, True)


def test_many_things_at_once_are_told_in_few_words() -> None:
    many = [
        Coming(at=BEGIN, kind=Kind.ENTRY, key=f"e-{n}", text="An entry " + "x" * 3_000, citation="91 FR 1")
        for n in range(30)
    ]
    assert len(because(many)) <= 4_000
    assert because(many).endswith("; and 27 more")
    assert because(many[:1]).startswith("An entry")


def test_by_what_act_a_licensee_is_told_without_the_name_of_anybody_else() -> None:
    """Of an entry or a term the citation, of a rule what it says, and of each act once."""
    term = Coming(
        at=BEGIN, kind=Kind.REPRIEVE, key="skerry", text="Term 2 of reprieve skerry ends", citation="84 FR 9"
    )
    entries = [entry(f"skerry-{n}", BEGIN, "91 FR 1", counts=n > 1) for n in range(30)]
    rule = of("2026-11-10")
    said = acts((rule, *entries, term))
    assert "skerry" not in said
    assert said == (
        f"{rule.text} ({rule.citation}); An entry on a list (91 FR 1); A term of a reprieve (84 FR 9)"
    )

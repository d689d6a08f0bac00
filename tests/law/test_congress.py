"""The report to Congress by hand: who belongs into it, by what their own case says, and what a row tells."""

from datetime import date

import pytest

from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.commands import Answer, PlaceHold
from greenlight.law.application.dispositions import Outcome
from greenlight.law.application.dossier import (
    Finding,
    Match,
    Money,
    Parties,
    Party,
    PartyRole,
    Screening,
)
from greenlight.law.application.ownership import Contact
from greenlight.law.application.screening.language import Verdict
from greenlight.law.congress import (
    Standing,
    Step,
    aggregates_of,
    of_year,
    reasons_for_control,
    row_of,
    standing,
)
from greenlight.law.reported import Row
from greenlight.law.sources import MILITARY_END_USER
from greenlight.reference.controls import load_tables
from tests.law.application.cases import ALIKE, DENY, MATCH, RETURN, Case, item, submission, submitted

TABLES = load_tables()
AGENT = Party(role=PartyRole.PURCHASER, name="Harbour Trading Oy", country="FI")
BUYER = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Lantern Telecom Co., Ltd.", country="CN")
USER = Party(role=PartyRole.END_USER, name="Lantern Networks Ltd.", country="HK")
PARTIES: Parties = (AGENT, BUYER)
ITEMS = (item(1, classification="5A992", cents=500_00), item(2, cents=70_00, currency="EUR"))


def filed(*parties: Party) -> Case:
    return submitted(submission(*ITEMS, parties=parties or PARTIES))


def found(match: Match, *, party: int = 1, parties: int = 2) -> Screening:
    """A screening that met one entry."""
    outcome = "listed" if match.score == 100 else "possible_match"
    return Screening(
        list_version="sha256:" + "0" * 64,
        findings=tuple(
            Finding(party=place, outcome=outcome, matches=(match,))
            if place == party
            else Finding(party=place, outcome="no_match")
            for place in range(parties)
        ),
    )


def on(slug: str | None, *, listing: str = "entry-1", alike: bool = False) -> Match:
    of = ALIKE if alike else MATCH
    return of.model_copy(update={"source_list": slug, "listing": listing})


def stands(case: Case) -> Standing:
    return standing(case.opened, TABLES)


def row(case: Case) -> Row:
    steps = [Step(event, place, 100 + place) for place, event in enumerate(case.events, 1)]
    return row_of(case.opened, steps, TABLES)


def test_a_party_has_to_be_there_and_on_one_of_the_two_lists() -> None:
    assert stands(filed().found(found(on("entity-list")))) is Standing.COVERED
    assert stands(filed().found(found(on(MILITARY_END_USER)))) is Standing.COVERED
    assert stands(filed().found(found(on("sdn")))) is Standing.OUTSIDE
    assert stands(filed().screened()) is Standing.OUTSIDE
    # One party is there and another one is listed: neither is both.
    assert stands(filed().found(found(on("entity-list"), party=0))) is Standing.OUTSIDE
    # Hong Kong is read as China, as the tables have it.
    three = filed(AGENT, BUYER, USER)
    assert stands(three.found(found(on("entity-list"), party=2, parties=3))) is Standing.COVERED


def test_records_from_before_lists_were_told_apart_are_known_by_the_key_of_the_entry() -> None:
    assert stands(filed().found(found(on(None, listing="entity-list-77")))) is Standing.COVERED
    assert stands(filed().found(found(on(None, listing="sdn-77")))) is Standing.OUTSIDE


def test_what_an_officer_resolved_decides_and_until_then_it_is_not_known() -> None:
    met = on("entity-list", alike=True)
    case = filed().found(found(met))
    assert stands(case) is Standing.UNSETTLED
    assert stands(case.resolved(Verdict.TRUE_MATCH, met)) is Standing.COVERED
    assert stands(case.resolved(Verdict.FALSE_MATCH, met)) is Standing.OUTSIDE
    same = on("entity-list")
    assert stands(filed().found(found(same)).resolved(Verdict.FALSE_MATCH, same)) is Standing.OUTSIDE
    # A name like one of another list leaves nothing open here.
    assert stands(filed().found(found(on("sdn", alike=True)))) is Standing.OUTSIDE


def test_nobody_knows_of_a_case_that_was_not_screened() -> None:
    assert stands(filed()) is Standing.UNSETTLED
    assert stands(submitted(submission(*ITEMS))) is Standing.OUTSIDE
    listed = filed().found(found(on("entity-list"))).inquired()
    replaced: Parties = (AGENT, BUYER.model_copy(update={"name": "Beacon Ltd."}))
    assert stands(listed.after(Answer(answer="Sold.", parties=replaced))) is Standing.UNSETTLED


def test_a_later_screening_of_the_case_counts_and_not_an_earlier_one() -> None:
    case = filed().found(found(on("entity-list")))
    assert stands(case.screened()) is Standing.OUTSIDE


def test_a_row_tells_applicant_items_end_user_value_decision_and_days() -> None:
    told = row(
        filed().found(found(on("entity-list"))).later(days=3).recommended().countersigned().signed_off()
    )
    assert (told.acn, told.applicant) == ("Z000001", "Example Networks Inc.")
    assert [(each.classification, each.granted) for each in told.items] == [("5A992", True), ("EAR99", True)]
    assert [(each.name, each.country) for each in told.covered] == [(BUYER.name, "CN")]
    assert told.covered[0].listings[0].citation == MATCH.citation
    assert [each.name for each in told.end_users] == [BUYER.name]
    assert told.values == (
        Money(minor_units=70_00, currency="EUR"),
        Money(minor_units=500_00, currency="USD"),
    )
    assert (told.submitted, told.decided) == (date(2026, 9, 1), date(2026, 9, 4))
    assert (told.decision, told.license_number) == (Outcome.APPROVED, "D000001")


def test_a_row_tells_where_a_party_is_and_not_whom_to_ask() -> None:
    there = BUYER.model_copy(
        update={"address": "1 Lane\nBantian, Shenzhen", "contact": Contact(name="Lin Example")}
    )
    told = row(filed(AGENT, there).found(found(on("entity-list"))))
    assert [each.address for each in (*told.end_users, *told.covered)] == ["1 Lane\nBantian, Shenzhen"] * 2
    assert "Lin Example" not in told.model_dump_json()
    assert row(filed().found(found(on("entity-list")))).end_users[0].address is None


def test_an_end_user_comes_before_the_consignee() -> None:
    case = filed(AGENT, BUYER, USER).found(found(on("entity-list"), parties=3))
    assert [each.name for each in row(case).end_users] == [USER.name]


def test_reasons_for_control_are_those_that_apply_to_the_item() -> None:
    def reasons(classification: str, subparagraph: str | None = None):
        asked = item(1, classification=classification).model_copy(update={"subparagraph": subparagraph})
        return reasons_for_control(asked, TABLES)

    assert reasons("EAR99") == ((), ())
    entire, _ = reasons("5A002", ".a") or ((), ())
    assert {"AT", "EI", "NS"} <= {*entire}
    # Of what is known by its entry alone, some controls may apply.
    certain, may = reasons("5A001") or ((), ())
    assert certain == ("AT",)
    assert set(may) == {"NS", "SL"}
    assert reasons("0A199") is None


def test_decisions_come_and_go_with_their_days() -> None:
    listed = filed().found(found(on("entity-list")))
    assert (row(listed).decision, row(listed).decided) == (None, None)
    noticed = listed.recommended(DENY).countersigned().signed_off()
    assert row(noticed).decision is None
    denied = noticed.denied()
    # 45 days after the notice of 1 September (15 CFR 750.6(b)); the denial counts for that day.
    assert (row(denied).decision, row(denied).decided) == (Outcome.DENIED, date(2026, 10, 16))
    overturned = denied.appealed().judged(upholds=False)
    assert row(overturned).decision is None
    returned = listed.after(RETURN)
    assert row(returned).decision is Outcome.RETURNED
    assert of_year(returned.opened, 2026)
    assert not of_year(returned.opened, 2025)


def test_a_case_of_two_years_is_in_the_reports_of_both() -> None:
    case = filed().found(found(on("entity-list"))).later(days=130).recommended()
    assert not of_year(case.opened, 2027)
    granted = case.countersigned().signed_off()
    assert of_year(granted.opened, 2026)
    assert of_year(granted.opened, 2027)


def test_a_row_names_the_events_that_it_is_read_from() -> None:
    met = on("entity-list", alike=True)
    case = filed().found(found(on("sdn"))).found(found(met)).assigned()
    case = case.resolved(Verdict.TRUE_MATCH, met).recommended().countersigned().signed_off()
    told = row(case).evidence
    assert [each.type for each in told] == [
        "ApplicationSubmitted",
        "PartiesScreened",
        "MatchResolved",
        "ApplicationGranted",
    ]
    assert [each.event for each in told] == [1, 3, 5, 9]
    assert all(each.position == 100 + each.event for each in told)


def test_aggregates_count_each_case_once_under_what_it_has_and_tell_no_single_value() -> None:
    listed = filed().found(found(on("entity-list")))
    dollars = submitted(submission(item(1, cents=5_00), parties=PARTIES)).found(found(on(MILITARY_END_USER)))
    two = aggregates_of([row(listed), row(dollars)], unsettled=1, over=True)
    assert two.applications == 2
    assert two.by_decision == {"approved": 0, "denied": 0, "returned": 0, "withdrawn": 0, "pending": 2}
    assert two.by_list == {"entity-list": 1, "military-end-user": 1}
    assert two.by_country == {"CN": 2}
    assert (two.unsettled, two.licenses) == (1, 0)
    assert two.value_usd_cents is None


VALUES = {
    "of three": ((1_000, 900, 100), True, 2_000),
    "of two": ((1_000, 900), True, None),
    "of one alone, three times": ((1_000, 0, 0), True, None),
    "the second knows nearly what the first has": ((1_000, 900, 99), True, None),
    "the year is not over": ((1_000, 900, 100), False, None),
    "of four": ((100, 100, 100, 50), True, 350),
    "of nobody": ((), True, None),
}


def of(applicant: str, cents: int, decision: Outcome | None = Outcome.APPROVED) -> Row:
    dollars = row(
        submitted(submission(item(1, cents=5_00), parties=PARTIES)).found(found(on(MILITARY_END_USER)))
    )
    values = (Money(minor_units=cents, currency="USD"),)
    return dollars.model_copy(update={"applicant": applicant, "values": values, "decision": decision})


@pytest.mark.parametrize("case", VALUES)
def test_a_value_is_public_by_which_nobody_knows_what_another_has(case: str) -> None:
    values, over, told = VALUES[case]
    rows = [of(f"applicant-{place}", cents) for place, cents in enumerate(values) if cents]
    assert aggregates_of(rows, unsettled=0, over=over).value_usd_cents == told
    assert aggregates_of([*rows, of("last", 100, None)], unsettled=0, over=over).value_usd_cents is None
    assert aggregates_of(rows, unsettled=1, over=over).value_usd_cents is None


def test_one_applicant_is_one_however_much_it_files() -> None:
    rows = [of("acme", 100), of("acme", 100), of("acme", 100), of("globex", 100)]
    assert aggregates_of(rows, unsettled=0, over=True).value_usd_cents is None


def test_pre_license_checks_are_told_and_proven_and_other_holds_are_not() -> None:
    """Of end-use checks the log knows these (15 CFR 750.4(b)(2))."""
    case = filed().found(found(on("entity-list")))
    assert (row(case).checks, aggregates_of([row(case)], 0, over=True).checks) == ((), 0)
    other = case.after(PlaceHold(kind=HoldKind.GOVERNMENT_CONSULTATION, reason="Talks."))
    assert row(other).checks == ()
    assert row(other).evidence == row(case).evidence
    going = case.held()
    (check,) = row(going).checks
    assert (check.begun, check.ended) == (date(2026, 9, 1), None)
    over = row(going.lifted(1))
    assert [each.ended for each in over.checks] == [date(2026, 9, 1)]
    assert [each.type for each in over.evidence][-2:] == ["HoldPlaced", "HoldLifted"]
    assert aggregates_of([over, over], 0, over=True).checks == 2

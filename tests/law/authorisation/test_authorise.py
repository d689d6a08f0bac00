"""What authorises a shipment: by hand, one condition at a time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from greenlight.kernel.commit import Event
from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.authorisation.answer import LineLeft, Verdict
from greenlight.law.authorisation.authorities import ALSO, NEAREST
from greenlight.law.authorisation.covers import NEW
from greenlight.law.determination.question import Circumstances, Met
from greenlight.law.license.events import (
    ConditionsAccepted,
    LicenseExhausted,
    LicenseExpired,
    LicenseReinstated,
    LicenseReplaced,
    LicenseRevoked,
    LicenseSuspended,
    LicenseVoided,
    TransferApproved,
    TransferRequested,
)
from tests.law.actors import APPLICANT, OFFICER
from tests.law.authorisation.cases import (
    ACTIVITY,
    ALIKE,
    CUSTOMER,
    ISSUED,
    LAST,
    ask,
    holding,
    issued,
    item,
    listings_of,
    shipped,
    terms,
    to,
    undecided,
    wanted,
)
from tests.law.determination.cases import AT, NO

LICENSE, REPRIEVE, NONE, NOT = (
    Verdict.LICENSE,
    Verdict.REPRIEVE,
    Verdict.NOT_REQUIRED,
    Verdict.NOT_AUTHORISED,
)
HOUR = timedelta(hours=1)
BEFORE = AT - HOUR


def test_what_needs_no_license_goes_without_one_and_says_why() -> None:
    answer = ask(wanted("5A991"), licenses=[holding(issued(item(classification="5A991")))])
    assert answer.verdict is NONE
    assert answer.license is None
    assert answer.determination.of("clear")[0].cells == ("AT 1: –",)


def test_a_license_covers_what_it_names_and_says_what_is_left() -> None:
    answer = ask(wanted(quantity=4, value=50), licenses=[holding(issued(), shipped(6, 60, at=BEFORE))])
    assert answer.verdict is LICENSE
    assert answer.license is not None
    assert answer.license.number == "D000001"
    assert answer.license.lines == (LineLeft(0, 1, 4, "pieces", 5_000, "USD"),)
    assert answer.license.valid_through == LAST
    assert answer.provided == ()


SUSPENDED = LicenseSuspended(at=BEFORE, by=OFFICER, reasons="A look", order=None)


@pytest.mark.parametrize(
    ("events", "asked", "why", "remedy"),
    [
        ((issued(at=AT + HOUR),), {}, "was not issued", "a license for this transaction"),
        (
            (
                issued(licensee="other"),
                TransferRequested(at=BEFORE, by=APPLICANT, transferee="acme", reasons="Sale"),
                TransferApproved(at=BEFORE, by=OFFICER, transferee="acme", reasons=None),
            ),
            {"at": BEFORE - HOUR},
            "is not acme's",
            "a transfer",
        ),
        ((issued(item(classification="5A002.a")),), {"items": [wanted("5A002")]}, "does not name 5A002", NEW),
        ((issued(item(classification="5A002.a")),), {"items": [wanted("5A002.b")]}, "does not name", NEW),
        ((issued(),), {"items": [wanted(line=2)]}, "does not name 5A002", NEW),
        ((issued(),), {"items": [wanted(), wanted("3B001")]}, "does not name 3B001", NEW),
        ((issued(),), {"parties": to("Somebody else")}, "ultimate consignee Somebody else (CN)", NEW),
        ((issued(),), {"parties": to("Customer Ltd.", "Another")}, "ultimate consignee Another (CN)", NEW),
        ((issued(),), {"parties": to("Customer Ltd.", country="HK")}, "(HK)", NEW),
        (
            (issued(item(classification="3B001")),),
            {"items": [wanted("3B001")], "destination": "CA"},
            "not for CA",
            NEW,
        ),
        ((issued(conditions=("Report",)),), {}, "conditions that are not accepted", "accept its conditions"),
        ((issued(), SUSPENDED), {}, "is suspended", "reinstatement"),
        ((issued(), LicenseRevoked(at=BEFORE, by=OFFICER, reasons="x", order=None)), {}, "is revoked", NEW),
        ((issued(), LicenseVoided(at=BEFORE, by=OFFICER, statement="False")), {}, "is void", NEW),
        (
            (issued(), LicenseReplaced(at=BEFORE, by=OFFICER, by_license="D000002", change="More")),
            {},
            "is replaced",
            "use the license that replaces it",
        ),
        ((issued(), LicenseExpired(at=BEFORE)), {}, "has expired", NEW),
        ((issued(valid_through=date(2026, 7, 31)),), {}, "is valid through 2026-07-31", NEW),
        (
            (issued(), shipped(10, 90, at=BEFORE), LicenseExhausted(at=BEFORE)),
            {},
            "is exhausted",
            "replacement",
        ),
        (
            (issued(), shipped(6, 10, at=BEFORE)),
            {"items": [wanted(quantity=5)]},
            "has 4 pieces",
            "replacement",
        ),
        ((issued(),), {"items": [wanted(quantity=6), wanted(quantity=5)]}, "has 4 pieces", "replacement"),
        ((issued(),), {"items": [wanted(value=111)]}, "less value left", "replacement"),
        (
            (issued(), shipped(1, 100, at=BEFORE)),
            {"items": [wanted(value=11)]},
            "less value left",
            "replacement",
        ),
    ],
)
def test_a_license_that_misses_one_condition_does_not_do_and_the_answer_says_which(
    events: tuple[Event, ...], asked: dict[str, Any], why: str, remedy: str
) -> None:
    rest = {name: value for name, value in asked.items() if name != "items"}
    answer = ask(*asked.get("items", ()), licenses=[holding(*events)], **rest)
    assert answer.verdict is NOT
    assert answer.license is None
    (miss,) = answer.nearest
    assert miss.what == "license D000001"
    assert why in miss.why
    assert remedy in miss.remedy
    assert remedy in (answer.apply_for or "")


@pytest.mark.parametrize(
    ("events", "asked"),
    [
        ((issued(conditions=("Report",)), ConditionsAccepted(at=AT, by=APPLICANT)), {}),
        ((issued(), SUSPENDED), {"at": BEFORE - HOUR}),
        ((issued(), SUSPENDED, LicenseReinstated(at=AT, by=OFFICER, reasons="Fine")), {}),
        # Until the last moment of its last day in Washington.
        ((issued(),), {"at": datetime(2026, 10, 1, 3, 59, 59, tzinfo=UTC)}),
        ((issued(item(classification="5A002.a")),), {"items": [wanted("5A002.a.1")]}),
        # The value may exceed what is licensed by a tenth, the quantity by nothing.
        ((issued(),), {"items": [wanted(quantity=10, value=110)]}),
        ((issued(), shipped(1, 100, at=BEFORE)), {"items": [wanted(value=10)]}),
        # What goes to the second line does not count against the first.
        ((issued(item(), item(2)),), {"items": [wanted(quantity=6), wanted(quantity=5)]}),
        ((issued(item(), item(2)),), {"items": [wanted(quantity=6, line=2)]}),
        # What needs no license need not be on it.
        ((issued(),), {"items": [wanted("EAR99"), wanted()]}),
        ((issued(),), {"parties": to("CUSTOMER  ltd.")}),
        # Of the future what is on record now is told.
        ((issued(),), {"at": AT + timedelta(days=30)}),
    ],
)
def test_a_license_that_meets_every_condition_does(events: tuple[Event, ...], asked: dict[str, Any]) -> None:
    rest = {name: value for name, value in asked.items() if name != "items"}
    answer = ask(*asked.get("items", ()), licenses=[holding(*events)], **rest)
    assert answer.verdict is LICENSE, answer.nearest
    assert answer.license is not None
    assert answer.license.number == "D000001"


def test_conditions_are_told_and_taken_for_kept() -> None:
    license = holding(issued(conditions=("Report",)), ConditionsAccepted(at=BEFORE, by=APPLICANT))
    answer = ask(licenses=[license])
    assert answer.license is not None
    assert answer.license.conditions == ("Report",)
    assert answer.provided == ("The conditions of the license are kept",)


def test_it_is_answered_as_known_at_an_instant() -> None:
    """The suspension of noon came to the log an hour later."""
    license = holding(issued(at=BEFORE - HOUR), SUSPENDED, delay=HOUR)
    assert ask(licenses=[license]).verdict is NOT
    assert ask(licenses=[license], known_at=AT - timedelta(seconds=1)).verdict is LICENSE
    assert ask(licenses=[license], known_at=AT).verdict is NOT
    unknown = ask(licenses=[license], known_at=BEFORE - timedelta(seconds=1))
    assert "not on record" in unknown.nearest[0].why


def test_a_transfer_moves_the_license_from_one_exporter_to_the_other() -> None:
    license = holding(
        issued(),
        TransferRequested(at=BEFORE, by=APPLICANT, transferee="other", reasons="Sale"),
        TransferApproved(at=BEFORE, by=OFFICER, transferee="other", reasons=None),
    )
    assert ask(licenses=[license], exporter="other").verdict is LICENSE
    assert ask(licenses=[license], exporter="other", at=BEFORE - HOUR).verdict is NOT
    assert ask(licenses=[license], exporter="acme").verdict is NOT
    assert ask(licenses=[license], exporter="acme", at=BEFORE - HOUR).verdict is LICENSE


def test_of_several_licenses_the_one_that_ends_first_is_told_and_the_others_beside_it() -> None:
    licenses = [
        holding(issued(number="D000003")),
        holding(issued(number="D000002", valid_through=date(2026, 8, 31))),
        holding(issued(number="D000001")),
    ]
    answer = ask(licenses=licenses)
    assert answer.license is not None
    assert (answer.license.number, answer.license.also) == ("D000002", ("D000001", "D000003"))


def test_among_many_the_one_that_ends_first_is_found_and_a_few_beside_it() -> None:
    another = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Another", country="CN")
    ends = [date(2026, 7, 1) + timedelta(days=number) for number in range(100)]
    licenses = [
        holding(issued(number=f"D{number:06}", valid_through=end), parties=(CUSTOMER, another))
        for number, end in enumerate(ends, 1)
    ]
    answer = ask(licenses=reversed(licenses))
    assert answer.license is not None
    assert answer.license.valid_through == date(2026, 8, 1)
    assert answer.license.number == "D000032"
    assert answer.license.also == tuple(f"D{number:06}" for number in range(33, 33 + ALSO))
    late = ask(licenses=licenses, at=AT + timedelta(days=100))
    assert [miss.why[:16] for miss in late.nearest] == ["is valid through"] * NEAREST


def test_of_those_that_do_not_do_the_nearest_come_first_and_a_few() -> None:
    licenses = [holding(issued(number=f"D00001{n}", conditions=("x",))) for n in range(6)]
    licenses += [holding(issued(number="D000002"), SUSPENDED)]
    licenses += [holding(issued(number="D000001", valid_through=date(2026, 7, 31)))]
    answer = ask(licenses=licenses)
    assert len(answer.nearest) == NEAREST
    assert answer.nearest[0].what == "license D000001"


def test_a_license_whose_parties_are_not_known_covers_nobody() -> None:
    answer = ask(licenses=[holding(issued(), parties=None)])
    assert answer.verdict is NOT
    assert "parties are not known" in answer.nearest[0].why


def test_a_license_issued_before_destinations_were_told_is_for_those_of_its_parties() -> None:
    old = issued().model_copy(update={"destinations": frozenset[str]()})
    assert ask(licenses=[holding(old)]).verdict is LICENSE
    elsewhere = ask(wanted(), licenses=[holding(old)], destination="RU")
    assert "is not for RU" in elsewhere.nearest[0].why


# Listings, reprieves and prohibitions


HUAWEI = to("Huawei")
FOR_HUAWEI = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei", country="CN")


def test_a_reprieve_waives_what_the_entity_list_requires_and_says_what_to_certify() -> None:
    answer = ask(wanted("5A991"), parties=HUAWEI, reprieves=terms(), activity="networks")
    assert answer.verdict is REPRIEVE
    (under,) = answer.reprieves
    assert (under.entity, under.reprieve, under.term) == ("huawei-technologies", "tgl", 1)
    assert (under.citation, under.certification) == ("84 FR 23468", ACTIVITY.certification)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"activity": None}, "none is named"),
        ({"activity": "devices"}, "does not authorise the activity"),
        ({"at": AT + timedelta(days=31)}, "No term runs"),
        ({"reprieves": terms(["another"])}, "does not cover the entity"),
        ({"items": [wanted("5A002")]}, "there is also: NS: a license is required for China"),
        ({"circumstances": Circumstances()}, "there is also: Not answered"),
        ({"known_at": ISSUED - HOUR}, "not published by then"),
    ],
)
def test_a_reprieve_waives_that_and_nothing_else(asked: dict[str, Any], why: str) -> None:
    plain: dict[str, Any] = {"parties": HUAWEI, "reprieves": terms(), "activity": "networks"}
    rest = {name: value for name, value in asked.items() if name != "items"}
    answer = ask(*asked.get("items", [wanted("5A991")]), **(plain | rest))
    assert answer.verdict is NOT
    assert why in answer.nearest[-1].why
    assert "reviewed under: Presumption of denial" in (answer.apply_for or "")


def test_beyond_the_last_day_of_a_reprieve_it_is_open_with_both_readings() -> None:
    asked: dict[str, Any] = {"parties": HUAWEI, "reprieves": undecided(), "activity": "networks"}
    beyond = AT + timedelta(days=40)
    answer = ask(wanted("5A991"), at=beyond, **asked)
    assert answer.verdict is NOT, "nothing goes by what is open"
    assert [each.verdict for each in answer.readings] == [NOT, REPRIEVE]
    assert answer.settled_by == "what is decided to follow term 1 of reprieve tgl"
    assert answer.reason.startswith("It is not decided yet what follows term 1 of reprieve tgl")
    assert "settles it; reviewed under: Presumption of denial" in (answer.apply_for or "")
    assert answer.nearest[-1].what == "a reprieve for huawei-technologies"
    assert ask(wanted("5A991"), at=AT, **asked).verdict is REPRIEVE
    gone_by = ask(wanted("5A991"), at=beyond, known_at=beyond + timedelta(days=1), **asked)
    assert (gone_by.verdict, gone_by.readings) == (NOT, answer.readings)


@pytest.mark.parametrize(
    "asked",
    [{"destination": "IR"}, {"activity": None}, {"circumstances": Circumstances()}],
    ids=["excluded", "none named", "something else is open"],
)
def test_what_no_extension_would_allow_is_not_open(asked: dict[str, Any]) -> None:
    beyond: dict[str, Any] = {
        "parties": HUAWEI,
        "reprieves": undecided(),
        "activity": "networks",
        "at": AT + timedelta(days=40),
    }
    answer = ask(wanted("5A991"), **(beyond | asked))
    assert (answer.verdict, answer.readings, answer.settled_by) == (NOT, (), None)


def test_a_license_does_where_a_reprieve_is_open() -> None:
    held = holding(issued(item(1, "5A991", 8, 20)), parties=(FOR_HUAWEI,))
    answer = ask(
        wanted("5A991"), parties=HUAWEI, licenses=[held], reprieves=undecided(), at=AT + timedelta(days=40)
    )
    assert (answer.verdict, answer.readings) == (LICENSE, ())


def test_a_license_comes_before_a_reprieve_and_says_if_it_was_not_decided_on_a_listing() -> None:
    asked: dict[str, Any] = {"parties": HUAWEI, "reprieves": terms(), "activity": "networks"}
    blind = holding(issued(item(classification="5A991")), parties=(FOR_HUAWEI,))
    answer = ask(wanted("5A991"), licenses=[blind], **asked)
    assert answer.verdict is LICENSE
    assert answer.provided == (
        "The license was decided with huawei-technologies in view: its record does not say so",
    )
    seeing = holding(
        issued(item(classification="5A991"), entities=["huawei-technologies"]), parties=(FOR_HUAWEI,)
    )
    assert ask(wanted("5A991"), licenses=[seeing], **asked).provided == ()


def test_what_is_not_answered_is_never_taken_for_not_required() -> None:
    answer = ask(wanted("5A991"), circumstances=Circumstances())
    assert answer.verdict is NOT
    assert "cannot be determined" in answer.reason
    assert "an answer to what is open (6)" in (answer.apply_for or "")
    doubted = ask(wanted("5A991"), parties=to("Huawai"))
    assert (doubted.verdict, ALIKE in doubted.reason) == (NOT, True)
    unscreened = ask(wanted("5A991"), parties=to("???"))
    assert unscreened.verdict is NOT
    assert "was not held against the lists" in unscreened.reason


def test_who_could_not_be_screened_is_sent_nothing_under_a_license_either() -> None:
    for name in ("???", "Huawai"):
        party = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="CN")
        answer = ask(licenses=[holding(issued(), parties=(party,))], parties=to(name))
        assert answer.verdict is NOT
        assert f"the screening of the ultimate consignee {name}" in (answer.apply_for or "")


def test_an_end_use_that_needs_a_license_is_told_beside_it() -> None:
    circumstances = NO.model_copy(update={"prohibited_end_use": True})
    answer = ask(
        wanted("EAR99"), licenses=[holding(issued(item(classification="EAR99")))], circumstances=circumstances
    )
    assert answer.verdict is LICENSE
    (said,) = answer.provided
    assert said.startswith("The license was decided with this in view: It is for an end use")


def test_a_license_is_told_with_what_it_takes_for_granted() -> None:
    answer = ask(licenses=[holding(issued())], circumstances=Circumstances())
    assert answer.verdict is LICENSE
    assert [said.rsplit("(", 1)[1] for said in answer.provided] == ["4))", "9))", "10))"]


@pytest.mark.parametrize("name", ["denial_order", "breaks_order_or_terms", "knowledge_of_violation"])
def test_no_license_overcomes_an_order_or_a_violation(name: str) -> None:
    circumstances = NO.model_copy(update={name: True})
    answer = ask(licenses=[holding(issued())], circumstances=circumstances)
    assert answer.verdict is NOT
    assert (answer.apply_for or "").startswith("nothing: a license does not overcome this")


def test_nothing_goes_to_a_denied_person() -> None:
    denied = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Denied", country="CN")
    answer = ask(licenses=[holding(issued(), parties=(denied,))], parties=to("Denied"))
    assert answer.verdict is NOT
    assert "Denied Persons List" in answer.reason


def test_a_license_does_nothing_for_a_party_that_may_have_been_denied_everything_by_then() -> None:
    denied = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Denied", country="CN")
    licenses = [holding(issued(), parties=(denied,))]
    found = listings_of("denied", "CN", AT).listings
    assert found
    listed = found[0]

    def unsure(name: str, country: str | None, at: datetime) -> Met:
        return Met((listed.model_copy(update={"seen": date(2027, 1, 1), "doubt": "of another year"}),))

    answer = ask(licenses=licenses, parties=to("Denied"), lists=unsure)
    assert (answer.verdict, answer.determination.of("required")[0].kind) == (NOT, "control")
    assert answer.reason.endswith("of another year")
    assert "the Denied Persons List of that day" in (answer.apply_for or "")


def test_with_nothing_near_the_answer_says_what_to_apply_for() -> None:
    answer = ask(licenses=[holding(issued(licensee="other"))])
    assert answer.verdict is NOT
    assert answer.nearest == ()
    assert answer.apply_for == NEW


def test_a_holding_begins_with_its_issue() -> None:
    with pytest.raises(ValueError, match="begins with its issue"):
        holding(SUSPENDED, parties=(CUSTOMER,))

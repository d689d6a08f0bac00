"""Whether a license is required: by hand, one reason at a time."""

import pytest

from greenlight.law.determination.question import Circumstances, Listed, Met, met
from greenlight.law.determination.reason import Outcome
from greenlight.law.review import Posture
from greenlight.reference.rules import load_rules
from tests.law.determination.cases import ALL_ITEMS, HUAWEI, NO, ask, party

REQUIRED, NOT_REQUIRED, OPEN = Outcome.REQUIRED, Outcome.NOT_REQUIRED, Outcome.CANNOT_DETERMINE


@pytest.mark.parametrize(
    ("items", "destination", "outcome"),
    [
        ("EAR99", "CN", NOT_REQUIRED),
        ("5A991", "CN", NOT_REQUIRED),
        ("5A002", "CN", REQUIRED),
        ("5A002", "CA", NOT_REQUIRED),
        ("5A991 5A002", "CN", REQUIRED),
        # Exceptions and inclusions; an entry without its paragraph may be either.
        ("0A606.a", "CN", REQUIRED),
        ("0A606", "CN", OPEN),
        ("0A606.y", "CA", OPEN),  # no control is printed for that paragraph
        ("0A606", "CA", OPEN),  # nor, perhaps, for this one
        ("1A004.d.1", "CN", REQUIRED),
        ("1A004", "CN", OPEN),
        ("1A004", "CA", NOT_REQUIRED),  # wherever it belongs, no X stands there
        # What is not understood matters where an X stands.
        ("0A502", "CN", OPEN),
        ("0A502", "CA", NOT_REQUIRED),
        ("9A991", "CA", OPEN),
        ("9A991", "CN", OPEN),
        ("3B001", "CA", REQUIRED),
        ("0A983", "CA", REQUIRED),
        ("5A001.f.1", "CA", REQUIRED),
        ("5A001.f", "CA", OPEN),
        ("5A001.g", "CA", NOT_REQUIRED),
        # Entries that say less than one has to know, or nothing.
        ("9A018", "CA", OPEN),
        ("6A992", "CA", OPEN),
        ("7A999", "CA", OPEN),
        # Destinations: embargoed, in no row, with footnotes.
        ("EAR99", "IR", OPEN),
        ("5A002", "IR", OPEN),
        ("3B001", "IR", REQUIRED),
        ("EAR99", "AQ", OPEN),
        ("5A002", "AQ", OPEN),
        ("EAR99", "RU", OPEN),
        ("5A991", "RU", REQUIRED),
        ("EAR99", "SD", OPEN),
        ("5A991", "UA", NOT_REQUIRED),
    ],
)
def test_items_and_destinations(items: str, destination: str, outcome: Outcome) -> None:
    assert ask(items, destination).outcome is outcome


@pytest.mark.parametrize(
    ("items", "answer", "outcome"),
    [
        ("5A991", None, OPEN),
        ("5A991", False, NOT_REQUIRED),
        ("5A991", True, REQUIRED),
        ("EAR99", True, OPEN),  # food and medicine are excepted
    ],
)
def test_an_occupied_region_is_asked_about_where_the_row_says_so(
    items: str, answer: bool | None, outcome: Outcome
) -> None:
    circumstances = NO.model_copy(update={"occupied_region": answer})
    assert ask(items, "UA", circumstances=circumstances).outcome is outcome
    assert ask(items, "CA", circumstances=circumstances).outcome is NOT_REQUIRED


@pytest.mark.parametrize("name", [name for name in Circumstances.model_fields if name != "occupied_region"])
def test_each_general_prohibition_is_asked_about_and_none_is_taken_for_answered(name: str) -> None:
    unanswered, so = (NO.model_copy(update={name: answer}) for answer in (None, True))
    left_open = ask("EAR99", "CA", circumstances=unanswered)
    assert left_open.outcome is OPEN
    (reason,) = left_open.of("open")
    assert reason.citation == f"15 CFR 736.2(b)({reason.prohibition})"
    assert ask("EAR99", "CA", circumstances=so).outcome is REQUIRED
    assert ask("5A002", "CN", circumstances=unanswered).outcome is REQUIRED


def test_a_listing_makes_a_license_necessary_whatever_the_item() -> None:
    found = ask("EAR99", "CA", party(HUAWEI, country="CA"))
    assert found.outcome is REQUIRED
    (reason,) = found.of("required")
    assert (reason.listing, reason.prohibition) == ("huawei-technologies", 5)
    assert reason.citation == "15 CFR 744.11, 744.16; 84 FR 22961"
    assert not found.exceptions.remain
    assert [(each.text, each.posture) for each in found.review] == [
        ("Presumption of denial", Posture.PRESUMPTION_OF_DENIAL)
    ]


@pytest.mark.parametrize(
    ("requirement", "ear99", "listed"),
    [
        (ALL_ITEMS, REQUIRED, REQUIRED),
        ("For all items subject to the EAR, see §§ 734.9(e)¹ and 744.11 of the EAR²", REQUIRED, REQUIRED),
        ("All Items Subject to the EAR", REQUIRED, REQUIRED),
        ("For all items on the CCL. (See § 744.11)", NOT_REQUIRED, REQUIRED),
        ("For all items subject to the EAR, except EAR99", OPEN, OPEN),
        ("For all items subject to the EAR when used in projects", OPEN, OPEN),
        ("For any item listed in supplement no. 2 to part 744.", OPEN, OPEN),
        (None, OPEN, OPEN),
    ],
)
def test_what_a_listing_requires_is_read_from_its_words(
    requirement: str | None, ear99: Outcome, listed: Outcome
) -> None:
    entry = HUAWEI.model_copy(update={"license_requirement": requirement})
    assert ask("EAR99", "CA", party(entry)).outcome is ear99
    assert ask("5A991", "CA", party(entry)).outcome is listed


@pytest.mark.parametrize(
    ("source_list", "outcome"),
    [
        ("entity-list", REQUIRED),
        ("denied-persons", REQUIRED),
        ("unverified", OPEN),
        ("sdn", OPEN),
        ("aeca-debarred", OPEN),
        ("something-new", OPEN),
    ],
)
def test_what_a_listing_means_depends_on_its_list(source_list: str, outcome: Outcome) -> None:
    entry = HUAWEI.model_copy(update={"source_list": source_list})
    assert ask("EAR99", "CA", party(entry, country="CA")).outcome is outcome


def test_no_exception_is_left_for_an_unverified_party_whatever_else_requires_a_license() -> None:
    unverified = Listed(listing="someone", source_list="unverified", citation="90 FR 1")
    assert ask("5A002", "CN").exceptions.remain
    answer = ask("5A002", "CN", party(unverified))
    assert not answer.exceptions.remain
    assert "744.15" in answer.exceptions.citation


def test_a_name_that_is_alike_leaves_it_open_unless_it_is_that_of_an_affiliate() -> None:
    sdn = HUAWEI.model_copy(update={"source_list": "sdn", "listing": "other"})
    assert met((HUAWEI,), (HUAWEI,)) == Met((HUAWEI,))
    found = met((), (HUAWEI, *(sdn,) * 6))
    assert (found.listings, found.doubt) == (
        (),
        "may be huawei-technologies (Entity List)"
        + ", other (Specially Designated Nationals)" * 4
        + " and 2 more: the names are alike",
    )
    doubted = party().model_copy(update={"doubt": met((HUAWEI,), (sdn,)).doubt})
    assert ask("EAR99", "CA", party(country="CA")).outcome is NOT_REQUIRED
    assert ask("EAR99", "CA", doubted.model_copy(update={"country": "CA"})).outcome is OPEN


def test_exceptions_remain_unless_a_reason_bars_them_and_an_entry_may_leave_some() -> None:
    assert ask("5A002", "CN").exceptions.remain
    assert not ask("0A983", "CN").exceptions.remain
    assert ask("5A001.f.1", "CN").exceptions.text.startswith("None but GOV")
    assert not ask("5A001.f.1 0A983", "CN").exceptions.remain
    overcome = f"{ALL_ITEMS} This license requirement may be overcome by License Exception GOV."
    entry = HUAWEI.model_copy(update={"license_requirement": overcome})
    found = ask("EAR99", "CA", party(entry))
    assert found.outcome is REQUIRED
    assert found.exceptions.remain


def test_the_strictest_review_policy_comes_first() -> None:
    policies = ("Case-by-case basis", "Presumption of approval", "See § 744.3(d)", "Policy of denial.")
    listings = [HUAWEI.model_copy(update={"review_policy": policy}) for policy in policies]
    assert [each.text for each in ask("EAR99", "CA", party(*listings)).review] == [
        "Policy of denial.",
        "See § 744.3(d)",
        "Case-by-case basis",
        "Presumption of approval",
    ]


def test_who_was_not_screened_leaves_it_open_and_so_does_having_no_party() -> None:
    assert ask("EAR99", "CA", party(screened=False)).outcome is OPEN
    from greenlight.law.determination.determine import determine
    from greenlight.law.determination.question import Question
    from tests.law.determination.cases import AT, TABLES, item

    asked = Question(items=(item("EAR99"),), destination="CA", parties=(), circumstances=NO, at=AT)
    assert determine(asked, TABLES, load_rules()).outcome is OPEN


def test_a_party_in_an_embargoed_country_leaves_it_open_wherever_the_goods_go() -> None:
    assert ask("EAR99", "CA", party(country="IR")).outcome is OPEN
    assert ask("EAR99", "CA", party(country="CN")).outcome is NOT_REQUIRED


def test_a_control_is_explained_by_its_words_and_its_cells() -> None:
    (reason,) = ask("5A002", "CN").of("required")
    assert reason.control == "NS applies to entire entry"
    assert reason.refers == "NS Column 1."
    assert reason.cells == ("NS 1: X",)
    assert reason.citation == "15 CFR 738.4(a); the list"
    assert [each.cells for each in ask("5A002", "CN").of("clear") if each.kind == "control"] == [("AT 1: –",)]


def test_a_denied_person_may_be_sent_nothing_under_an_exception() -> None:
    denied = Listed(listing="someone", source_list="denied-persons", citation="90 FR 1")
    found = ask("EAR99", "CA", party(denied))
    assert found.of("required")[0].prohibition == 4
    assert not found.exceptions.remain
    assert found.review == ()

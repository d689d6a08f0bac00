"""A listed name in a field that holds more than it."""

from datetime import UTC, date, datetime

import pytest

from greenlight.reference.names import ListedNames
from greenlight.screening.book import Listing, ListingBook, ListingTerms
from greenlight.screening.finding import Finding, ScreenedParty
from greenlight.screening.parts import MOST, holds_too_many, parts
from greenlight.screening.screen import screen

AT = datetime(2026, 8, 1, tzinfo=UTC)
LISTED = datetime(2019, 5, 16, tzinfo=UTC)
FIRM, PERSON, VESSEL = "Quillbrook Optics Co., Ltd.", "Ottokar Zubrov Vexler", "Larkmoor Dusk"


def listing(key: str, name: str, kind: str) -> Listing:
    terms = ListingTerms(
        effective=LISTED, license_requirement="All items", review_policy="Denial", citation="84 FR 1"
    )
    return Listing.model_validate(
        {
            "key": key,
            "name": name,
            "kind": kind,
            "countries": ("CN",),
            "listed": LISTED,
            "citation": "84 FR 1",
            "terms": (terms,),
        }
    )


BOOK = ListingBook(
    id="test-list",
    title="A list",
    source="A test",
    retrieved=date(2026, 7, 31),
    version="sha256:" + "0" * 64,
    listings=(
        listing("firm", FIRM, "organisation"),
        listing("person", "VEXLER, Ottokar Zubrov", "person"),
        listing("vessel", "LARKMOOR DUSK", "vessel"),
        listing("common", "Development Trading Co.", "organisation"),
        listing("tail", "RA-78999", "vessel"),
    ),
)

OF_ANYBODY = """
{}, 12 Harbour Road, Lutz
{}, Building 5, Lutz
{}, Harbour Road, Lutz
{} 12 Harbour Road
{} P.O. Box 12
{}, Phone: 021-555-1234
{} tel. +86 21 5555 1234
{} +86 21 5555 1234
{} sales@tarn.example
{}, e-mail: sales@tarn.example
{} www.tarn.example
{} (VAT GB123456789)
{}, tax no. 12345
Tarn Weir d/b/a {}
{} dba Tarn Weir
{} a.k.a. Tarn Weir
Tarn Weir, trading as {}
Tarn Inc. f/k/a {}
{}, formerly Tarn Inc.
{}, Attn: Mr Weir
Tarn Ltd on behalf of {}
c/o {}
Tarn Weir c/o {}
End user: {}
Consignee - {}
Tarn Inc, a wholly-owned subsidiary of {}
Lutz Branch of {}
{}, Lutz Branch
Owner of {}
Tarn Weir and {}
{} & Tarn Weir
Tarn Weir, {}
Tarn / {}
Tarn; {}
Tarn|{}
Tarn\\n{}
{}\\r\\nTarn
{} - Tarn Weir
Tarn \N{EN DASH} {}
Tarn ({})
{} [Tarn Weir]
Tarn ({}
""".strip().splitlines()
OF_A_PERSON = """
{} DOB 1 Jan 1970
{}, born 1 Jan 1970
{} passport A1234567
{} ID no. 123456
Estate of {}
{} & Sons
{} Trading LLC
""".strip().splitlines()
OF_A_VESSEL = """
{} IMO 9123456
{} (IMO 9123456)
{} MMSI 123456789
{} call sign TARN
M/V {}
S/S {}
LPG/C {}
Captain of {}
Motor Vessel {}
the vessel {}
Aircraft {}
Boeing 747 {}
""".strip().splitlines()


def screened(name: str) -> Finding:
    (finding,) = screen([ScreenedParty(role="end_user", ordinal=0, name=name)], BOOK, AT)
    return finding


@pytest.mark.parametrize(
    ("form", "name"),
    [(form, name) for form in OF_ANYBODY for name in (FIRM, PERSON, VESSEL)]
    + [(form, PERSON) for form in OF_A_PERSON]
    + [(form, VESSEL) for form in OF_A_VESSEL],
)
def test_a_listed_name_with_something_else_in_its_field_is_a_possible_match(form: str, name: str) -> None:
    finding = screened(form.replace("\\n", "\n").replace("\\r", "\r").format(name))
    assert finding.outcome == "possible_match"
    (match,) = finding.matches
    assert match.listing == {FIRM: "firm", PERSON: "person", VESSEL: "vessel"}[name]
    assert not match.same_name


def test_the_finding_says_which_part_was_compared() -> None:
    (match,) = screened(f"Tarn Weir; {PERSON}").matches
    assert f"compared in part: {PERSON}" in match.explanation
    assert match.score == 100.0


def test_each_listed_name_of_a_field_is_found() -> None:
    found = screened(f"{FIRM}; {PERSON} / {VESSEL}").matches
    assert {match.listing for match in found} == {"firm", "person", "vessel"}


def test_a_slip_in_a_part_is_found() -> None:
    assert screened("Tarn Weir d/b/a Quilbrook Optics").outcome == "possible_match"


@pytest.mark.parametrize("name", ["Development Trading", "RA-78999"])
def test_a_part_that_says_little_is_found_where_it_is_the_very_name(name: str) -> None:
    assert screened(f"Tarn Weir c/o {name}").outcome == "possible_match"


def test_a_part_that_says_little_is_not_found_where_it_is_only_like_a_name() -> None:
    assert screened("Tarn Weir c/o Trading").outcome == "no_match"
    assert screened("Tarn Weir c/o RA-78998").outcome == "no_match"


def test_a_word_with_its_legal_form_is_a_name_beside_another() -> None:
    assert parts("Tarn Ltd and Weir LLC") == ("Tarn Ltd", "Weir LLC")
    assert parts("Tarn Weir GmbH & Co. KG") == ("Tarn Weir GmbH",)


def test_a_name_behind_an_address_is_found() -> None:
    assert screened(f"Tarn Ltd, 12 Harbour Road, Lutz and {FIRM}").outcome == "possible_match"
    assert screened(f"Tarn Ltd, tel. 021-555-1234, {FIRM}").outcome == "possible_match"


def test_numbers_before_a_name_do_not_hide_it() -> None:
    numbers = "; ".join(map(str, range(MOST + 2)))
    assert PERSON in parts(f"{numbers}; {PERSON} tel. 021-555-1234; Tarn")


def test_determination_asks_in_the_same_way() -> None:
    met = ListedNames(BOOK)(f"Tarn Weir c/o {FIRM}", None, AT)
    assert "firm" in (met.doubt or "")


@pytest.mark.parametrize("name", [FIRM, PERSON, VESSEL, "Tarn", "Science & Technology", "Tarn and Weir Ltd"])
def test_a_plain_name_has_no_parts(name: str) -> None:
    assert parts(name) == ()


@pytest.mark.parametrize(
    ("field", "held"),
    [
        ("Tarn Ltd; Weir Ltd", ("Tarn Ltd", "Weir Ltd")),
        ("Tarn A/S", ()),
        ("Tarn Ltd, 12 Weir Road", ("Tarn Ltd",)),
        ("Tarn Ltd tel. 021-555-1234", ("Tarn Ltd",)),
        ("Tarn and Sons", ()),
        ("Tarn, Lode and Weir, 5 Dusk Road", ("Tarn, Lode and Weir",)),
        ("Tarn Moor, Weir Fen and Lode Beck", ("Tarn Moor", "Weir Fen", "Lode Beck")),
    ],
)
def test_a_field_holds_these_names(field: str, held: tuple[str, ...]) -> None:
    assert parts(field)[: len(held)] == held
    assert held or parts(field) == ()
    assert "Weir" not in parts(field)


@pytest.mark.parametrize("field", ["Lutz, Dusk Road 5", "Ltd.; Shanghai", "Tarn / Trading Company", "; ; ;;"])
def test_parts_that_say_nothing_of_who_it_is_meet_nobody(field: str) -> None:
    assert screened(field).outcome in ("no_match", "could_not_screen")


def test_a_field_with_more_parts_than_are_looked_at_clears_nobody() -> None:
    field = ", ".join(f"tarn{chr(97 + at)} weir{chr(97 + at)}" for at in range(18))
    assert holds_too_many(field)
    assert len(parts(field)) == MOST
    finding = screened(field)
    assert (finding.outcome, finding.curable) == ("could_not_screen", False)
    met = ListedNames(BOOK)(field, None, AT)
    assert met.listings is None
    assert "parts" in (met.doubt or "")

"""Screening: who is found, who is not, and what could not be screened."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from greenlight.screening.book import Alias, Listing, ListingBook, ListingTerms
from greenlight.screening.compare import Comparison
from greenlight.screening.finding import MAX_MATCHES, Finding, ScreenedParty
from greenlight.screening.index import IndexedName, NameIndex, name_index
from greenlight.screening.screen import screen

# How long one example takes says nothing here, and a busy machine must not fail a property.
unhurried = settings(deadline=None)

LISTED = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
ADDED = datetime(2019, 8, 19, 4, tzinfo=UTC)
AMENDED = datetime(2022, 9, 9, 4, tzinfo=UTC)
TERMS = (
    ListingTerms(
        effective=LISTED,
        license_requirement="For all items subject to the EAR",
        review_policy="Presumption of denial",
        citation="84 FR 22961",
    ),
    ListingTerms(
        effective=AMENDED,
        license_requirement="For all items subject to the EAR, as amended",
        review_policy="Presumption of denial",
        citation="87 FR 55250",
    ),
)


def listing(key: str, name: str, *, listed: datetime = LISTED, **more: object) -> Listing:
    base = Listing(key=key, name=name, countries=("CN",), listed=listed, citation="84 FR 22961", terms=TERMS)
    return Listing.model_validate(base.model_dump() | more)


def book(*listings: Listing) -> ListingBook:
    return ListingBook(
        id="test-list",
        title="A list",
        source="A test",
        retrieved=date(2019, 9, 1),
        version="sha256:" + "0" * 64,
        listings=listings,
    )


HUAWEI = listing(
    "huawei-technologies",
    "Huawei Technologies Co., Ltd.",
    aliases=(Alias(name="Huawei"), Alias(name="华为技术有限公司", source="Its own name")),
    note="A note",
)
BOOK = book(HUAWEI, listing("huawei-cuba", "Huawei Cuba", listed=ADDED))


def party(name: str, ordinal: int = 0) -> ScreenedParty:
    return ScreenedParty(role="end_user", ordinal=ordinal, name=name)


def only(
    name: str, at: datetime = AMENDED, of: ListingBook = BOOK, max_age: timedelta | None = None
) -> Finding:
    (finding,) = screen([party(name)], of, at, max_age=max_age)
    return finding


@pytest.mark.parametrize(
    ("name", "matched", "kind"),
    [
        ("Huawei Technologies Co., Ltd.", "Huawei Technologies Co., Ltd.", "name"),
        ("HUAWEI TECHNOLOGIES CO LTD", "Huawei Technologies Co., Ltd.", "name"),
        ("Huawei", "Huawei", "alias"),
        ("华为技术有限公司", "华为技术有限公司", "alias"),
    ],
)
def test_a_listed_party_is_found_by_name_or_alias(name: str, matched: str, kind: str) -> None:
    finding = only(name)
    assert finding.outcome == "listed"
    (match,) = finding.matches
    assert (match.listing, match.matched_name, match.matched_as) == ("huawei-technologies", matched, kind)
    assert (match.citation, match.terms_citation) == ("84 FR 22961", "87 FR 55250")
    assert match.source_list == "entity-list"
    assert match.review_policy == "Presumption of denial"
    assert match.note == "A note"


def test_a_match_by_an_alias_that_the_list_does_not_print_says_so() -> None:
    assert only("华为技术有限公司").matches[0].alias_source == "Its own name"
    assert only("Huawei").matches[0].alias_source is None


def test_a_name_that_is_alike_is_a_possible_match_that_explains_itself() -> None:
    finding = only("Huawai Technologies")
    assert finding.outcome == "possible_match"
    (match,) = finding.matches
    assert (match.listing, match.same_name) == ("huawei-technologies", False)
    assert 75 <= match.score < 100
    assert (
        "huawei met huawai: misspelt" in match.explanation
        or "huawai met huawei: misspelt" in match.explanation
    )


def test_a_name_that_is_hardly_alike_is_not_found() -> None:
    finding = only("Hawaii Technologies LLC")
    assert (finding.outcome, finding.matches, finding.reason) == ("no_match", (), None)


def test_the_same_name_comes_first_and_who_is_alike_after_it() -> None:
    near = listing("huawai", "Huawai Technologies")
    finding = only("Huawei", of=book(near, HUAWEI))
    assert finding.outcome == "listed"
    assert [(match.listing, match.same_name) for match in finding.matches] == [
        ("huawei-technologies", True),
        ("huawai", False),
    ]


def test_a_possible_match_counts_only_while_the_listing_does() -> None:
    assert only("Huawai", LISTED - timedelta(seconds=1)).outcome == "no_match"
    assert only("Huawai", LISTED).outcome == "possible_match"


def test_country_and_address_are_told_and_neither_makes_a_match_nor_undoes_one() -> None:
    address = "Bantian, Longgang District, Shenzhen"
    listed = book(listing("huawei-technologies", "Huawei Technologies", addresses=(address,)))
    for country, address, told in (
        ("CN", "Longgang, Shenzhen", ("CN is among", "2 of the 2")),
        ("CL", "Santiago", ("CL is not among", "0 of the 1")),
    ):
        asked = party("Huawai Technologies").model_copy(update={"country": country, "address": address})
        (finding,) = screen([asked], listed, AMENDED)
        assert finding.outcome == "possible_match"
        lines = [line for line in finding.matches[0].explanation if line.startswith("evidence: ")]
        assert all(
            line.removeprefix("evidence: ").startswith(start) for line, start in zip(lines, told, strict=True)
        )
        nobody = asked.model_copy(update={"name": "Acme Baking"})
        assert screen([nobody], listed, AMENDED)[0].outcome == "no_match"


@pytest.mark.parametrize(
    ("addresses", "address", "told"),
    [
        (("CN",), "Bantian, Shenzhen, CN", []),
        (("CN", "Bantian, Shenzhen, CN"), "Bantian, Shenzhen, CN", ["2 of the 2 words"]),
        (("Bantian, Shenzhen, CN",), "CN", []),
        (("Bantian, Shenzhen, CN",), "Santiago, CL", ["0 of the 1 words"]),
        ((), "Santiago, CL", []),
    ],
)
def test_a_country_alone_is_no_address(addresses: tuple[str, ...], address: str, told: list[str]) -> None:
    listed = book(listing("huawei", "Huawei", addresses=addresses, countries=()))
    asked = party("Huawei").model_copy(update={"country": "CN", "address": address})
    (finding,) = screen([asked], listed, AMENDED)
    lines = [line for line in finding.matches[0].explanation if line.startswith("evidence: ")]
    assert [line.removeprefix("evidence: ")[:16] for line in lines] == told


@pytest.mark.parametrize(
    "name",
    ["বাংলা ট্রেডিং", "ไทยเทรดดิ้ง", "ខ្មែរ", "မြန်မာ", "ລາວ Trading", "ኢትዮጵያ", "서울", "さくら", "贝拉克·奥巴马"],
)
def test_who_is_in_letters_that_rule_nobody_out_could_not_be_screened(name: str) -> None:
    finding = only(name)
    assert (finding.outcome, finding.curable) == ("could_not_screen", False)
    assert finding.reason is not None
    assert not any(word in finding.reason for word in name.split())


def test_who_is_met_in_letters_that_rule_nobody_out_is_found() -> None:
    finding = only("हुआवेई")
    assert [match.listing for match in finding.matches] == ["huawei-technologies"]
    assert "nobody else is ruled out: Devanagari names have many spellings" in finding.matches[0].explanation


def test_equal_parties_are_compared_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    similar = NameIndex.similar

    def counted(index: NameIndex, name: str) -> list[tuple[IndexedName, Comparison]]:
        asked.append(name)
        return similar(index, name)

    monkeypatch.setattr(NameIndex, "similar", counted)
    fifty = [party("Huawai", ordinal) for ordinal in range(49)]
    elsewhere = party("Huawai", 49).model_copy(update={"country": "CN", "role": "purchaser"})
    findings = screen([*fifty, elsewhere], BOOK, AMENDED)
    assert asked == ["Huawai", "Huawai"]
    assert [finding.ordinal for finding in findings] == [*range(50)]
    assert [finding.role for finding in findings[-2:]] == ["end_user", "purchaser"]
    assert {len(finding.matches[0].explanation) for finding in findings} == {2, 3}


def test_of_two_alike_the_one_of_the_party_s_country_comes_first() -> None:
    there = listing("there", "Zelmash Turbine", countries=("RU",))
    here = listing("here", "Zelmash Turbine", countries=("CN",))
    for country, first in (("RU", "there"), ("CN", "here")):
        asked = party("Zelmasch Turbine").model_copy(update={"country": country})
        (finding,) = screen([asked], book(there, here), AMENDED)
        assert finding.matches[0].listing == first


def test_people_and_vessels_are_compared_as_what_they_are() -> None:
    listed = book(
        listing("orlenko", "ORLENKO, Viktor Ivanovich", kind="person"),
        listing("don", "Volgo-Don 5013", kind="vessel"),
    )
    assert only("Viktor Orlenko", of=listed).outcome == "possible_match"
    assert only("V. Orlenko", of=listed).matches[0].listing == "orlenko"
    assert only("M/V Volgo Don 5013", of=listed).matches[0].listing == "don"
    assert only("Volgo-Don 5014", of=listed).outcome == "no_match"


UNTYPED = book(
    *(
        listing(name.lower().replace(" ", "-"), name, kind="unknown")
        for name in ("QUENTIN MARLOW ASHBEE", "Louis Joseph Brothers", "Morwen Optical Institute", "Ravenna")
    )
)


@pytest.mark.parametrize(
    ("name", "met"),
    [
        ("Quentin M. Ashbee", "quentin-marlow-ashbee"),
        ("Dr. Quentin Ashbee", "quentin-marlow-ashbee"),
        ("ASHBEE, Quentin Marlow", "quentin-marlow-ashbee"),
        ("Mr. Louis J. Brothers", "louis-joseph-brothers"),
        ("Morwen Optics Inst.", "morwen-optical-institute"),
    ],
)
def test_an_entry_without_a_type_is_met_as_a_person_and_as_an_organisation(name: str, met: str) -> None:
    assert [match.listing for match in only(name, of=UNTYPED).matches] == [met]


@pytest.mark.parametrize(
    "name", ["Dr. Morwen Optical", "Morwen O. Institute", "Dr. Ashbee", "Ravenna Ashbee"]
)
def test_a_name_of_business_is_not_tried_as_a_person_s(name: str) -> None:
    assert only(name, of=UNTYPED).outcome == "no_match"


def test_a_listing_counts_from_the_instant_it_takes_effect() -> None:
    assert only("Huawei", LISTED - timedelta(seconds=1)).outcome == "no_match"
    assert only("Huawei", LISTED).outcome == "listed"
    assert only("Huawei", LISTED.astimezone(timezone(timedelta(hours=-4)))).outcome == "listed"
    assert only("Huawei Cuba", datetime(2019, 7, 15, tzinfo=UTC)).outcome == "no_match"
    assert only("Huawei Cuba", ADDED).outcome == "listed"


def test_a_listing_counts_until_the_instant_it_is_removed() -> None:
    removed = book(listing("gone", "Gone Trading", removed=AMENDED))
    assert only("Gone Trading", AMENDED - timedelta(seconds=1), removed).outcome == "listed"
    assert only("Gone Trading", AMENDED, removed).outcome == "no_match"


def test_the_terms_are_those_in_force_at_the_instant() -> None:
    assert only("Huawei", AMENDED - timedelta(seconds=1)).matches[0].terms_citation == "84 FR 22961"
    assert only("Huawei", AMENDED).matches[0].license_requirement.endswith("as amended")


def test_every_listing_of_the_same_name_is_a_match_and_one_listing_is_one_match() -> None:
    twice = listing("first", "Twin Trading", aliases=(Alias(name="TWIN TRADING LTD"),))
    finding = only("twin trading", of=book(twice, listing("second", "Twin Trading Co.")))
    assert [match.listing for match in finding.matches] == ["first", "second"]


def test_matches_beyond_the_limit_are_counted() -> None:
    many = book(*(listing(f"twin-{number}", "Twin Trading") for number in range(MAX_MATCHES + 3)))
    finding = only("Twin Trading", of=many)
    assert (finding.outcome, len(finding.matches), finding.matches_left_out) == ("listed", MAX_MATCHES, 3)


def test_findings_come_in_the_order_of_the_parties_with_role_and_ordinal() -> None:
    parties = [
        ScreenedParty(role="purchaser", ordinal=4, name="Acme"),
        ScreenedParty(role="end_user", ordinal=0, name="Huawei"),
    ]
    findings = screen(parties, BOOK, AMENDED)
    assert [(f.role, f.ordinal, f.outcome) for f in findings] == [
        ("purchaser", 4, "no_match"),
        ("end_user", 0, "listed"),
    ]
    assert {(f.list_id, f.list_version) for f in findings} == {(BOOK.id, BOOK.version)}
    assert screen([], BOOK, AMENDED) == ()


@pytest.mark.parametrize("name", ["", "...", "—·—", "\u200b", "😀"])
def test_a_name_without_letters_is_past_cure(name: str) -> None:
    finding = only(name)
    assert (finding.outcome, finding.curable) == ("could_not_screen", False)
    assert finding.reason == "the name has neither letters nor digits"


def test_a_name_of_nothing_but_legal_forms_is_the_same_as_one_that_is_written_so() -> None:
    listed = book(listing("uab", "UAB"), listing("as", "Al"), listing("forms", "A.S. Company Asa"))
    assert only("UAB", of=listed).outcome == "listed"
    assert [match.listing for match in only("Uab.", of=listed).matches] == ["uab"]
    for name in ("AS Company S.A.", "公司", "Co., Ltd.", "Oy UAB"):
        assert only(name, of=listed).outcome == "no_match"


def test_an_empty_book_could_not_screen_anyone() -> None:
    finding = only("Acme", of=book())
    assert (finding.outcome, finding.reason) == ("could_not_screen", "the list is empty")
    assert finding.curable


def test_a_book_that_is_too_old_could_not_screen_anyone() -> None:
    at = datetime(2019, 9, 8, tzinfo=UTC)
    assert only("Acme", at, max_age=timedelta(days=7)).outcome == "no_match"
    late = only("Huawei", at + timedelta(seconds=1), max_age=timedelta(days=7))
    assert late.outcome == "could_not_screen"
    assert late.reason is not None
    assert "2019-09-01" in late.reason
    assert only("Acme", at + timedelta(days=3650)).outcome == "no_match"


def test_an_instant_without_a_time_zone_could_not_screen_anyone() -> None:
    assert only("Huawei", datetime(2020, 1, 1)).outcome == "could_not_screen"


def test_a_failure_is_a_finding_that_does_not_repeat_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> str:
        raise LookupError(name)

    monkeypatch.setattr("greenlight.screening.screen.normalise", broken)
    finding = only("Secret Buyer")
    assert finding.outcome == "could_not_screen"
    assert finding.reason == "the comparison failed: LookupError"


def test_an_index_that_cannot_be_built_is_a_finding_for_each_party(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: ListingBook) -> None:
        raise MemoryError

    monkeypatch.setattr("greenlight.screening.screen.name_index", broken)
    findings = screen([party("Huawei"), party("Acme", 1)], BOOK, AMENDED)
    assert {finding.outcome for finding in findings} == {"could_not_screen"}


@unhurried
@given(st.text(max_size=300), st.booleans())
def test_every_party_gets_a_finding_and_an_empty_book_never_a_no_match(name: str, empty: bool) -> None:
    finding = only(name, of=book() if empty else BOOK)
    assert Finding.model_validate_json(finding.model_dump_json()) == finding
    assert not (empty and finding.outcome != "could_not_screen")


@pytest.mark.parametrize(
    "contradiction",
    [
        {"outcome": "listed"},
        {"outcome": "possible_match"},
        {"outcome": "could_not_screen"},
        {"outcome": "no_match", "reason": "why"},
        {"outcome": "no_match", "curable": False},
        {"outcome": "clear"},
    ],
)
def test_a_finding_cannot_contradict_itself(contradiction: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Finding.model_validate(
            {"role": "end_user", "ordinal": 0, "list_id": "test", "list_version": "1"} | contradiction
        )


def test_the_index_is_built_once_for_a_book_and_anew_for_a_changed_one() -> None:
    assert name_index(BOOK) is name_index(BOOK)
    changed = BOOK.model_copy(update={"listings": (HUAWEI,)})
    assert only("Huawei Cuba", of=changed).outcome == "no_match"
    assert only("Huawei Cuba").outcome == "listed"


@pytest.mark.parametrize("padding", ["Ltd " * 90, "Lutz Lamps " * 27, "\ufdfa" * 15 + " "])
def test_nobody_is_cleared_by_a_name_longer_than_what_is_compared(padding: str) -> None:
    finding = only(f"{padding}Quillbrook Optics", of=book(listing("quillbrook", "Quillbrook Optics")))
    assert (finding.outcome, finding.curable) == ("could_not_screen", False)
    assert "longer than what is compared" in (finding.reason or "")
    assert "Quillbrook" not in (finding.reason or "")


def test_nobody_is_cleared_in_a_script_that_leaves_vowels_out() -> None:
    listed = book(listing("quillbrook", "Quillbrook Optics"))
    assert only("\u0643\u0648\u064a\u0644\u0628\u0631\u0648\u0643", of=listed).outcome == "could_not_screen"

"""What of a screening reaches an application."""

from datetime import UTC, datetime

from greenlight.law.application.dossier import FULL_SCORE, Party, PartyRole
from greenlight.lists.composed import ComposedBook
from greenlight.reference.listings import load_listings
from greenlight.screening.book import ListingBook
from greenlight.service.screening import BookScreener

AT = datetime(2019, 9, 1, tzinfo=UTC)

BOOK = load_listings()


def test_a_match_tells_which_list_the_entry_is_on() -> None:
    other = BOOK.listings[0].model_copy(update={"key": "unverified-1", "source_list": "unverified"})
    book = BOOK.model_copy(update={"listings": (*BOOK.listings, other), "version": "sha256:" + "1" * 64})
    party = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=other.name, country="CN")
    (finding,) = BookScreener(ComposedBook(ListingBook.model_validate(book))).screen((party,), AT).findings
    told = {match.listing: match.source_list for match in finding.matches}
    assert (told[other.key], told[BOOK.listings[0].key]) == ("unverified", "entity-list")


def test_only_the_same_name_has_the_full_score() -> None:
    # 华为技术 says just what the entry says, and is not the same name.
    names = ("Huawei Technologies Co., Ltd.", "Huawai Technologies", "华为技术", "Acme Baking", "...")
    parties = tuple(Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="CN") for name in names)
    same, misspelt, chinese, other, nothing = BookScreener(ComposedBook(BOOK)).screen(parties, AT).findings
    assert (same.outcome, misspelt.outcome, other.outcome, nothing.outcome) == (
        "listed",
        "possible_match",
        "no_match",
        "could_not_screen",
    )
    assert {m.score == FULL_SCORE for m in same.matches if m.name.startswith("Huawei Technologies Co")} == {
        True
    }
    assert "huawei-technologies" in {match.listing for match in chinese.matches}
    for match in (*misspelt.matches, *(m for m in same.matches if m.score < FULL_SCORE)):
        assert match.explanation
        assert match.pair
    assert all(match.score < FULL_SCORE for match in misspelt.matches)
    assert (other.matches, nothing.matches) == ((), ())

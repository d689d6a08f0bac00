"""What of a screening reaches an application."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from greenlight.law.application.dossier import FULL_SCORE, MAX_PARTIES, Party, PartyRole
from greenlight.law.application.screening.language import BY_HAND, pair_of
from greenlight.lists.composed import ComposedBook
from greenlight.reference.listings import load_listings
from greenlight.screening.book import ListingBook
from greenlight.screening.finding import MAX_MATCHES
from greenlight.service.screening import MAX_SCREENING_BYTES, REMEMBERED, BookScreener, Remembered
from tests.activities.screeners import long_listings

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


def test_what_is_found_about_many_parties_stays_within_what_a_workflow_is_told(tmp_path: Path) -> None:
    """Each of fifty equal parties meets fifty entries with long terms."""
    file, name = long_listings(tmp_path)
    screener = BookScreener(ComposedBook(load_listings(file)))
    party = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="CN")
    (alone,) = screener.screen((party,), AT).findings
    assert (len(alone.matches), alone.outcome) == (MAX_MATCHES, "listed")
    among_many = screener.screen((party,) * MAX_PARTIES, AT)
    assert MAX_SCREENING_BYTES / 2 < len(among_many.model_dump_json().encode()) < 1.1 * MAX_SCREENING_BYTES
    for finding in among_many.findings:
        shown = len(finding.matches)
        assert 1 <= shown < MAX_MATCHES
        assert finding.matches == alone.matches[:shown], "the best"
        assert finding.left_out == alone.left_out + MAX_MATCHES - shown
        assert finding.pair == pair_of(party, BY_HAND), "an officer looks it up"


def test_a_party_that_was_screened_is_remembered_as_long_as_the_same_counts() -> None:
    listing = BOOK.listings[0]
    assert listing.listed is not None
    remembered = Remembered(REMEMBERED)
    screener = BookScreener(ComposedBook(BOOK), remembered)
    named = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=listing.name, country="CN")
    other = Party(role=PartyRole.END_USER, name="Acme Baking", country="CN")
    before, after = listing.listed - timedelta(microseconds=1), listing.listed
    assert screener.recall((named,), after) is None
    told = screener.screen((named, other), after)
    assert screener.recall((named, other), after + timedelta(microseconds=1)) == told
    # At another place, and in another role.
    again = named.model_copy(update={"role": PartyRole.INTERMEDIATE_CONSIGNEE})
    turned = BookScreener(ComposedBook(BOOK), remembered).recall((other, again), after)
    assert turned == screener.screen((other, again), after)
    assert turned is not None
    assert [finding.outcome for finding in turned.findings] == ["no_match", "listed"]
    # Before it was listed, written otherwise, or by another list, it is another question.
    assert screener.recall((named,), before) is None
    assert screener.screen((named,), before) != screener.screen((named,), after)
    assert screener.recall((named.model_copy(update={"country": "FR"}),), after) is None
    newer = BOOK.model_copy(update={"listings": BOOK.listings[1:], "version": "sha256:" + "2" * 64})
    assert BookScreener(ComposedBook(newer), remembered).recall((named,), after) is None


def test_what_could_not_be_compared_is_not_remembered() -> None:
    screener = BookScreener(ComposedBook(BOOK, max_age=timedelta(days=1)))
    named = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=BOOK.listings[0].name, country="CN")
    late = datetime.combine(BOOK.retrieved, time(), UTC) + timedelta(days=2)
    assert screener.screen((named,), late).findings[0].outcome == "could_not_screen"
    assert screener.recall((named,), late) is None
    assert screener.screen((named,), late - timedelta(days=2)).findings[0].outcome == "listed"
    assert screener.recall((named,), late) is None

"""The listings that a name meets, as license determination takes them."""

from datetime import UTC, datetime

import pytest

from greenlight.law.application.dossier import Party, PartyRole
from greenlight.law.application.screening.language import Resolution, Verdict, pair_of
from greenlight.law.determination.listings import demands
from greenlight.law.determination.question import Classified, Listed, Met
from greenlight.lists.record import Record
from greenlight.reference.listings import load_listings
from greenlight.reference.names import ListedNames, entry_digest
from greenlight.screening.finding import ScreenedParty
from greenlight.screening.screen import screen
from tests.law.actors import OFFICER
from tests.law.entity.cases import BEGIN, DAY, listed, removing

BEFORE = datetime(2019, 5, 16, 20, 14, tzinfo=UTC)
THEN = datetime(2019, 5, 16, 20, 15, tzinfo=UTC)
BOOK = load_listings()
NAMES = ListedNames(BOOK)
HUAWEI = "Huawei Device Co., Ltd."
NOT_YET = Met((), None, (("huawei-device", "is not listed until 2019-05-16, 16:15 EDT"),))


def _only(found: Met) -> Listed:
    assert found.listings is not None
    assert found.doubt is None
    (listed,) = found.listings
    return listed


def test_a_listed_name_comes_with_the_terms_of_the_instant() -> None:
    assert NAMES(HUAWEI, "CN", BEFORE) == NOT_YET
    listed, later = (_only(NAMES(HUAWEI, "CN", at)) for at in (THEN, datetime(2023, 1, 1, tzinfo=UTC)))
    assert (listed.listing, listed.source_list, listed.citation) == (
        "huawei-device",
        "entity-list",
        "84 FR 22961",
    )
    assert listed.review_policy == "Presumption of denial"
    assert later.license_requirement != listed.license_requirement


def test_every_requirement_of_the_list_is_understood() -> None:
    item = (Classified(classification="EAR99"),)
    now = datetime(2026, 8, 1, tzinfo=UTC)
    for listing in BOOK.listings:
        if listing.is_in_force(now):
            found = NAMES(listing.name, "CN", now).listings
            assert found
            assert all(demands(each, item) for each in found), listing.key


def test_a_name_of_which_nothing_is_left_and_an_empty_list_say_nothing() -> None:
    assert NAMES("Somebody", "CN", THEN) == Met(())
    assert NAMES("...", "CN", THEN).listings is None
    assert NAMES("বাংলা", "CN", THEN).listings is None
    empty = BOOK.model_copy(update={"listings": (), "version": "sha256:" + "0" * 64})
    assert ListedNames(empty)("Somebody", "CN", THEN).listings is None


def test_a_list_that_is_too_old_tells_nothing() -> None:
    names = ListedNames(BOOK, old_from=THEN)
    assert names(HUAWEI, "CN", BEFORE) == NOT_YET
    assert names(HUAWEI, "CN", THEN).listings is None
    assert "too old" in (names("Somebody", "CN", THEN).doubt or "")


def test_a_name_that_is_alike_is_told_as_what_it_may_be() -> None:
    found = NAMES("HiSilikon Optoelectronics Ltd", "CN", THEN)
    assert found.listings == ()
    assert "hisilicon-optoelectronics (Entity List)" in (found.doubt or "")
    assert NAMES("HiSilikon Optoelectronics Ltd", "CN", BEFORE) == Met(())


@pytest.mark.parametrize(
    "name", [HUAWEI, "HiSilikon Optoelectronics Ltd", "Hawaii Technologies LLC", "Huawei"]
)
def test_what_is_met_is_what_screening_finds(name: str) -> None:
    (found,) = screen([ScreenedParty(role="end_user", ordinal=0, name=name)], BOOK, THEN)
    met = NAMES(name, "CN", THEN)
    assert {each.listing for each in met.listings or ()} == {m.listing for m in found.matches if m.same_name}
    assert (met.doubt is not None) == (found.outcome == "possible_match")


# What officers said


MAYBE = "HiSilikon"


def word(key: str, verdict: Verdict, country: str = "CN", name: str = MAYBE) -> Resolution:
    party = Party(role=PartyRole.PURCHASER, name=name, country=country)
    entry = next(each for each in BOOK.listings if each.key == key)
    return Resolution(
        pair=pair_of(party, entry_digest(entry)),
        verdict=verdict,
        resolved_by=OFFICER,
        resolved_at=LATER,
    )


LATER = datetime(2026, 8, 1, tzinfo=UTC)
ALIKE = ("hisilicon-technologies", "shanghai-hisilicon-technologies")


def after(*words: Resolution) -> Met:
    return ListedNames(BOOK, words=words)(MAYBE, "CN", LATER)


def test_who_may_be_listed_is_open_until_each_match_was_denied() -> None:
    for words in ((), (word(ALIKE[0], Verdict.FALSE_MATCH),)):
        found = after(*words)
        assert (found.listings, found.doubt is not None) == ((), True)
        assert ALIKE[1] in (found.doubt or "")
    assert after(*(word(key, Verdict.FALSE_MATCH) for key in ALIKE)) == Met(())


def test_one_true_match_settles_a_party() -> None:
    found = after(word(ALIKE[1], Verdict.TRUE_MATCH))
    assert _only(found).listing == ALIKE[1]


def test_a_word_holds_for_the_party_as_written_and_the_entry_as_it_stood() -> None:
    words = [word(key, Verdict.FALSE_MATCH) for key in ALIKE]
    names = ListedNames(BOOK, words=words)
    assert names(MAYBE, "CN", LATER) == Met(())
    assert names(MAYBE, "SG", LATER).doubt
    assert names(MAYBE, None, LATER).doubt
    assert names("Hisilikon", "CN", LATER).doubt
    moved = tuple(
        each.model_copy(update={"note": "It moved."}) if each.key == ALIKE[0] else each
        for each in BOOK.listings
    )
    book = BOOK.model_copy(update={"listings": moved, "version": "sha256:" + "2" * 64})
    assert ALIKE[0] in (ListedNames(book, words=words)(MAYBE, "CN", LATER).doubt or "")


def test_the_same_name_counts_until_it_was_denied() -> None:
    denied = word("huawei-device", Verdict.FALSE_MATCH, name=HUAWEI)
    found = ListedNames(BOOK, words=[denied])(HUAWEI, "CN", LATER)
    assert "huawei-device" not in {each.listing for each in found.listings or ()}
    assert _only(NAMES(HUAWEI, "CN", LATER)).listing == "huawei-device"


# What is on record


def test_what_is_listed_on_record_is_met_at_its_instants() -> None:
    gone = listed().at(BEGIN + DAY).after(removing())
    names = ListedNames(BOOK, record=Record({"sample": gone.events}))
    party = ("Sample Technologies", "CN")
    assert names(*party, BEGIN - DAY) == names(*party, BEGIN + DAY) == Met(())
    told = _only(names(*party, BEGIN))
    assert (told.listing, told.source_list, told.review_policy) == (
        "sample",
        "entity-list",
        "Presumption of denial",
    )
    alike = names("Sampel Technologies", "CN", BEGIN)
    assert "sample (Entity List)" in (alike.doubt or "")

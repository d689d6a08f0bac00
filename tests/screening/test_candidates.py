"""The index against a comparison with every name: what it finds, and that it loses nothing that counts."""

import random

import pytest

from greenlight.reference.listings import load_listings
from greenlight.screening.candidates import Candidates
from greenlight.screening.compare import THRESHOLD, compare
from greenlight.screening.index import NameIndex
from greenlight.screening.tokens import Kind
from tests.screening.test_labelled import pairs

FILES: dict[Kind, str] = {"organisation": "organisations", "person": "people", "vessel": "vessels"}
NAMED = [name.text for name in NameIndex(load_listings()).names]


def misspelt(name: str, chance: random.Random) -> str:
    """A letter of the longest word left out, doubled, or exchanged with the next."""
    words = name.split()
    at = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[at]
    letter = chance.randrange(len(word))
    words[at] = chance.choice(
        (
            word[:letter] + word[letter + 1 :],
            word[: letter + 1] + word[letter:],
            word[:letter] + word[letter : letter + 2][::-1] + word[letter + 2 :],
        )
    )
    return " ".join(words)


def reordered(name: str, chance: random.Random) -> str:
    words = name.split()
    chance.shuffle(words)
    return " ".join(words)


@pytest.mark.parametrize("kind", FILES)
def test_next_to_nothing_that_a_full_comparison_finds_is_missed(kind: Kind) -> None:
    chance = random.Random(7)
    labelled = pairs(FILES[kind])
    listed = [*NAMED, *(pair.first for pair in labelled)]
    index = Candidates(listed, kind)
    asked = [pair.second for pair in labelled]
    asked += [change(name, chance) for name in chance.sample(listed, 60) for change in (misspelt, reordered)]
    wanted = {(name, similar.place) for name in asked for similar in index.everyone(name)}
    found = {(name, similar.place) for name in asked for similar in index.similar(name)}
    assert found <= wanted
    assert len(found) >= 0.995 * len(wanted), sorted(wanted - found)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("华为技术有限公司", "huawei-technologies"),
        ("華為技術有限公司", "huawei-technologies"),
        ("Huawei Tech. Co", "huawei-technologies"),
        ("Huawai Technologies", "huawei-technologies"),
        ("Hauwei", "huawei-technologies"),
        ("Hi Silicon Technologies", "hisilicon-technologies"),
        ("HiSillicon", "hisilicon-technologies"),
        ("北京华为数字技术有限公司", "beijing-huawei-digital-technologies"),
        ("Huawei Hangzhou Digital Tech.", "hangzhou-huawei-digital-technology"),
    ],
)
def test_the_listings_of_2019_are_found_under_other_names(name: str, key: str) -> None:
    found = NameIndex(load_listings()).similar(name)
    assert key in {entry.listing.key for entry, _ in found}


@pytest.mark.parametrize("name", ["Hawaii Technologies LLC", "Hua Mei Trading", "HW Technologies", "Acme"])
def test_nobody_of_2019_is_like_these(name: str) -> None:
    assert NameIndex(load_listings()).similar(name) == []


@pytest.mark.parametrize(
    ("sought", "listed"),
    [
        ("Islamic Revolutionary Guards Corps Air Force", "IRGC Air Force"),
        ("TPL Shipping", "Truong Phat Loc Shipping Trading Joint Stock Company"),
        ("LLC IBC Zoryan", "LLC International Business Corporation Zoryan"),
        ("TPL Kulon Shipping", "Truong Phat Loc Kulon Shipping"),
    ],
)
def test_words_of_a_name_are_found_by_their_initials_on_either_side(sought: str, listed: str) -> None:
    for one, other in ((sought, listed), (listed, sought)):
        found = Candidates([*NAMED, other], "organisation").similar(one)
        assert len(NAMED) in {similar.place for similar in found}


@pytest.mark.parametrize(
    ("kind", "listed", "sought"),
    [
        ("organisation", "Vostrikov Optics", "V0strlkov 0ptics"),
        ("organisation", "Modern Kulon", "Modem Kulon"),
        ("organisation", "Limited Liability Company Kulon Yugora", "Limited Liability Company Kulon Yu"),
        ("organisation", "Zarya Charitable Fund", "Zarya Charitabl Fund"),
        ("organisation", "Kulon Joint Stock Company", "Kulon Jiont Stock Compnay"),
        ("person", "Zurmati, Mohammad", "Zurmati, Mohammda"),
        ("person", "Harkness, William", "Bill Harkness"),
        ("person", "Zaluzhnyy, Volodymyr", "Wolodymyr Saluzhnyj"),
        ("person", "Vladimir Orlekov", "ridimalV vokelrO"),
        ("vessel", "VOLGO-DON 5013", "V0LGO DON 5013"),
    ],
)
def test_slips_are_found_among_many(kind: Kind, listed: str, sought: str) -> None:
    found = Candidates([*NAMED, listed], kind).similar(sought)
    assert len(NAMED) in {similar.place for similar in found}


@pytest.mark.parametrize(
    ("sought", "listed"),
    [
        # One word counts little as it is spelt in one name, and much as it is misspelt in the other.
        ("Zoryan Instruments", "Zoryan Instrumnets"),
        ("Zoryan Yugora Development Bank", "Banque de Zoryan Yugora Développement"),
        # Two consonants are all that Arabic writes of a name.
        ("Al Wafa Shipping Company", "شركة الوفاء للشحن"),
        ("Kulon Zoryan Tekhnoprom", "KulonZoryan Tekhnoprom"),
        ("Kulon Zoryan Tekhnoprom", "KulonZoryanTekhnoprom"),
        ("Yongtailong Optics", "Wing Tai Lung Optics"),
        ("Kulon Vostrikov Tekhnopr", "Kulon Vostrikov Tekhnoprom Zoryan Yugora Saturn Kontur"),
    ],
)
def test_a_name_is_found_at_whatever_threshold_it_reaches(sought: str, listed: str) -> None:
    for one, other in ((sought, listed), (listed, sought)):
        score = compare(one, other).score
        for threshold in (THRESHOLD, score):
            found = Candidates([*NAMED, other], "organisation", threshold).similar(one)
            assert len(NAMED) in {similar.place for similar in found}, (one, other, threshold)


def test_the_closest_come_first_and_a_listing_once() -> None:
    found = NameIndex(load_listings()).similar("Huawei Technologies Company")
    scores = [comparison.score for _, comparison in found]
    assert scores == sorted(scores, reverse=True)
    keys = [entry.listing.key for entry, _ in found]
    assert len(set(keys)) == len(keys)
    assert keys[0] == "huawei-technologies"


def test_a_lower_threshold_finds_more_and_loses_nothing() -> None:
    labelled = pairs("organisations")
    usual = Candidates((pair.first for pair in labelled), "organisation")
    lower = Candidates((pair.first for pair in labelled), "organisation", THRESHOLD - 15)
    by_usual, by_lower = (
        {
            (pair.second, found.place): found.comparison.score
            for pair in labelled
            for found in of.similar(pair.second)
        }
        for of in (usual, lower)
    )

    assert by_usual.items() <= by_lower.items()
    assert min(by_usual.values()) >= THRESHOLD > min(by_lower.values()) >= THRESHOLD - 15

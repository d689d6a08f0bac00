"""Names that languages and systems spell in their own Latin letters, short forms, and numbers in words."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from greenlight.screening import Kind, compare
from greenlight.screening.candidates import Candidates
from greenlight.screening.numerals import in_digits
from greenlight.screening.respelling import read_alike, respelt
from greenlight.screening.sounds import broad_sound
from greenlight.screening.syllables import readings

unhurried = settings(deadline=None)

LATIN = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14)

ALIKE: tuple[tuple[Kind, str, str], ...] = (
    # Wade and Giles.
    ("person", "Chu Te-kang", "ZHU Degang"),
    ("person", "Hsiao Chih-p'ing", "XIAO, Zhiping"),
    ("person", "Ts'ao Kuo-jung", "CAO, Guorong"),
    ("person", "Tseng Hsiu-chen", "ZENG, Xiuzhen"),
    # Hong Kong, and the Chinese overseas.
    ("person", "Cheung Kwok Keung", "ZHANG, Guoqiang"),
    ("person", "LEUNG Chi Hung", "LIANG, Zhixiong"),
    ("person", "Tan Kok Beng", "CHEN, Guoming"),
    ("organisation", "恒昌隆貿易", "Hang Cheong Lung Trading"),
    # Korean of the north, of the south, and by custom.
    ("person", "Rhee Myung-chul", "RI, Myong Chol"),
    ("person", "Chung Kyung-soo", "JONG, Kyong Su"),
    ("person", "Gwon Hyeokjun", "KWON, Hyok Chun"),
    ("person", "Choi Ryun-hae", "CHOE, Ryun Hae"),
    ("organisation", "Paekyon Trading", "Baegyeon Trading"),
    # Japanese.
    ("person", "Ohtsuka Kenji", "OTSUKA, Kenji"),
    ("organisation", "Mitubisi Denki", "Mitsubishi Electric"),
    # Russian by German, French and Polish use.
    ("person", "Tschernyschow Jewgenij", "CHERNYSHOV, Yevgeniy"),
    ("person", "Evgueni Tchoubine", "CHUBIN, Yevgeniy"),
    ("person", "Szczerbakow Dmitrij", "SHCHERBAKOV, Dmitriy"),
    ("organisation", "Koschuchowo Werk", "Kozhukhovo Plant"),
    # Belarusian, Ukrainian, Baltic, and Turkic.
    ("person", "Дзмітрый Карольчанкоў", "KOROLCHENKOV, Dmitriy"),
    ("person", "Serhii Hryhorenko", "GRIGORENKO, Sergey"),
    ("person", "Andris Petrovskis", "PETROVSKIY, Andris"),
    ("person", "Xalilov Elçin oglu", "KHALILOV, Elchin Oglu"),
    # Arabic and Persian.
    ("person", "Abdelmalek Bouchaib", "BUSHAIB, Abd al-Malik"),
    ("person", "محمد رضا كريمي", "KARIMI, Mohammad Reza"),
    ("organisation", "Alrasheed al Kabeer Exchange", "Al-Rashid Al-Kabir Exchange"),
    # Short forms.
    ("person", "Kolya Zverogradov", "ZVEROGRADOV, Nikolay"),
    ("person", "Pepe Altamirante", "ALTAMIRANTE, Jose"),
    ("person", "Peggy Whitlarch", "WHITLARCH, Margaret"),
    ("person", "Zhenya Zverogradova", "ZVEROGRADOVA, Evgeniya"),
    # Numbers in words, and words of business.
    ("organisation", "Calder Seventy Seven Ltd", "CALDER 77 LIMITED"),
    ("organisation", "Dvadtsat Vtoroy Zavod Zarnitsa", "ZARNITSA PLANT 22"),
    ("vessel", "Marlo Twenty One", "MARLO 21"),
    ("organisation", "Шахта Соколовка-3", "SOKOLOVKA-3 MINE"),
    ("vessel", "Капитан Зверогоров", "CAPTAIN ZVEROGOROV"),
)

DIFFERENT: tuple[tuple[Kind, str, str], ...] = (
    ("person", "Chan Kwok Hung", "CHEN, Weiming"),
    ("person", "Chan Wai Ming", "TAN, Wee Beng"),
    ("person", "Chen Jianhua", "CHEN, Jianguo"),
    ("person", "Lee Sang-joon", "RI, Sang Chol"),
    ("person", "Park Sang-hyuk", "RI, Sang Hyok"),
    ("person", "Bill Whitlarch", "WHITLARCH, Robert"),
    ("person", "Jamal Altamiri", "ALTAMIRI, Kamal"),
    ("person", "Aleksandra Zverogradova", "ZVEROGRADOV, Aleksandr"),
    ("person", "Valeriya Zverogradova", "ZVEROGRADOV, Valeriy"),
    ("person", "Evgenia Zverogradova", "ZVEROGRADOV, Evgeniy"),
    ("person", "Karima Altamiri", "ALTAMIRI, Karim"),
    ("organisation", "Calder Seventy Seven Ltd", "CALDER 78 LIMITED"),
    ("organisation", "Severo-Zapadnaya Zarnitsa", "North-Eastern Zarnitsa"),
)


@pytest.mark.parametrize(("kind", "a", "b"), ALIKE)
def test_one_name_in_two_spellings_is_one(kind: Kind, a: str, b: str) -> None:
    comparison = compare(a, b, kind=kind)
    assert comparison.match, comparison.explanation


@pytest.mark.parametrize(("kind", "a", "b"), ALIKE)
def test_it_is_found_among_many_whichever_spelling_they_have(kind: Kind, a: str, b: str) -> None:
    others = [other for of, *names in ALIKE for other in names if of == kind and other not in (a, b)]
    for sought, listed in ((a, b), (b, a)):
        found = Candidates([*others, listed], kind).similar(sought)
        assert len(others) in {similar.place for similar in found}


@pytest.mark.parametrize(("kind", "a", "b"), DIFFERENT)
def test_two_names_that_spellings_bring_near_are_two(kind: Kind, a: str, b: str) -> None:
    comparison = compare(a, b, kind=kind)
    assert not comparison.match, comparison.explanation


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("eighty eight", "88"),
        ("twenty first works", "21 works"),
        ("twelve", "12"),
        ("forty", "40"),
        ("one hundred and five", "105"),
        ("seven hundred twenty four x", "724 x"),
        ("achtundachtzig", "88"),
        ("dvadtsat pervyy", "21"),
        # One of them is a name more often than a number.
        ("first bank", "first bank"),
        ("hundred acre", "hundred acre"),
        ("twenty twenty", "20 20"),
        ("one hundred and co", "100 and co"),
    ],
)
def test_numbers_in_words_are_read(words: str, digits: str) -> None:
    assert " ".join(in_digits(words.split())) == digits


@pytest.mark.parametrize("word", "siemens boston santana huawei putin schneider sina tuna church".split())
def test_a_word_without_a_mark_of_another_use_stays_as_it_is(word: str) -> None:
    assert respelt(word) == ()


def test_what_is_sure_meets_what_may_be_and_nothing_else() -> None:
    pinyin, cantonese, hokkien = (
        readings(tuple(name.split())) for name in ("chen weiming", "chan wai ming", "tan wee beng")
    )
    assert pinyin.own & cantonese.others
    assert cantonese.own & pinyin.others
    assert not cantonese.own & hokkien.others


@unhurried
@given(LATIN, LATIN)
@example("eeff", "")
@example("acz", "a")
def test_a_word_reads_like_itself_and_like_another_both_ways(one: str, other: str) -> None:
    # A spelling of two sounds is too short to be told from another.
    long = [spelling for spelling in respelt(one) if len(broad_sound(spelling)) > 2]
    assert all(read_alike(one, spelling, broadly=True) for spelling in long)
    assert read_alike(one, other, broadly=False) == read_alike(other, one, broadly=False)


@unhurried
@given(st.lists(LATIN, min_size=2, max_size=4))
def test_readings_meet_both_ways(words: list[str]) -> None:
    ours = readings(tuple(words))
    assert len(ours.own) == len(ours.others)

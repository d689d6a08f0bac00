"""What counts as one name: spelling, punctuation, scripts and legal forms."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlight.screening.legal_forms import JOINED, LEADING, TRAILING
from greenlight.screening.normalise import is_legal_form, normalise

# How long one example takes says nothing here, and a busy machine must not fail a property.
unhurried = settings(deadline=None)

# Words of five letters and more are no legal form, nor the start of one.
WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwyz", min_size=5, max_size=9), min_size=1, max_size=4).filter(
    lambda words: all(normalise(word) == word for word in words)
)
NAMES = WORDS.map(" ".join)
PUNCTUATION = st.text(' .,;:-_/()[]"!?*|+\t\n\u3000、。（）·—', min_size=1, max_size=4)


@pytest.mark.parametrize(
    "name",
    [
        "Huawei Technologies Co., Ltd.",
        "HUAWEI TECHNOLOGIES CO LTD",
        "Huawei Technologies",
        "  huawei\ttechnologies,  Company (Limited)",
        "Huawei-Technologies Inc.",
        "Ｈｕａｗｅｉ　Ｔｅｃｈｎｏｌｏｇｉｅｓ",
        "Hua\u200bwei Tech\u00adnologies",
        "Huáwèi Technologies S.A.",
        "Huawei Technologies GmbH & Co. KG",
        "Huawei Technologies S.A. de C.V.",
        "PT. Huawei Technologies, Tbk",
    ],
)
def test_spellings_of_one_latin_name(name: str) -> None:
    assert normalise(name) == "huawei technologies"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("华为技术有限公司", "华为技术"),
        ("华为 技术（有限公司）", "华为技术"),
        ("华为终端（深圳）有限公司", "华为终端深圳"),
        ("株式会社日立製作所", "日立製作所"),
        ("ソニー株式会社", "ソニー"),
        ("㍿日立", "日立"),
        ("삼성전자 주식회사", "삼성전자"),
        ("ООО «Техкомпания Хуавэй»", "техкомпания хуавэй"),
        ("Чайковский", "чайковский"),
        ("شركة هواوي للتقنيات المحدودة", "هواوي للتقنيات"),
        ("ห้างหุ้นส่วน", normalise("ห้างหุ้นส่วน")),
        ("Ærø Łódź Straße", "aero lodz strasse"),
        ("İstanbul Işık A.Ş.", "istanbul isik"),
        ("Xi’an R＆D", "xian r and d"),
        ("Gui´an", "guian"),
        ("مصنع ٣", "مصنع 3"),
        ("कारखाना ३४", normalise("कारखाना 34")),
        ("Plant ᠑", "plant 1"),
    ],
)
def test_other_scripts_and_letters_are_kept(name: str, expected: str) -> None:
    assert normalise(name) == expected
    assert expected != ""


def test_marks_that_are_part_of_a_letter_are_kept() -> None:
    assert normalise("Край") != normalise("Краи")
    assert normalise("हुआवेई") == unicodedata.normalize("NFC", "हुआवेई")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UAB", "uab"),
        ("Co., Ltd.", "co ltd"),
        ("AS Company S.A.", "as company s a"),
        ("公司", "公司"),
        ("株式会社", "株式会社"),
        ("ООО", "ооо"),
        ("UAB «...»", "uab"),
    ],
)
def test_nothing_but_legal_forms_is_what_it_is_written_as(name: str, expected: str) -> None:
    assert normalise(name) == expected
    assert is_legal_form(name)
    assert not is_legal_form(f"{name} Acme")


@pytest.mark.parametrize("name", ["", "   ", "...", "—·—", "\u200b\u2060", "\u3164", "😀"])
def test_names_without_letters_and_digits_normalise_to_nothing(name: str) -> None:
    assert normalise(name) == ""
    assert not is_legal_form(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Huawei Technologies", "Hawaii Technologies LLC"),
        ("Huawei Technologies", "Huawei Technology"),
        ("Limited Brands", "Brands"),
        ("Company of Heroes", "of Heroes"),
    ],
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@unhurried
@given(st.text(max_size=60))
def test_normalising_again_changes_nothing(name: str) -> None:
    assert normalise(normalise(name)) == normalise(name)


@unhurried
@given(
    st.lists(
        st.sampled_from(
            [*TRAILING, *LEADING, *JOINED, "华为", "a", "é", "и\u0306", "'", "&", "\u0301", "\u0345"]
        ),
        max_size=7,
    )
)
def test_normalising_legal_forms_again_changes_nothing(parts: list[str]) -> None:
    for name in (" ".join(parts), "".join(parts)):
        assert normalise(normalise(name)) == normalise(name)


@unhurried
@given(NAMES)
def test_case_does_not_matter(name: str) -> None:
    assert normalise(name.upper()) == normalise(name.title()) == normalise(name) == name


@unhurried
@given(WORDS, PUNCTUATION, PUNCTUATION)
def test_punctuation_does_not_matter(words: list[str], between: str, around: str) -> None:
    assert normalise(around + between.join(words) + around) == normalise(" ".join(words))


@unhurried
@given(NAMES, st.sampled_from(TRAILING), st.sampled_from(["", ",", "."]))
def test_a_legal_form_at_the_end_does_not_matter(name: str, form: str, mark: str) -> None:
    for spelling in (form, form.upper(), form.replace(".", "")):
        assert normalise(f"{name}{mark} {spelling}{mark}") == name


@unhurried
@given(NAMES, st.sampled_from(LEADING))
def test_a_legal_form_at_the_start_does_not_matter(name: str, form: str) -> None:
    assert normalise(f"{form} {name}") == name


@unhurried
@given(st.text("华为技术终端集团深圳", min_size=1, max_size=8), st.sampled_from(JOINED))
def test_a_joined_legal_form_does_not_matter(name: str, form: str) -> None:
    assert normalise(name + form) == normalise(form + name) == name


@unhurried
@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_ascii_names_come_out_the_same_on_the_short_way(name: str) -> None:
    # An invisible character sends the same name the long way.
    assert normalise(name) == normalise(name + "\u200b")


@pytest.mark.parametrize(
    "name",
    [
        "Quillbr\u043e\u043ek Optics",  # Cyrillic о
        "Quillbrook Optic\u0455",
        "Quillbrook Optic\u200b\u0455",
        "\u039fuillbrook".replace("\u039f", "Q") + " \u039fptics",  # Greek Omicron
        "Quillbrook \u041e\u0440\u0442\u0456\u0441\u0455",  # a word of look-alikes beside a Latin one
    ],
)
def test_letters_that_look_alike_are_read_by_their_look(name: str) -> None:
    assert normalise(name) == "quillbrook optics"


def test_a_name_in_one_alphabet_is_read_by_its_letters() -> None:
    assert normalise("Торос") == "торос"
    assert normalise("Су-35 Sukhoi") == "су 35 sukhoi"

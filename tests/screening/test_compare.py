"""The comparison of two names: what it must and must not take for one party, and what it says of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlight.reference.listings import load_listings
from greenlight.screening import THRESHOLD, Kind, compare
from greenlight.screening.normalise import is_legal_form, normalise

unhurried = settings(deadline=None)

KINDS: tuple[Kind, ...] = ("organisation", "person", "vessel")
names = st.text(max_size=60) | st.lists(
    st.sampled_from(
        "Huawei Technologies Co Ltd No 5 6 Bank of Kunlun 华为技术 Завод Hi Silicon II IC شركة"
        " (Kunming) imeni formerly هواوي 第五厂 Beijing - AVIC".split()
    ),
    max_size=8,
).map(" ".join)
kinds = st.sampled_from(KINDS)


@pytest.mark.parametrize(
    "name",
    [
        "华为技术有限公司",
        "華為技術有限公司",
        "Huawei Tech. Co",
        "Huawai Technologies",
        "Hauwei",
        "Hua Wei Technologies",
    ],
)
def test_huawei_is_found_under_its_other_names(name: str) -> None:
    assert compare("Huawei Technologies Co., Ltd.", name).match


@pytest.mark.parametrize(
    "name",
    ["Hawaii Technologies LLC", "Hua Mei Trading", "HW Technologies", "Huawei Technologies Chile S.A."],
)
def test_others_are_not_huawei(name: str) -> None:
    assert not compare("Huawei Technologies Co., Ltd.", name).match


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Zhejiang Dahua Technology Co., Ltd.", "Dahua Technology"),
        ("Sberbank of Russia", "Sberbank"),
        ("Kazanskiy Vertoletnyy Zavod (Kazan Helicopters)", "Kazan Helicopters"),
        ("Argo Holdings (formerly Plant No. 41)", "Argo Holdings"),
        ("MIPT - Moscow Institute of Physics and Technology", "Moscow Institute of Physics and Technology"),
        ("NPO Almaz imeni Raspletina", "NPO Almaz"),
        ("شركة هواوي للتقنيات", "Huawei Technologies Company"),
        ("شركة النجاح للتجارة", "Al Najah Trading Company"),
        ("中国电子科技集团公司第五十四研究所", "中国电科第54研究所"),
        ("第一百二十厂", "Plant 120"),
        ("深圳騰飛科技", "深圳腾飞科技"),
        ("海康威视", "Hikvision"),
        ("Kovrovskiy Elektromekhanicheskiy Zavod", "Kovrov Electromechanical Plant"),
        ("Tyumenskaya Fabrika", "Tyumen Plant"),
        ("Zarya Machine Plant", "Zarya Machine-Building Factory"),
        ("Al-Rashid Trading", "Alrashid Trading"),
        ("Ghods Aviation", "Qods Aviation"),
        ("I.R.I.S.L.", "Islamic Republic of Iran Shipping Lines"),
        ("Ana1og Devices", "Analog Devices"),
        ("Vega Praezision GmbH", "Vega Präzision"),
        ("Hussein Trading", "Husayn Trading"),
    ],
)
def test_two_names_of_one_party(a: str, b: str) -> None:
    assert compare(a, b).match


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Huawei Technologies de Mexico S.A.", "Huawei Technologies"),
        ("Samsung Electronics Vietnam", "Samsung Electronics"),
        ("Zhejiang Dahua Technology", "Jiangsu Dahua Technology"),
        ("Siemens AG", "Siemens Energy AG"),
        ("Huawei Device (Egypt)", "Huawei Device"),
        ("华为技术有限公司", "华维技术有限公司"),
        ("中国电子科技集团公司第五十四研究所", "中国电子科技集团公司第五十五研究所"),
        ("شركة النجاح للتجارة", "Al Najm Trading Company"),
        ("Bayer AG", "Bauer AG"),
        ("China Electronics Technology Group Corporation", "China Electronics Corporation"),
    ],
)
def test_two_parties_with_names_alike(a: str, b: str) -> None:
    assert not compare(a, b).match


@pytest.mark.parametrize(
    "slip",
    [
        "Vostrikov Optical Instrments",
        "Vostrikov Optical Instrumments",
        "Vostrikov Opitcal Instruments",
        "Vostrlkov Optical Instruments",
        "V0strikov Optical Instruments",
        "Vostrik0v Optica1 Instruments",
        "Vostnkov Optical Instruments",
        "Vostrikov Optical Instrurnents",
        "Vostrikov OpticalInstruments",
        "Vostri kov Optical Instruments",
        "Vostrikov Optical Instruments CompanyLtd",
        "Vostrikov Optical Instruments Copmany Limited",
        "Vostrikov Optical Instruments JOYNT STOCK COMPANY",
        "Vostrikov Optical Instruments Corporat",
        "Vostrikov Optical Instr",
        "OOOVostrikov Optical Instruments",
        "Vostrikov Optical InstrumentsLLC",
        "LLCC Vostrikov Optical Instruments",
        "Vostrikov Optical Instruments Lirnited",
        "Joint Stock Company Vostrikov Optical Instru",
    ],
)
def test_one_slip_is_no_other_party(slip: str) -> None:
    assert compare("Vostrikov Optical Instruments", slip).match


def test_a_name_cut_off_within_a_word_is_told() -> None:
    comparison = compare(
        "LIMITED LIABILITY COMPANY RN VOSTOKNEFTE", "LIMITED LIABILITY COMPANY RN VOSTOKNEFTEGAZ"
    )
    assert comparison.match
    cut = compare("Limited Liability Company Kulon Yugora", "Limited Liability Company Kulon Yu")
    assert cut.score == 85
    assert "one name is the other, cut off within a word" in cut.explanation
    # Of legal forms alone, everybody could be the rest.
    assert not compare("Limited Liability Compa", "Limited Liability Company Kulon").match


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Harkness Partners IV L.P.", "Harkness Partners V L.P."),
        ("Harkness Mortgage Trust 2004-1", "Harkness Mortgage Trust 2005-2"),
        ("Harkness Fund IX", "Harkness Fund X"),
    ],
)
def test_funds_of_one_series_are_one_sponsors(a: str, b: str) -> None:
    comparison = compare(a, b)
    assert comparison.match
    assert any("another of one series" in line for line in comparison.explanation)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The Company", "Al"),
        ("The Trading Company", "Trading International Group"),
        ("Chang PLC", "Chang An Shipping & Technology"),
        ("Johnson Inc", "Johnson Hu"),
        ("Taylor PLC", "Taylor Shipping FZCO"),
        ("Bayer AG", "Bauer Group"),
        ("Wood Ltd", "Timber Corporation"),
        ("Simon", "Simon Du"),
        ("Nesterov Tryka s.c.", "NTSC"),
        ("Rossi, Conti e Camanni Group", "RCC Group"),
        ("Seven Ltd", "A7 LLC"),
    ],
)
def test_what_many_have_is_weak_evidence(a: str, b: str) -> None:
    assert not compare(a, b).match


def test_so_called_counts_as_nothing() -> None:
    assert compare("So-called Ruritanian People's Guard", "Ruritanian People's Guard").score == 100


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Bill Harkness", "William Harkness"),
        ("Bob Orlenko", "Robby Orlenko"),
        ("Wolodymyr Saluzhnyj", "Volodymyr Zaluzhnyy"),
        ("Usama ibn Ladhin", "Osama bin Ladhen"),
        ("Rustam Khalid Azizov", "Rustam Azizow"),
        ("Farid Ahmad Khan Zurmati", "Farid Zurmati"),
        ("Nurlan bin Marat bin Serik bin Askar", "Nurlan Askar"),
        ("Kim Pong-gil", "Kim Pyong-gil"),
        ("Moharnmed Zurmati", "Mohammed Zurmati"),
        ("Viktor vokelrO", "Viktor Orlekov"),
        ("Igor Borisvoich Orlekov", "Igor Borisovich Orlekov"),
    ],
)
def test_two_names_of_one_person(a: str, b: str) -> None:
    assert compare(a, b, kind="person").match


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Captain D", "Dalwhinnie"),
        ("S.M.G.", "Sebastian Morante Galan"),
        ("Salman bin Rashid al-Kutubi", "Rashid bin Salman al-Kutubi"),
        ("Chang Su Ha", "Chang Chang Ha"),
        ("Daniel Orlenko", "Donald Orlenko"),
        ("Rustam Salimovich Azizov", "Rustam Karimovich Azizov"),
        ("Salim Rashid al-Kutubi", "Salim Rashid al-Waziri"),
        ("Marty", "Martin"),
        ("陈丽娟", "John Chan"),
        ("王玉", "Fang Yu"),
        ("Mitchell Rowe", "George R. Mitchell"),
    ],
)
def test_two_people_with_names_alike(a: str, b: str) -> None:
    assert not compare(a, b, kind="person").match


def test_a_name_within_a_name_is_told() -> None:
    comparison = compare("Raketa Polyus (Vesna Optics)", "Vesna Optics Co.")
    assert comparison.score == 95
    assert "compared as Vesna Optics and Vesna Optics Co." in comparison.explanation


@unhurried
@given(names, names, kinds)
def test_the_order_of_the_names_does_not_matter(a: str, b: str, kind: Kind) -> None:
    one, other = compare(a, b, kind=kind), compare(b, a, kind=kind)
    assert (one.score, one.match) == (other.score, other.match)
    assert len(one.explanation) == len(other.explanation)


@unhurried
@given(names, kinds)
def test_a_name_is_itself(name: str, kind: Kind) -> None:
    same = compare(name, name, kind=kind)
    assert same.score == (100 if same.first.tokens else 0)
    assert same.match == bool(same.first.tokens)


@unhurried
@given(names, names, kinds)
def test_a_score_is_a_percentage_and_a_match_from_the_threshold(a: str, b: str, kind: Kind) -> None:
    comparison = compare(a, b, kind=kind)
    assert 0 <= comparison.score <= 100
    assert comparison.match == (comparison.score >= THRESHOLD)


@unhurried
@given(names)
def test_case_spaces_and_legal_forms_do_not_matter(name: str) -> None:
    if normalise(name) and not is_legal_form(name):
        assert compare(name, f"  {name.upper().lower()} ").score == compare(name.lower(), name).score
        assert compare(name, f"{name} Co., Ltd.").match


@unhurried
@given(st.text(), st.text(), kinds)
def test_no_text_is_too_much(a: str, b: str, kind: Kind) -> None:
    assert compare(a * 1000, b * 1000, kind=kind).explanation


def test_of_a_long_name_the_beginning_counts_and_the_explanation_says_so() -> None:
    long = "Huawei " + "x" * 400
    assert compare(long, long + " other").score == 100
    assert any("first 300 characters" in line for line in compare(long, "Huawei").explanation)


@pytest.mark.parametrize(
    ("a", "b", "line"),
    [
        ("Huawei Technologies", "Huawei Tech", "technologies met tech: both stand for technology"),
        ("Huawei", "Hauwei", "huawei met hauwei: misspelt"),
        ("HiSilicon", "Hi Silicon", "the same letters in the same order"),
        ("HiSilicon Tech", "Hi Silicon", "hisilicon met hi silicon: written as one word"),
        ("Kalinovka Yug", "Калиновка Юг", "kalinovka met kalinovka: same"),
        (
            "Yakutgeofizika Invest",
            "Iakutgeofizika Invest",
            "yakutgeofizika met iakutgeofizika: transliteration",
        ),
        ("Taiyun IC Mill", "Taiyun Integrated Circuit Mill", "ic met integrated: both stand for integrated"),
        ("Vityaz IBM Yard", "Vityaz Inter Baltic Marine Yard", "ibm met inter baltic marine: acronym"),
        ("Huawei Technologies Co.", "Huawei Technologies", "ignored in the first name: co"),
        ("Plant 5 Kirov", "Plant 6 Kirov", "only in the first name: 5"),
    ],
)
def test_the_explanation_says_what_met_what(a: str, b: str, line: str) -> None:
    assert line in compare(a, b).explanation


def test_a_word_that_everyone_cuts_short_is_an_abbreviation() -> None:
    assert "equipm met equipment: abbreviation" in compare("Pamir Equipm", "Pamir Equipment").explanation


def test_an_initial_is_one() -> None:
    assert "v met viktor: initial" in compare("V. Orlenko", "Viktor Orlenko", kind="person").explanation


@pytest.mark.parametrize("middle", ["Edward", "Yusuf", "Quintus"])
def test_an_initial_stands_for_a_middle_name_whatever_word_its_letter_is_elsewhere(middle: str) -> None:
    assert compare(f"Michael {middle[0]}. Orlenko", f"ORLENKO, Michael {middle}", kind="person").match


@pytest.mark.parametrize("form", ["UAB", "SIA", "TOV", "PrAT"])
def test_a_legal_form_stands_before_a_name_as_well(form: str) -> None:
    assert compare(f"{form} Norvela Logistics", "Norvela Logistics LLC").score == 100


@pytest.mark.parametrize(
    ("a", "b", "remark"),
    [
        ("Volga Turbine Kama Plant 5", "Volga Turbine Kama Plant 6", "the numbers differ"),
        ("Volga Turbine Kama Delta Moscow", "Volga Turbine Kama Delta Omsk", "the places differ"),
        ("Volga Turbine Kama Delta North", "Volga Turbine Kama Delta South", "the directions differ"),
    ],
)
def test_what_tells_names_apart_outweighs_all_that_is_alike(a: str, b: str, remark: str) -> None:
    comparison = compare(a, b)
    assert not comparison.match
    assert remark in comparison.explanation


def test_initials_alone_are_weak_evidence() -> None:
    comparison = compare("CASIC", "China Aerospace Science and Industry Corporation")
    assert THRESHOLD <= comparison.score < 80
    assert "one name is the initials of the other: weak evidence" in comparison.explanation
    assert not compare("IEI", "Iran Electronics Industries").match


def test_a_vessel_with_a_number_is_not_one_without() -> None:
    assert not compare("Volgo Don Trader 7", "Volgo Don Trader", kind="vessel").match
    assert compare("M/V Volgo Don 5013", "VOLGO-DON 5013", kind="vessel").score == 100


def test_every_listing_of_2019_is_itself_and_the_parent_is_no_subsidiary() -> None:
    book = load_listings()
    for listing in book.listings:
        assert compare(listing.name, listing.name.upper()).score == 100
    chile = next(listing for listing in book.listings if listing.key == "huawei-chile")
    assert not compare("Huawei Technologies Co., Ltd.", chile.name).match

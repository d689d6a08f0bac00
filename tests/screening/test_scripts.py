"""Names in other scripts: what they are in Latin words, and where nobody can be ruled out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from greenlight.screening import Kind, compare
from greenlight.screening.normalise import folded_words
from greenlight.screening.scripts import (
    of_person,
    other_readings,
    own_characters,
    read_as_it_sounds,
    simplified,
    translated,
    unread,
)
from greenlight.screening.terms import Terms

# How long one example takes says nothing here, and a busy machine must not fail a property.
unhurried = settings(deadline=None)

UNSPACED = st.text(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
    | st.characters(min_codepoint=0x3041, max_codepoint=0x30FE)
    | st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
    | st.characters(min_codepoint=0x0E01, max_codepoint=0x0E5B)
    | st.sampled_from("华为技术有限公司株式会社삼성전자บริษัทaz9 ·"),
    min_size=1,
    max_size=20,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("龙芯中科技术", "loongson technology"),
        ("某芯中科技术", "mouxinzhongke technology"),
        ("宝山钢铁", "baoshan iron steel"),
        ("中国电子科技集团公司第五十四研究所", "china electronic technology group 54 institute research"),
        ("四川省绵阳市某某厂", "sichuan mianyang moumou factory"),
        ("臺灣積體電路製造", "taiwan semiconductor manufacturing"),
        ("中興通訊", "zte"),
        # A word of one character is not cut out of somebody's own name.
        ("云天明辉", "yuntianminghui"),
        ("合肥长鑫", "hefei changxin"),
        ("长江存储科技", "yangtze memory technology"),
        ("哈尔滨工业大学", "harbin institute technology"),
        ("區塊鏈", "qukuailian"),
        ("tcl集团", "tcl group"),
        ("绿地", "ludi"),
    ],
)
def test_chinese_is_cut_into_words_of_meaning_and_the_rest_is_read(name: str, words: str) -> None:
    assert " ".join(translated(name)) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("삼성전자", "samsung electronic"),
        ("고려항공", "koryo airlines"),
        ("조선광업개발무역회사", "korea mining development trade company"),
        ("단천상업은행", "tanchon commercial bank"),
        ("조선백설무역", "korea paeksol trade"),
        ("대우조선해양", "daewoo shipbuilding marine"),
        ("엘지전자", "lg electronic"),
        ("에스케이하이닉스", "sk hynix"),
        ("에스티엑스조선", "stx shipbuilding"),
        # Syllables that are names of letters, too, but of a word of its own.
        ("이지무역", "iji trade"),
        ("トヨタ自動車", "toyota motor"),
        ("東京エレクトロン", "tokyo electron"),
        ("ヤマハ発動機", "yamaha motor"),
        ("浜松ホトニクス", "hamamatsu photonics"),
        ("บริษัทปตท", "company ptt"),
        ("ธนาคารกรุงเทพ", "bank bangkok"),
    ],
)
def test_korean_japanese_and_thai_are_read_alike(name: str, words: str) -> None:
    assert " ".join(translated(name)) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("曾国藩", "zeng guo fan"),
        ("翟志刚", "zhai zhi gang"),
        ("单田芳", "shan tian fang"),
        ("單田芳", "shan tian fang"),
        ("覃辉", "qin hui"),
        ("解珍", "xie zhen"),
        ("查良镛", "zha liang yong"),
        ("仇和", "qiu he"),
        ("区伯", "ou bo"),
        ("盖叫天", "ge jiao tian"),
        ("缪斌", "miao bin"),
        ("欧阳修", "ouyang xiu"),
        ("諸葛亮", "zhuge liang"),
        ("上官婉儿", "shangguan wan er"),
        ("吕建军", "lu jian jun"),
        ("김정은", "kim jong un"),
        ("최룡해", "choe ryong hae"),
        ("황병서", "hwang pyong so"),
        ("강문길", "kang mun kil"),
        ("남궁민", "namgung min"),
        ("สมชาย", "somchai"),
    ],
)
def test_people_have_a_surname_and_it_is_read_as_one(name: str, words: str) -> None:
    assert " ".join(of_person(name)) == words


@pytest.mark.parametrize(
    ("name", "readings"),
    [
        ("三菱重工業", ["mitsubishi heavy industry"]),
        ("日立製作所", ["hitachi manufacturing"]),
        ("日本電気", ["nec"]),
        ("伊藤忠商事", ["itochu trade"]),
        ("利根川精工", ["tonegawa seiko"]),
        # Characters that Japan does not have; and a firm whose name is no reading.
        ("华为技术", []),
        ("长江存储", ["changjiangcunchu"]),
        # Not in Chinese characters alone: it is read as Japanese at once.
        ("東京エレクトロン", []),
    ],
)
def test_chinese_characters_have_other_readings(name: str, readings: list[str]) -> None:
    assert [" ".join(read) for read in other_readings([name], by_meaning=True)] == readings


def test_people_are_read_as_in_japan_too() -> None:
    assert [*other_readings(["山本五十六"], by_meaning=False)] == [["yamamoto", "isoroku"]]
    assert [*other_readings(["王伟"], by_meaning=False)] == []


@pytest.mark.parametrize(
    ("written", "simple"),
    [("華為", "华为"), ("滙豐", "汇丰"), ("衞星", "卫星"), ("臺灣", "台湾"), ("裏", "里")],
)
def test_characters_of_taiwan_and_hong_kong_are_those_of_the_mainland(written: str, simple: str) -> None:
    assert simplified(written) == simple
    assert own_characters([written]) == own_characters([simple])


@pytest.mark.parametrize(
    ("kind", "name", "latin"),
    [
        ("organisation", "삼성전자 주식회사", "Samsung Electronics Co., Ltd."),
        ("organisation", "고려항공", "Air Koryo"),
        ("organisation", "조선광업개발무역회사", "Korea Mining Development Trading Corporation"),
        ("organisation", "三菱重工業株式会社", "Mitsubishi Heavy Industries, Ltd."),
        ("organisation", "トヨタ自動車", "Toyota Motor Corporation"),
        ("organisation", "บริษัท ปตท. จำกัด (มหาชน)", "PTT Public Company Limited"),
        ("organisation", "宝山钢铁股份有限公司", "Baoshan Iron & Steel Co., Ltd."),
        ("person", "김정은", "KIM, Jong Un"),
        ("person", "山本五十六", "YAMAMOTO, Isoroku"),
        ("person", "欧阳修", "Ou Yang Xiu"),
        ("person", "吕建军", "LYU, Jianjun"),
        ("person", "吕建军", "LV, Jianjun"),
        ("person", "吕建军", "LU, Jian Jun"),
        ("person", "曾国藩", "ZENG, Guofan"),
    ],
)
def test_a_name_is_met_in_latin_letters(kind: Kind, name: str, latin: str) -> None:
    assert compare(name, latin, kind=kind).match


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("조선광업개발무역회사", "Korea Tangun Trading Corporation"),
        ("三菱重工業", "Kawasaki Heavy Industries"),
        ("삼성전자", "LG Electronics"),
        ("ธนาคารกรุงเทพ", "Bank of Ayudhya"),
        # Of one sound in Chinese, and nearly so in Japanese.
        ("高石早苗", "高市早苗"),
        ("长江存储科技有限责任公司", "长鑫存储技术有限公司"),
    ],
)
@pytest.mark.parametrize("kind", ["organisation", "person"])
def test_another_name_is_not_met(kind: Kind, name: str, latin: str) -> None:
    assert not compare(name, latin, kind=kind).match


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Huawei 华为 ООО 々〇", ()),
        ("Ωmega Հայաստան საქართველო", ()),
        ("ישראל هواوي", ("Arabic names", "Hebrew names")),
        ("বাংলা Trading", ("Bengali names",)),
        ("ไทย မြန်မာ", ("Myanmar names", "Thai names")),
        ("ខ្មែរ", ("Khmer names",)),
        ("ລາວ", ("Lao names",)),
        ("ኢትዮጵያ", ("Ethiopic names",)),
        ("हिन्दी", ("Devanagari names",)),
        ("삼성", ("Hangul names",)),
        ("さくらガスー", ("Hiragana names", "Katakana names")),
        ("贝拉克·奥巴马", ("foreign names in Chinese characters",)),
        ("১২৩ Trading", ()),
    ],
)
def test_names_of_which_nobody_can_be_ruled_out_are_told(name: str, written: tuple[str, ...]) -> None:
    assert unread(name) == written


@unhurried
@given(UNSPACED)
@example("ห")
@example("vas᠑liev")
def test_whatever_is_written_is_read_as_words(name: str) -> None:
    for word in folded_words(name):
        for read in (translated(word), of_person(word), read_as_it_sounds(word)):
            assert all(read)
            assert all(" " not in each for each in read)
    assert compare(name, name, kind="person").score in (0, 100)


@unhurried
@given(st.text("ab", max_size=30))
def test_pieces_leave_nothing_out(text: str) -> None:
    pieces = Terms({"ab": "x", "-b": "y", "aab-": "z"}).cut(text)
    assert "".join(text[piece.start : piece.end] for piece in pieces) == text
    assert [piece.start for piece in pieces[1:]] == [piece.end for piece in pieces[:-1]]


def test_a_piece_that_stands_before_or_behind_stands_nowhere_else() -> None:
    terms = Terms({"-b": "behind", "c-": "before", "xy": "any"})
    assert [piece.meaning for piece in terms.cut("caaxyb")] == ["before", None, "any", "behind"]
    assert [piece.meaning for piece in terms.cut("bxyc")] == [None, "any", None]


def test_thai_is_read_by_a_user_who_has_no_home(tmp_path: Path) -> None:
    # As the image's user, for whom no folder can be made either.
    nowhere = tmp_path / "a file"
    nowhere.touch()
    script = "from greenlight.screening.scripts import translated; print(*translated('สมชาย'))"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"HOME": str(nowhere / "home")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.stdout.split(), ran.stderr) == (["som", "chai"], "")

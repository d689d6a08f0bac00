"""Names that are alike, but of so many that it is no match, beside those that must stay one."""

import pytest

from greenlight.screening import Kind, compare
from greenlight.screening.people import share_called


@pytest.mark.parametrize(
    ("kind", "written", "listed"),
    [
        # Other syllables of pinyin, however alike they sound elsewhere.
        ("person", "朱云", "ZHOU, Yun"),
        ("organisation", "蔡利", "Kaili Industrial Co., Ltd"),
        ("organisation", "许娜", "Xiuna Trading Co., Ltd."),
        # A slip that no reading makes, and a sound that is no Chinese one.
        ("vessel", "刘娜", "LUNA"),
        ("vessel", "王洁", "CANGJIE"),
        ("organisation", "徐玉", "CSU"),
        ("organisation", "贺鑫", "Hyoksin Trading Corporation"),
        ("organisation", "胡云", "KHOON GROUP LIMITED"),
        ("organisation", "梁欣", "EKIN"),
        # One character, as Japan reads it.
        ("organisation", "杜成", "SEI"),
        ("organisation", "唐琴", "Koto Machinery"),
        ("organisation", "江亮", "AIR KORYO"),
        ("organisation", "杜丹丹", "TAN S.A."),
        # A person's name within a firm's, or a part of somebody else's.
        ("organisation", "邓鑫", "Hefei Dengxin"),
        ("organisation", "李晨", "HAO LI CHEN"),
        ("organisation", "李博", "XU LIBO"),
    ],
)
def test_a_chinese_name_is_no_other_that_sounds_like_a_part_of_it(
    kind: Kind, written: str, listed: str
) -> None:
    assert not compare(written, listed, kind=kind).match


@pytest.mark.parametrize(
    ("kind", "written", "listed"),
    [
        # The list prints no Chinese characters, and people's surnames first, last and the wrong way round.
        ("person", "邓雷", "DENG, Lei"),
        ("person", "邓雷", "Lei Deng"),
        ("person", "邓雷", "LEI, Deng"),
        ("person", "周建国", "CHOU, Chien-kuo"),
        ("person", "徐建国", "Xu Jianguo"),
        # All that a firm is called but for its trade; and no surname, so that its city says nothing.
        ("organisation", "邓鑫", "Dengxin Group"),
        ("organisation", "邓鑫", "Dengxin Technology Co., Ltd."),
        ("organisation", "海鸣", "Shenzhen Haiming International Trade Co., Ltd."),
        ("organisation", "合肥邓鑫", "Hefei Dengxin"),
        ("organisation", "邓鑫贸易", "Hefei Dengxin Trading"),
        ("organisation", "智航", "Zhihang AI"),
    ],
)
def test_a_listed_partys_own_chinese_name_stays_a_match(kind: Kind, written: str, listed: str) -> None:
    assert compare(written, listed, kind=kind).match


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Karan Orlenko", "T. K. Orlenko"),
        ("Orlenko Maksim", "ORLENKO, K M"),
        ("Michael Miller", "Quentin Michael Miller"),
        ("Anna Jones", "JONES, Sally Anne"),
        ("Michael Diaz", "IBARRA DIAZ JR., Michael"),
        ("Ninetta Antonini", "MENNETTA, Antonio"),
    ],
)
def test_what_many_people_are_called_is_weak_evidence(written: str, listed: str) -> None:
    assert not compare(written, listed, kind="person").match


@pytest.mark.parametrize(
    ("written", "listed"),
    [
        ("Karan Orlenko", "K. T. Orlenko"),
        ("Viktor Orlenko", "Viktor P. Orlenko"),
        ("Michael Miller", "Michael Quentin Miller"),
        ("Michael Orlenko", "Quentin Michael Orlenko"),
        ("Hasan Ali", "Muhammad Hasan Ali"),
        ("Jose Garcia", "GARCIA, Jose Luis"),
        ("Hasan Rohani", "Hassan Rouhani"),
    ],
)
def test_what_people_leave_out_stays_a_match(written: str, listed: str) -> None:
    assert compare(written, listed, kind="person").match


def test_a_persons_initials_are_no_firms_name() -> None:
    assert not compare("Esther María Elena Casares", "EMEC").match
    assert compare("Tigers of Ruritanian Eelam Kavosh", "TREK").match


def test_the_census_tells_how_many_are_called_so() -> None:
    assert share_called("miller", "michael") == share_called("michael", "miller") > 1e-5
    assert share_called("michael", "orlenko") == 0

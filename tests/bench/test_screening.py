"""What is measured of screening: slips by rule, who is found with one, who raises an alert, the picture."""

from datetime import UTC, datetime
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.lists import FILE as LIST
from bench.screening.alerts import alerts, per_thousand
from bench.screening.curve import Curve, Point, curves, picture
from bench.screening.labelled import FILE, elsewhere, measure
from bench.screening.official import chosen, official_book, on_no_list
from bench.screening.recall import ENOUGH, altered, missed, recall
from bench.screening.slips import FIELD, IN_A_LONG_WORD, SLIPS
from bench.screening.unlisted import SOURCES, Source, unlisted
from greenlight.lists.columns import Row
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.screening import THRESHOLD

SDN = "Specially Designated Nationals (SDN) - Treasury Department"
NOW = datetime(2019, 12, 3, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
NAMES = st.lists(
    st.sampled_from(
        "Quillbrook Larkmoor ELANTRA Vexel Optics ornamental of 7 Łódź Sørensen LLC Co., Ltd.".split()
    ),
    min_size=1,
    max_size=7,
).map(" ".join)
SEEDS = st.integers(0, 999)


@pytest.mark.parametrize(
    ("slip", "name", "written"),
    [
        ("form_glued", "Larkmoor Optics Co., Ltd.", "Larkmoor OpticsCo., Ltd."),
        ("form_glued", "OOO Larkmoor", "OOOLarkmoor"),
        ("form_glued", "Larkmoor Optics", None),
        ("form_glued", "Ltd", None),
        ("form_misspelt", "Larkmoor Co.", None),
        ("space_lost", "Larkmoor Optics", "LarkmoorOptics"),
        ("space_lost", "Larkmoor, Otto", None),
        ("letter_misread", "ARNAUTA", "AMAUTA"),
        ("letter_misread", "Vaptop", "Vapt0p"),
        ("letter_misread", "Quaver", None),
        ("letter_missing", "Lark & Vexel", None),
        ("letters_swapped", "aaaaaa", None),
        ("cut_off", "Larkmoor Institute for Ornamental Optics", "Larkmoor Institute for Ornamental O"),
        ("cut_off", "Larkmoor Institute for Optics", None),
        ("cut_off", "Larkmoor " * 8, None),
    ],
)
def test_a_slip_is_made_by_its_rule(slip: str, name: str, written: str | None) -> None:
    assert SLIPS[slip](name, Random(0)) == written


@given(NAMES, SEEDS)
def test_a_slip_in_a_word_is_one_slip_in_one_long_word(name: str, seed: int) -> None:
    longer = {
        "letter_missing": (-1,),
        "letter_doubled": (1,),
        "letters_swapped": (0,),
        "letter_replaced": (0,),
        "letter_misread": (-1, 0, 1),
    }
    for slip, rule in IN_A_LONG_WORD.items():
        written = rule(name, Random(seed))
        if written is None:
            continue
        assert len(written) - len(name) in longer[slip]
        one, other = (words.split() for words in (name, written))
        changed = [word for word, now in zip(one, other, strict=True) if word != now]
        assert len(changed) == 1
        assert len(changed[0]) >= 6
        if slip == "letters_swapped":
            assert sorted(written.lower()) == sorted(name.lower())


@given(NAMES, SEEDS)
def test_the_same_seed_makes_the_same_slip_and_a_slip_is_never_the_name_itself(name: str, seed: int) -> None:
    for rule in SLIPS.values():
        written = rule(name, Random(seed))
        assert written == rule(name, Random(seed))
        assert written != name


@given(NAMES, SEEDS)
def test_a_name_that_is_cut_off_fits_the_field_and_keeps_most_of_itself(name: str, seed: int) -> None:
    written = SLIPS["cut_off"](name, Random(seed))
    if written is not None:
        assert name.startswith(written)
        assert len(written) <= FIELD
        assert len(name) <= 1.5 * FIELD


def test_names_are_chosen_of_the_file_that_is_named_by_what_it_calls_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        Row(
            source=SDN, type="Individual", entity_number="1", name="VEXLER, Ottokar", alt_names="Otto Vexler"
        ),
        Row(source=SDN, type="Vessel", entity_number="2", name="LARKMOOR PEARL"),
        Row(source=SDN, type="Entity", entity_number="3", name="Quillbrook Optics"),
        Row(source=SDN, entity_number="4", name="Quillbrook Trading"),
    ]
    path = tmp_path / "list.csv"
    path.write_bytes(write_list(rows))
    monkeypatch.setenv(LIST, str(path))

    book = official_book()

    assert book is not None
    assert {group: sorted(listed.name for listed in of) for group, of in chosen(book, NOW, 1).items()} == {
        "organisations": ["Quillbrook Optics", "Quillbrook Trading"],
        "people": ["Otto Vexler", "VEXLER, Ottokar"],
        "vessels": ["LARKMOOR PEARL"],
    }


def test_without_a_file_there_is_no_official_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LIST, raising=False)

    assert official_book() is None


def test_names_with_slips_are_found_or_missed_and_counted_by_group_and_slip() -> None:
    book = load_listings()
    slips = altered(chosen(book, NOW, 1), 1)

    lost = missed(slips, book, NOW)
    figures = recall(slips, lost)

    assert slips == altered(chosen(book, NOW, 1), 1)
    assert slips != altered(chosen(book, NOW, 2), 2)
    assert set(lost) < set(slips)
    of = [each for each in slips if each.slip in IN_A_LONG_WORD]
    assert len(of) >= ENOUGH
    gone = [each for each in lost if each.slip in IN_A_LONG_WORD]
    assert figures["slip_recall_organisations"] == pytest.approx(1 - len(gone) / len(of))
    assert not [name for name in figures if "people" in name or "vessels" in name], "the list has none"


def test_an_entry_that_is_not_found_is_missed() -> None:
    book = load_listings()
    slips = altered(chosen(book, NOW, 1), 1)
    (huawei,) = (listing for listing in book.listings if listing.key == "huawei-technologies")

    lost = missed(
        slips, book.model_copy(update={"listings": (huawei,), "version": "sha256:" + "0" * 64}), NOW
    )

    assert {each.listed.key for each in slips if each not in lost} == {huawei.key}


def test_who_is_on_the_list_is_no_part_of_the_alerts_and_who_is_like_it_or_cannot_be_screened_is() -> None:
    book = load_listings()
    names = {
        "firms": on_no_list(["HUAWEI TECHNOLOGIES CO LTD", "Hauwei", "Larkmoor Optics", "…", "Vexel"], book)
    }

    raised = alerts(names, book, NOW)

    assert names == {"firms": ["Hauwei", "Larkmoor Optics", "…", "Vexel"]}
    assert [(alert.name, alert.finding.outcome) for alert in raised] == [
        ("Hauwei", "possible_match"),
        ("…", "could_not_screen"),
    ]
    assert per_thousand(names, raised) == {"alerts_per_1000_firms": 500.0}


def test_a_package_that_is_not_installed_is_left_out_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    def names(seed: int) -> list[str]:
        return ["Larkmoor", "Larkmoor", str(seed)]

    sources = (Source("ours", "bench", names), Source("nobodys", "no_such_package", names))

    found = unlisted(7, sources)

    assert {source: sorted(of) for source, of in found.items()} == {"ours": ["7", "Larkmoor"]}
    assert "no_such_package is not installed: nobodys" in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.figure)
def test_the_packages_give_names(source: Source) -> None:
    pytest.importorskip(source.package)

    found = unlisted(1, [source])[source.figure]

    assert found == unlisted(1, [source])[source.figure]
    assert 1_000 < len(found) == len(set(found))
    assert all(
        name.strip() and not set(name) & set("();") for name in found if source.figure == "their_officers"
    )


def test_the_threshold_trades_what_is_found_for_alerts() -> None:
    book = load_listings()
    slips = altered(chosen(book, NOW, 1), 1)

    (drawn,) = curves(slips, {"firms": ["Hauwei Partners", "Larkmoor Optics"]}, book)

    assert (drawn.title, len(drawn.points)) == ("Firms", 36)
    recalls, raised = [point.recall for point in drawn.points], [point.alerts for point in drawn.points]
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[0] > recalls[-1]
    assert raised == sorted(raised, reverse=True)
    assert set(raised) == {500.0, 0.0}
    assert curves(slips, {"banks": ["Hauwei"]}, book) == []


def test_the_picture_marks_the_threshold_at_work_and_stays_within_its_frame() -> None:
    points = [Point(of, 1.6 - of / 100, 2.0 ** (95 - of) / 2**27) for of in range(60, 96)]
    at_work = next(point for point in points if point.threshold == THRESHOLD)

    root = ElementTree.fromstring(
        picture([Curve("Firms", points, 0.97, 15), Curve("People", points, 0.97, 4)])
    )

    width, height = (float(root.get(side, "0")) for side in ("width", "height"))
    circles = [each for each in root.iter(f"{SVG}circle") if each.get("class") == "now"]
    told = [each.findtext(f"{SVG}title") or "" for each in circles]
    assert told == [f"75: {at_work.recall:.1%} found, {at_work.alerts:.1f} alerts"] * 2
    for each in root.iter(f"{SVG}circle"):
        assert 0 < float(each.get("cx", "0")) < width
        assert 0 < float(each.get("cy", "0")) < height


ELSEWHERE = """case_group,schema,name1,name2,is_match,quality,category,notes
one,Company,Larkmoor Optics LLC,Larkmoor Optics,true,,,
one,LegalEntity,Larkmoor Optics LLC,Quillbrook Trading,true,,,
one,Person,"VEXLER, Ottokar",Ottokar Vexler,TRUE,,,
one,Person,"VEXLER, Ottokar",Ottokar Quill,false,,,
"""


def test_labelled_pairs_from_elsewhere_are_measured_by_what_they_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("\N{BYTE ORDER MARK}" + ELSEWHERE, encoding="utf-8")
    monkeypatch.setenv(FILE, str(path))

    pairs, figures = elsewhere(path), measure()

    assert {name: [pair.match for pair in of] for name, of in pairs.items()} == {
        "organisations": [True, True],
        "people": [True, False],
    }
    assert figures["labelled_elsewhere_organisations_recall"] == 0.5
    assert figures["labelled_elsewhere_organisations_precision"] == 1.0
    assert figures["labelled_elsewhere_organisations_f1"] == pytest.approx(2 / 3)
    assert figures["labelled_elsewhere_people_f1"] == 1.0
    assert figures["labelled_vessels_f1"] > 0.9

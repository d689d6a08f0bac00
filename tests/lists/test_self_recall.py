"""Whoever a careful reader finds in a row is found: in rows of every form, and in the whole official file."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from greenlight.law.sources import BY_SLUG
from greenlight.lists.columns import Row
from greenlight.lists.write import write_list
from greenlight.screening.finding import ScreenedParty
from greenlight.screening.index import name_index
from greenlight.screening.normalise import normalise
from greenlight.screening.screen import screen
from tests.lists.careful_reader import Found, in_reading_order, names_in
from tests.lists.files import many, read, reading
from tests.lists.recall import Recall, recall_of
from tests.shared_data import SCREENING_LIST, needs

AT = datetime(2026, 8, 1, tzinfo=UTC)
ROWS: dict[tuple[str, str], tuple[str, ...]] = {
    ("Quillbrook Import Company; and any successor, sub-unit, or subsidiary thereof", ""): (
        "Quillbrook Import Company",
    ),
    ("Quillbrook and any successor, sub-unit, or subsidiary thereof", ""): ("Quillbrook",),
    ("Larkmoor Equipment Company, and its sub-units and successors", "Lark;and any successor thereof"): (
        "Larkmoor Equipment Company",
        "Lark",
    ),
    (
        "Ministry of Works of Zubrowka, including the Engineering Corps of Zubrowka and all operating units"
        " wherever located. This includes the national services (army, navy), as well as the national guard."
        " All address located in Zubrowka.",
        "",
    ): ("Ministry of Works of Zubrowka", "Engineering Corps of Zubrowka"),
    ("Lio Dongwei (PRC national)", "Steed Lio"): ("Lio Dongwei", "Steed Lio"),
    ("Larkmoor Bearings LLC (Zubrowkan entity); and any successor, sub-unit, or subsidiary thereof", ""): (
        "Larkmoor Bearings LLC",
    ),
    ("Rim Yo'ng-su'k (a.k.a Rim Yong Suk) (Zubrowkan individual)", ""): ("Rim Yo'ng-su'k", "Rim Yong Suk"),
    ("Rim Yo'ng-su'k (Rim Yong Suk) (Zubrowkan national)", ""): ("Rim Yo'ng-su'k", "Rim Yong Suk"),
    (
        "Quillbrook Enterprise Limited [aka Larkmoor Tech Limited, aka Dusk Force Electronics] (Lutz Entity),"
        " and its sub-units and successors",
        "",
    ): ("Quillbrook Enterprise Limited", "Larkmoor Tech Limited", "Dusk Force Electronics"),
    ("Quillbrook Group 12th Institute (QG 12). Subordinate Institution - Hebra Medicines", ""): (
        "Hebra Medicines",
        "Quillbrook Group 12th Institute (QG 12)",
    ),
    ("Quillbrook Co., Ltd. (Quillbrook). Affiliated Entity: Larkmoor Dusk Co., Ltd.", ""): (
        "Larkmoor Dusk Co., Ltd.",
        "Quillbrook Co., Ltd.",
    ),
    ("Zubrowka Atomic Energy Commission (ZAEC), and subordinate entity Isotope Institute (ISIN)", ""): (
        "Zubrowka Atomic Energy Commission",
        "ZAEC",
        "Isotope Institute",
    ),
    ("Zubrowka Works Commission (ZWC), and subordinate entity Nuclear reactors (including plants)", ""): (
        "Zubrowka Works Commission",
    ),
    ("Department of Zubrowkan Works facilities: Heavy water plants", ""): ("Department of Zubrowkan Works",),
    ("Dominico, Carlo; Elantra Optics, S.A., Spain Dusk Vision, S.A., and SDV, S.A", ""): (
        "Carlo Dominico",
        "Elantra Optics, S.A.",
        "Spain Dusk Vision, S.A.",
        "SDV, S.A",
    ),
    ("Vexler III, Otto L., and Larkmoor Security Assistance, Inc.", ""): (
        "Vexler III, Otto L.",
        "Larkmoor Security Assistance, Inc.",
    ),
    ("Otto Vexler, Kimber IC VE Dis Ticaret Ltd.", ""): ("Otto Vexler", "Kimber IC VE Dis Ticaret Ltd."),
    ("Cho Yan Quillan; a.k.a Quillan Min Vex", ""): ("Cho Yan Quillan Vex", "Quillan Min Vex"),
    ("Ottmar; a.k.a. Quill Lark; a.k.a. Quilla Vexler", ""): ("Ottmar Vexler", "Quill Lark", "Quilla Vexler"),
    ("Quentin) Quentin (a/k/a Quillon Ashbee", ""): ("Quentin Ashbee", "Quillon Quentin Ashbee"),
    ("Otto Max Otto Max\ta/k/a Quill Vexler", ""): ("Otto Max Vexler", "Quill Vexler"),
    ("Otto (a.k.a Maximilian Otto Vexler) Vexler", ""): ("Otto Vexler", "Maximilian Otto Vexler"),
    ("KOLKO (AKA: OTTOKAR VEXLER)", ""): ("KOLKO", "OTTOKAR VEXLER"),
    ("OTTO VEXLER -AKA- OTIS QUILLBROOK", ""): ("OTTO VEXLER", "OTIS QUILLBROOK"),
    ("OTTO VEXLER- AKA-OTIS  QUILLBROOK", ""): ("OTTO VEXLER", "OTIS QUILLBROOK"),
    ("QUILLBROOK INTERNATIONAL, AKAS, LARKMOOR TECH PTE LTD,  LARK MOOR, DUSKMOOR GRP", ""): (
        "QUILLBROOK INTERNATIONAL",
        "LARKMOOR TECH PTE LTD",
        "LARK MOOR",
        "DUSKMOOR GRP",
    ),
    ("QUILLBROOK SERVICES, B.V. ALSO KNOWN AS LARKMOOR LOGISTICS, B.V.", ""): (
        "QUILLBROOK SERVICES, B.V.",
        "LARKMOOR LOGISTICS, B.V.",
    ),
    ("QUILLBROOK AIRLINES D/B/A Q7 AIRLINES", ""): ("QUILLBROOK AIRLINES", "Q7 AIRLINES"),
    ("FUYI SUNG A/K/A FRANK SUNG", ""): ("FUYI SUNG", "FRANK SUNG"),
    ("QUILLBROOK CO., LIMITED C/O LARKMOOR SINO", ""): ("QUILLBROOK CO., LIMITED", "LARKMOOR SINO"),
    ("OTTO VEXLER (PRESIDENT OF LARKMOOR COMPONENTS)", ""): ("OTTO VEXLER", "LARKMOOR COMPONENTS"),
    ("OTTO VEXLER CEO, LARKAIR", ""): ("OTTO VEXLER", "LARKAIR"),
    ("LARKMOOR LTD+B843:B853", ""): ("LARKMOOR LTD",),
    ("VEXLER, OTTO (LARKMOOR OPTIONS (INDIA) PVT. LTD)", ""): (
        "Otto Vexler",
        "LARKMOOR OPTIONS (INDIA) PVT. LTD",
    ),
    ("LMES (LARKMOOR MODERN SERVICES, LTD)", ""): ("LMES", "LARKMOOR MODERN SERVICES, LTD"),
    ("OTTO H. (HOONG-VEX) QUILL", ""): ("OTTO H. QUILL", "HOONG-VEX QUILL"),
    ('Ottilia "Luba" Vexlerova', ""): ("Ottilia Vexlerova", "Luba Vexlerova"),
    ("Otto Ottovich Vexler (Veksler)", ""): ("Otto Ottovich Vexler", "Otto Ottovich Veksler"),
    ("Otto Jr. Vexler", ""): ("Otto Vexler", "Otto Vexler, Jr."),
    ("Ltd. Larkmoor Optics", ""): ("Larkmoor Optics, Ltd.",),
    ("Larkmoor Limited (a subsidiary of Quillbrook Offshore Corporation)", ""): (
        "Larkmoor Limited",
        "Quillbrook Offshore Corporation",
    ),
    ("Larkmoor Chemical (Parent Organization: Quillbrook Nuclear Group (QNGC))", ""): (
        "Larkmoor Chemical",
        "Quillbrook Nuclear Group",
    ),
    ("Larkmoor Machine Factory-Branch of RSK Quill", ""): ("Larkmoor Machine Factory", "RSK Quill"),
    ("Quillbrook Missile Corporation, Joint Stock Company Larkmoor Press", ""): (
        "Joint Stock Company Larkmoor Press",
    ),
    ("Quillbrook Shipbuilding Corporation JSC “Larkmoor Shipyard”", ""): ("Larkmoor Shipyard",),
    ("So-called Zubrowkan People's Republic", ""): (
        "Zubrowkan People's Republic",
        "So-called Zubrowkan People's Republic",
    ),
    ("Larkmoor Co., Ltd., Lutz, Upper Zubrowka", ""): ("Larkmoor Co., Ltd.",),
    ("Larkmoor Alloy, Dusk District, Lutz Province, Zubrowka 253800", ""): ("Larkmoor Alloy",),
    ("Larkmoor Technology Co., Ltd.,", "LKM;;Lark Moor\xa0Works; Moor;"): (
        "Larkmoor Technology Co., Ltd.",
        "LKM",
        "Lark Moor Works",
        "Moor",
    ),
    ("Larkmoor 902", "(all of preceding located in or near Lutz); and SKB DNQ; F.K.A. Quill Office"): (
        "Larkmoor 902",
        "SKB DNQ",
        "Quill Office",
    ),
    ("Yasa Quill", "Quill Saffron Company or Quillsaffron Co; DBA Larkmoor Works"): (
        "Quill Saffron Company",
        "Quillsaffron Co",
        "Larkmoor Works",
    ),
}
"""Rows without a type, by name and other names, and whom they name. All names are made up."""


@pytest.mark.parametrize(("printed", "named"), ROWS.items(), ids=lambda value: str(value[0])[:40])
def test_whoever_a_row_names_is_found(printed: tuple[str, str], named: tuple[str, ...]) -> None:
    name, alt_names = printed
    row = Row(source=BY_SLUG["entity-list"].printed, name=name, alt_names=alt_names)
    found = reading(*many(5), row)
    assert found.bad_rows == 0
    index = name_index(found.book)
    careful = [each.name for each in names_in(name.replace("\t", " "), alt_names, typed=False)]
    for each in (*named, *careful):
        party = ScreenedParty(role="end_user", ordinal=0, name=each)
        (finding,) = screen([party], found.book, AT)
        assert finding.outcome in ("listed", "possible_match"), each
    assert all(normalise(each) in map(normalise, named) or index.similar(each) for each in careful)


def test_what_is_no_name_is_kept_and_named_nowhere() -> None:
    for (name, alt_names), named in ROWS.items():
        row = Row(source=BY_SLUG["nonproliferation"].printed, name=name, alt_names=alt_names)
        for listing in reading(row).book.listings:
            for text in (listing.name, *(alias.name for alias in listing.aliases)):
                assert "thereof" not in text
                assert "wherever located" not in text
                assert "national)" not in text
                assert ";" not in text
            if "thereof" in name or "wherever" in name:
                assert listing.scope
            if "national)" in name:
                assert listing.remarks
        assert named


def test_a_careful_reader_finds_the_same_as_whoever_wrote_the_rows_down() -> None:
    said: list[str] = []
    for (name, alt_names), named in ROWS.items():
        found = {normalise(each.name) for each in names_in(name.replace("\t", " "), alt_names, typed=False)}
        if not found & set(map(normalise, (*named, *map(in_reading_order, found)))):
            said.append(name)
    # Where the comma of a family name is all there is, the two of them order it otherwise.
    assert len(said) <= 3, said


def test_whoever_the_official_file_names_is_found(record_property: Callable[[str, object], None]) -> None:
    needs(SCREENING_LIST)
    recall = recall_of(SCREENING_LIST.read_bytes())
    record_property("self_recall", recall.of_all)
    assert recall.number > 50_000
    assert recall.missed == []
    assert recall.of_all == 1


def test_a_name_that_no_row_has_is_missed() -> None:
    """The measure can fail."""
    rows = tuple(many(5))
    recall = Recall(read(write_list(rows)))
    recall.sought(2, [Found(rows[0].name), Found("Zubrowkan Heron Society")])
    assert (recall.of_all, recall.missed) == (0.5, ["line 2: Zubrowkan Heron Society"])

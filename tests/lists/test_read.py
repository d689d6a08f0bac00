"""Files of the list: what becomes an entry, what is said of the rest, and what is no such file."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenlight.lists import rows as rows_module
from greenlight.lists.columns import LAYOUT_2019, LAYOUT_2026, MAX_BAD_ROWS, MAX_BYTES, Row
from greenlight.lists.errors import ListFileError
from greenlight.lists.read import digest_of
from greenlight.lists.write import write_list
from greenlight.screening.book import Listing
from tests.lists.files import ACME, DOE, HERON, RETRIEVED, ROWS, many, read, reading, rows_of
from tests.shared_data import SCREENING_LIST, SCREENING_LIST_OF_2019, needs


def only(row: Row) -> Listing:
    found = reading(row)
    assert found.problems == ()
    (listing,) = found.book.listings
    return listing


def test_an_entry_says_what_its_row_says() -> None:
    acme = only(ACME)
    assert (acme.name, acme.kind, acme.source_list) == ("Acme Microwave Ltd.", "unknown", "entity-list")
    assert [alias.name for alias in acme.aliases] == ["AMW", "Acme Weibo"]
    # A country alone is no address.
    assert acme.addresses == ("12 Xibin Rd, Daqing, CN",)
    assert acme.countries == ("CN", "HK")
    # Midnight in Washington, in daylight saving time.
    assert acme.listed == datetime(2019, 5, 16, 4, tzinfo=UTC)
    assert acme.removed is None
    assert acme.citation == acme.terms[0].citation == "84 FR 22961"
    assert (acme.terms[0].license_requirement, acme.terms[0].review_policy) == (
        "All items",
        "Presumption of denial",
    )


def test_a_call_sign_is_a_name_and_what_identifies_an_entry_is_its_note() -> None:
    heron = only(HERON)
    assert (heron.key, heron.kind, heron.listed) == ("sdn-8124", "vessel", None)
    assert [(alias.name, alias.source) for alias in heron.aliases] == [("T2EA4", "call sign")]
    assert heron.note == "programs: CUBA; vessel_flag: Panama"
    assert heron.citation == "Specially Designated Nationals, entry 8124"
    assert "15 CFR 744.8" in heron.terms[0].license_requirement


def test_a_denial_order_counts_through_its_last_day() -> None:
    doe = only(DOE)
    assert doe.kind == "person"
    assert doe.is_in_force(datetime(2030, 10, 14, 3, 59, tzinfo=UTC))
    assert not doe.is_in_force(datetime(2030, 10, 14, 4, tzinfo=UTC))


def test_a_row_that_names_nobody_is_reported_by_line_and_column() -> None:
    for name in ("", " ;, ", "...", "\u3164"):
        found = reading(HERON, ACME._replace(name=name, alt_names=""), DOE)
        assert [listing.name for listing in found.book.listings] == ["HERON STAR", "John Doe"]
        (problem,) = found.problems
        assert (problem.line, problem.column, problem.row_lost) == (3, "name", True)
        assert "could be compared" in problem.what
        assert (found.rows, found.bad_rows) == (3, 1)


@pytest.mark.parametrize(
    ("change", "column", "what"),
    [
        ({"source": "A list (XYZ) - Nobody"}, "source", "no list that is known"),
        ({"source": ""}, "source", "no list that is known"),
        ({"name": ""}, "name", "'AMW' is the name"),
        ({"name": "x" * 601}, "name", "601 characters"),
        ({"type": "Planet"}, "type", "none of Entity"),
        ({"entity_number": "12a"}, "entity_number", "no number"),
        ({"start_date": "16 May 2019"}, "start_date", "no date"),
        ({"start_date": "0001-01-01"}, "start_date", "1900"),
        ({"end_date": "2019-05-15"}, "end_date", "before"),
        ({"start_date": "1919-05-16"}, "start_date", "before 1940"),
        ({"addresses": "CN; XX"}, "addresses", "no country that is known"),
        ({"addresses": "CN; ZZ"}, "addresses", "no country that is known"),
        ({"addresses": "CN; SU"}, "addresses", "no country that is known"),
        ({"addresses": "12 Quay Rd, Willemstad, AN"}, "addresses", "no country that is known"),
        ({"end_date": "soon"}, "end_date", "no date"),
        ({"addresses": "CN; REGION: KASHMIR"}, "addresses", "no country that is known"),
        ({"remarks": "x" * 2_001}, "remarks", "of which 2000 are kept"),
    ],
)
def test_what_cannot_be_read_beside_the_name_is_left_out_and_the_entry_kept(
    change: dict[str, str], column: str, what: str
) -> None:
    found = reading(HERON, ACME._replace(**change), DOE)
    assert found.bad_rows == 0
    (listing,) = (each for each in found.book.listings if each.citation == ACME.federal_register_notice)
    assert "AMW" in (listing.name, *(alias.name for alias in listing.aliases))
    assert listing.is_in_force(datetime(2026, 8, 1, tzinfo=UTC))
    (problem,) = found.problems
    assert (problem.line, problem.column, problem.row_lost) == (3, column, False)
    assert what in problem.what


def test_a_country_at_the_end_of_an_address_may_have_a_comma_in_it() -> None:
    acme = only(ACME._replace(addresses="12 Quay Rd, Lutz, Congo, Democratic Republic of the"))
    assert acme.countries == ("CD",)


@pytest.mark.parametrize(
    ("change", "column", "what"),
    [
        ({"start_date": "2062-05-16"}, "start_date", "does not count yet"),
        ({"end_date": "2020-05-16"}, "end_date", "counts no more"),
    ],
)
def test_a_date_by_which_an_entry_does_not_count_is_reported(
    change: dict[str, str], column: str, what: str
) -> None:
    found = reading(ACME._replace(**change))
    (problem,) = found.problems
    assert (problem.column, problem.row_lost, found.bad_rows) == (column, False, 0)
    assert what in problem.what
    today = RETRIEVED.isoformat()
    assert reading(ACME._replace(start_date=today, end_date=today)).problems == ()


def test_an_entry_of_an_unknown_list_is_on_a_list_of_that_name() -> None:
    found = reading(ACME._replace(source="Section 9999 List (XYZ) - Works"), DOE._replace(source=""))
    assert found.counts == {"unknown-xyz": 1, "unknown-a-list-without-a-name": 1}


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("UK", "GB"),
        ("PRC", "CN"),
        ("TURKIYE", "TR"),
        ("MACAU", "MO"),
        ("MAN, ISLE OF", "IM"),
        ("CRIMEA (OCCUPIED)", "UA"),
        ("REGION: IRAN", "IR"),
        ("REGION: NORTHERN MALI", "ML"),
        ("REGION: WEST BANK", "PS"),
        ("HK", "HK"),
        ("Cote d'Ivoire", "CI"),
        ("CÔTE D’IVOIRE", "CI"),
        ("Congo, Democratic Republic of the", "CD"),
        ("DEMOCRATIC REPUBLIC OF THE CONGO", "CD"),
        ("Virgin Islands, British", "VG"),
        ("Korea, Republic of", "KR"),
        ("Iran, Islamic Republic of", "IR"),
        ("KOSOVO", "XK"),
    ],
)
def test_countries_are_read_as_the_list_spells_them(printed: str, code: str) -> None:
    acme = only(ACME._replace(addresses=f"CN;{printed}"))
    assert (acme.countries, acme.addresses) == (("CN", code) if code != "CN" else ("CN",), ())


def test_a_name_that_says_nothing_is_left_out_of_its_entry_and_reported() -> None:
    found = reading(ACME._replace(alt_names="AMW; —; AMW"))
    assert [alias.name for alias in found.book.listings[0].aliases] == ["AMW"]
    assert [str(problem) for problem in found.problems] == [
        "line 2, alt_names: '—' says nothing that could be compared"
    ]
    assert (found.rows, found.bad_rows) == (1, 0)


@pytest.mark.parametrize("character", ["\0", "\x96", "\x1f"])
def test_a_control_character_is_read_as_a_space_and_reported(character: str) -> None:
    found = reading(ACME._replace(name=f"Acme{character}Microwave", remarks="two\twords"))
    (listing,) = found.book.listings
    assert (listing.name, listing.note) == ("Acme Microwave", "remarks: two words")
    assert [(problem.column, problem.row_lost) for problem in found.problems] == [("name", False)]


def test_more_values_than_are_kept_are_counted_in_the_report() -> None:
    found = reading(ACME._replace(alt_names="; ".join(f"AMW {n}" for n in range(201))))
    assert len(found.book.listings[0].aliases) == 200
    assert "201 names, of which 200 are kept" in found.problems[0].what


def lines(*rows: Row) -> list[bytes]:
    return write_list(rows).splitlines(keepends=True)


def test_a_quote_that_is_never_closed_takes_one_line_with_it() -> None:
    header, first, second, third = lines(ACME, HERON, DOE)
    found = read(header + first + second.replace(b"CUBA", b'"CUBA', 1) + third)
    assert [listing.name for listing in found.book.listings] == ["Acme Microwave Ltd.", "John Doe"]
    assert [problem.line for problem in found.problems] == [3]
    assert (found.rows, found.bad_rows) == (3, 1)


def test_a_row_of_another_width_is_reported_and_the_next_one_read() -> None:
    header, first, second, third = lines(ACME, HERON, DOE)
    found = read(header + first + b"a,b,c\r\n" + second + b"\r\n" + third)
    assert [str(problem) for problem in found.problems] == ["line 3: 3 fields, and the header has 29"]
    assert len(found.book.listings) == 3


def test_a_line_break_in_a_field_that_is_quoted_is_not_taken_for_the_end_of_the_row() -> None:
    header, first, second = lines(ACME._replace(remarks='two "2"; lines'), HERON)
    found = read(header + first.replace(b"; lines", b";\nlines") + second)
    assert [(problem.line, problem.column) for problem in found.problems] == [(2, "remarks")]
    assert [listing.note for listing in found.book.listings] == [
        'remarks: two "2"; lines',
        "programs: CUBA; vessel_flag: Panama",
    ]


def test_a_row_that_stray_quotes_join_to_the_one_before_is_read_by_itself() -> None:
    for layout in (LAYOUT_2026, LAYOUT_2019):
        content = write_list(
            [
                ACME,
                HERON._replace(name="Dusk Optics", alt_names="Dusk"),
                HERON._replace(name="Quill", alt_names="Lark"),
            ],
            layout,
        )
        found = read(content.replace(b",Dusk,", b',"Dusk,', 1).replace(b",Lark,", b',Lark",', 1))
        assert [listing.name for listing in found.book.listings] == ["Acme Microwave Ltd.", "Quill"]
        assert [(problem.line, problem.row_lost) for problem in found.problems] == [(3, True)]
        assert (found.rows, found.bad_rows) == (3, 1)


def test_a_header_in_the_middle_is_skipped_and_reported() -> None:
    header, first, second = lines(ACME, HERON)
    found = read(header + first + header + second)
    assert [listing.name for listing in found.book.listings] == ["Acme Microwave Ltd.", "HERON STAR"]
    assert [str(problem) for problem in found.problems] == ["line 3: the header again"]
    assert (found.rows, found.bad_rows) == (2, 0)


def test_a_line_of_blanks_is_no_row() -> None:
    header, first, second = lines(ACME, HERON)
    found = read(header + first + b" \r\n" + second + b"\r\n")
    assert (found.rows, found.bad_rows, found.complete) == (2, 0, True)


@pytest.mark.parametrize("size", [601, 8_001, 200_000])
def test_a_name_of_any_length_is_cut_and_reported(size: int) -> None:
    found = reading(ACME._replace(name="x" * size))
    assert [len(listing.name) for listing in found.book.listings] == [600]
    assert found.bad_rows == 0
    assert {problem.column for problem in found.problems} == {"name"}


def test_a_field_of_any_length_is_cut_and_reported() -> None:
    found = reading(HERON, ACME._replace(ids="x" * 200_000), DOE)
    assert (found.rows, found.bad_rows, len(found.book.listings)) == (3, 0, 3)
    assert str(found.problems[0]) == "line 3, ids: 200000 characters, of which 64000 are read"


@pytest.mark.parametrize("separator", ["；", "|", "\n", "\r\n", "; ", ";"])
def test_other_names_are_told_apart_by_whatever_stands_between_them(separator: str) -> None:
    found = only(ACME._replace(alt_names=f"Quill Works{separator}Lark Works"))
    assert [alias.name for alias in found.aliases] == ["Quill Works", "Lark Works"]


def test_characters_that_are_written_as_in_html_are_read_before_names_are_told_apart() -> None:
    found = only(
        ACME._replace(name="Quill &amp; Lark &quot;Dusk&quot; Ltd.", alt_names="Q&amp;L; QL&#39;s; A&T; B")
    )
    assert found.name == 'Quill & Lark "Dusk" Ltd.'
    assert [alias.name for alias in found.aliases] == ["Q&L", "QL's", "A&T", "B"]


def test_a_file_that_was_cut_off_is_not_complete() -> None:
    whole = write_list(ROWS)
    assert read(whole).complete
    assert not read(whole[:-2]).complete
    assert not read(whole[: whole.rindex(b"John")]).complete
    assert not read(whole[: whole.rindex(b"John")] + b"\r\n").complete


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no column name, source"),
        (b"_id,name\r\n1,Acme\r\n", "no column source"),
        (b"source,name,name\r\n", "stands twice"),
        (b'source,"name\r\n', "the header is not readable"),
        (b"source,name\r\n\xff\r\n", "not UTF-8: byte 13"),
        (b"\xff\xfes\0o\0", "not UTF-8: byte 0"),
        (b"x" * (MAX_BYTES + 1), "at most 67108864"),
        (b"source,name\r\n" + b"a,\r\n" * (MAX_BAD_ROWS + 1), "more than 1000 bad rows; the first: line 2"),
    ],
)
def test_what_is_no_such_file_is_refused_in_one_line(content: bytes, message: str) -> None:
    with pytest.raises(ListFileError, match=message) as refused:
        read(content)
    assert "\n" not in str(refused.value)


def test_more_rows_than_a_list_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MAX_ROWS", 5)
    assert read(write_list(many(5))).rows == 5
    with pytest.raises(ListFileError, match="more than 5 rows"):
        read(write_list(many(6)))


def test_a_byte_order_mark_and_the_order_of_columns_mean_nothing() -> None:
    plain = reading(*ROWS)
    marked = read(b"\xef\xbb\xbf" + write_list(ROWS))
    turned = read(write_list(ROWS, layout=tuple(reversed(LAYOUT_2019))))
    assert marked.book.listings == turned.book.listings == plain.book.listings
    assert marked.book.version != plain.book.version == digest_of(write_list(ROWS))


def test_columns_that_are_missing_or_unknown_are_told() -> None:
    found = read(b"source,name,colour\r\n" + f'"{ACME.source}",Acme,red\r\n'.encode())
    assert found.header.unknown == ("colour",)
    assert "alt_names" in found.header.missing
    assert found.book.listings[0].name == "Acme"


@pytest.mark.parametrize("path", [SCREENING_LIST, SCREENING_LIST_OF_2019], ids=lambda path: path.stem)
def test_an_official_file_is_read_whole_and_written_again_in_either_layout(path: Path) -> None:
    needs(path)
    content = path.read_bytes()
    first = read(content)
    assert first.rows == len(list(csv.reader(io.StringIO(content.decode())))) - 1
    assert (first.bad_rows, first.complete) == (0, True)
    assert first.header.missing == first.header.unknown == ()
    assert sum(first.counts.values()) == len(first.book.listings) >= first.rows
    for layout in (LAYOUT_2019, LAYOUT_2026):
        written = write_list(rows_of(content), layout)
        assert rows_of(written) == rows_of(content)
    assert read(written).book.listings == first.book.listings


texts = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs"]), max_size=40)
sources = st.sampled_from([row.source for row in ROWS])
numbers = st.sampled_from(["", "1", "2"])


@st.composite
def rows(draw: st.DrawFn) -> Row:
    printed = {name: draw(texts) for name in ("name", "addresses", "alt_names", "remarks", "programs")}
    return Row(source=draw(sources), entity_number=draw(numbers), **printed)


@settings(deadline=None)
@given(printed=st.lists(rows(), max_size=6), layout=st.sampled_from([LAYOUT_2019, LAYOUT_2026]))
def test_any_rows_survive_being_written_and_read(printed: list[Row], layout: tuple[str, ...]) -> None:
    content = write_list(printed, layout)
    assert rows_of(content) == tuple(printed)
    assert read(content).book.listings == reading(*printed).book.listings


WHOLE = write_list(ROWS)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A file that was cut, patched, swapped about or filled up."""
    content = bytearray(draw(st.sampled_from([WHOLE, write_list(ROWS, LAYOUT_2019), b""])))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(content)))
        match draw(st.integers(0, 4)):
            case 0:
                del content[at:]
            case 1:
                content[at:at] = draw(
                    st.sampled_from([b'"', b"\0", b"\r", b"\n", b",", b"\xff", b"\xe2\x80\xa8"])
                )
            case 2:
                content[at:at] = b"x" * draw(st.sampled_from([9_000, 200_000]))
            case 3:
                content[at : at + draw(st.integers(0, 40))] = draw(st.binary(max_size=40))
            case _:
                cells = bytes(content).split(b",")
                cells.reverse()
                content = bytearray(b",".join(cells))
    return bytes(content)


@settings(max_examples=300, deadline=None)
@given(content=mangled())
def test_a_mangled_file_is_read_or_refused_and_no_row_is_lost_in_silence(content: bytes) -> None:
    try:
        found = read(content)
    except ListFileError:
        return
    assert found.rows <= len(found.book.listings) + found.bad_rows
    filled = sum(bool(line.strip(b"\r")) for line in content.split(b"\n")) - 1
    # A record may have several lines, and each of them is in one.
    assert found.rows <= filled
    assert len({listing.key for listing in found.book.listings}) == len(found.book.listings)

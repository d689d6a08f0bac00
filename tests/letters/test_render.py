import base64
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pypdf import PdfReader

from greenlight.kernel.canonical import digest_bytes
from greenlight.kernel.model import Model, Text
from greenlight.law.letter import LetterKind
from greenlight.letters.content import Grant, Letter, Withdrawal
from greenlight.letters.press import TEMPLATES, showable
from greenlight.letters.render import RenderError, pages, render
from greenlight.letters.sheet import (
    CODE_PATTERN,
    MAX_SEAL_BYTES,
    Letterhead,
    LetterSettingError,
    Sheet,
    Specimen,
    check_code,
    read_code,
    read_seal,
)
from greenlight.reference.listings import HUAWEI
from tests.letters.samples import ALL, CODE, LONG_WORD, ORDINARY, conditions_of, letter_of, long, to_be_denied
from tests.letters.text import flowing, page_texts, solid, texts_of

ROOT = Path(__file__).parents[2]

HOSTILE = (
    '#panic("run")',
    '#read("/base.typ")',
    '#read("/etc/passwd")',
    '#include "base.typ"',
    '#import "@preview/cetz:0.3.0"',
    "#{ while true {} }",
    "$x^2$ *bold* _it_ `raw` @ref <label>",
    "= Heading",
    "- list + enum / term: x",
    "// comment /* more */ end",
    "\"quoted\" 'single' \\ back\\slash \\u{41}",
    '"}); #sys.inputs',
    '{"content": "json"}',
    "[bracket] ]]] [[[ } { ) (",
    "-- --- ... ~ nbsp",
    "</script>&amp;<b>%PDF-1.7",
)


def withdrawal(reason: str) -> Withdrawal:
    letter = ORDINARY["withdrawal"]()
    assert isinstance(letter, Withdrawal)
    return letter.model_copy(update={"reason": reason, "addressee": reason[:300]})


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_value_is_text(text: str) -> None:
    assert solid(flowing(withdrawal(text))).count(solid(text)) == 2


def test_markup_in_any_place_of_a_letter_is_text() -> None:
    letter = ORDINARY["grant_in_part"]()
    assert isinstance(letter, Grant)
    text = '#panic("x") $y$ *z*'
    content = letter.model_copy(
        update={
            "addressee": text,
            "end_use": text,
            "conditions": (text,),
            "riders": (text,),
            "parties": (letter.parties[0].model_copy(update={"name": text}),),
        }
    )
    assert solid(flowing(content)).count(solid(text)) == 5


HOSTILE_VALUE = '#panic("x") [red]$y$*z*[/red] \u202eydaeR\r\n| `a` <b>\x1b[31m' + "W" * 300


def hostile(value: object) -> object:
    """The same content with hostile text wherever people's words stand."""
    match value:
        case Letter() | Model():
            kept = {
                "letter_id",
                "rests_on",
                "acn",
                "license_number",
                "key",
                "policy_version",
                "table_version",
            }
            named = {name: hostile(getattr(value, name)) for name in type(value).model_fields}
            return value.model_copy(update={k: v for k, v in named.items() if k not in kept})
        case tuple():
            return tuple(map(hostile, cast("tuple[object, ...]", value)))
        case str():
            return HOSTILE_VALUE
        case _:
            return value


@pytest.mark.parametrize("name", ORDINARY)
def test_hostile_text_in_every_place_of_every_letter_is_read_as_it_was_written(name: str) -> None:
    letter = hostile(ORDINARY[name]())
    assert isinstance(letter, Letter)
    text = flowing(letter)
    assert solid('#panic("x") [red]$y$*z*[/red] ‹U+202E›ydaeR | `a` <b>‹U+001B›[31m') in solid(text)


def test_directions_cannot_be_reversed_in_secret() -> None:
    assert "Harbour‹U+202E›ydaeR" in flowing(withdrawal("Harbour\u202eydaeR"))


def test_lines_stay_lines() -> None:
    (page,) = page_texts(withdrawal("One.\nTwo.\n\nThree."))
    lines = [line.strip() for line in page.splitlines()]
    assert lines.index("Two.") == lines.index("One.") + 1


def test_a_character_that_no_font_has_is_shown_by_its_code() -> None:
    text = flowing(withdrawal("Ж Ω é \U0001f600 \ue000 x\u0483"))
    assert "Ж Ω é ‹U+1F600› ‹U+E000›" in text


def test_names_on_the_list_are_readable() -> None:
    names = set(re.findall(r'"name": "([^"]+)"', HUAWEI.read_text(encoding="utf-8")))
    assert any("\u534e" in name for name in names)
    assert {showable(name) for name in names} == names


def test_a_font_that_has_a_character_also_draws_it() -> None:
    pictures = {pages(withdrawal(character)) for character in "\u534e\u70ba\u682a\u30ab"}
    assert len(pictures) == 4


@settings(max_examples=15, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_can_be_rendered(text: str) -> None:
    try:
        TypeAdapter(Text).validate_python(text)
    except ValidationError:
        return
    assert render(withdrawal(text)).pdf.startswith(b"%PDF-")


@pytest.mark.parametrize("name", ALL)
def test_it_is_a_pdf_with_its_digest(name: str) -> None:
    letter = ALL[name]()
    rendered = render(letter)
    assert rendered.pdf.startswith(b"%PDF-")
    assert rendered.digest == digest_bytes(rendered.pdf)
    assert (rendered.letter_id, rendered.kind) == (letter.letter_id, letter.kind)
    assert rendered == render(letter)


@pytest.mark.parametrize("name", ALL)
def test_every_page_names_the_letter_its_number_and_what_it_rests_on(name: str) -> None:
    letter = ALL[name]()
    texts = page_texts(letter)
    for number, text in enumerate(texts, 1):
        assert f"Letter {letter.letter_id} page {number} of {len(texts)}" in text
        assert letter.rests_on in text


@pytest.mark.parametrize("specimen", Specimen)
@pytest.mark.parametrize("name", ORDINARY)
def test_every_page_of_a_letter_that_binds_nobody_says_so(name: str, specimen: Specimen) -> None:
    letter = ORDINARY[name]()
    pdf = render(letter, Sheet(specimen=specimen, annex=True)).pdf
    texts = texts_of(pdf)
    for text in texts:
        assert f"SPECIMEN · {specimen.said}" in text
        assert "not a legal document" in text
        # At the head, across the page and at the foot: no way of cutting a page leaves it without.
        assert text.count("SPECIMEN") == 3
    metadata = PdfReader(BytesIO(pdf)).metadata
    assert metadata is not None
    assert (metadata.title or "").startswith("SPECIMEN – ")
    # It is the same letter otherwise, and no other says so.
    marks = ("·", "SPECIMEN", specimen.said)
    assert [_without(text, marks) for text in texts] == [
        _without(text, ("·",)) for text in page_texts(letter)
    ]


def _without(text: str, marks: tuple[str, ...]) -> list[str]:
    for mark in marks:
        text = text.replace(mark, "")
    return text.split()


REAL = re.compile(r"Bureau of|Department of Commerce|Industry and Security|Washington, D.C. 20230|U\.S\. Dep")


@pytest.mark.parametrize("name", ORDINARY)
def test_no_letter_can_pass_for_one_of_a_real_agency(name: str) -> None:
    """Where a list is published is a fact of the world, and who publishes it is not who writes."""
    letter = ORDINARY[name]()
    assert not REAL.search(flowing(letter))
    (author,) = {page.author for page in [PdfReader(BytesIO(render(letter).pdf)).metadata] if page}
    assert author == "Licensing Office"


def test_the_letterhead_is_the_deployment_s() -> None:
    letter = ORDINARY["grant"]()
    words = Letterhead(
        name="Office of Permits", above="Ministry of Works", address="1 Harbour Street\nLutz 10100"
    )
    first, *rest = texts_of(render(letter, Sheet(letterhead=words)).pdf)
    for said in ("MINISTRY OF WORKS", "Office of Permits", "1 Harbour Street · Lutz 10100"):
        assert said in first
    assert all("Office of Permits" in text for text in rest)
    hostile = Sheet(letterhead=Letterhead(name='#panic("x") [red]$y$ @ref'))
    assert solid('#panic("x") [red]$y$') in solid(texts_of(render(letter, hostile).pdf)[0])


def test_a_letter_of_before_the_annex_is_made_again_without_it() -> None:
    letter = ORDINARY["denial"]()
    before = Sheet.model_validate_json('{"letterhead":{"name":"Licensing Office"},"specimen":null}')
    assert ANNEX in flowing(letter)
    assert not [text for text in texts_of(render(letter, before).pdf) if "Annex" in text]


ANNEX = "Annex: whose the days were"


@pytest.mark.parametrize("file", ["seal.svg", "seal.png"])
def test_a_seal_is_printed_once_at_the_head(tmp_path: Path, file: str) -> None:
    (tmp_path / file).write_bytes(PICTURES[file])
    sheet = Sheet(letterhead=Letterhead(seal=read_seal(tmp_path / file)))
    letter = ORDINARY["grant"]()
    plain, sealed = pages(letter), pages(letter, sheet)
    assert sealed[0] != plain[0]
    assert sealed[-1] != plain[-1] or len(plain) == len(sealed)
    assert render(letter, sheet).pdf == render(letter, sheet).pdf
    assert Sheet.model_validate_json(sheet.record) == sheet


PICTURES = {
    "seal.svg": (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4"/></svg>'
    ),
    "seal.png": base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    ),
}


@pytest.mark.parametrize(
    ("file", "content", "problem"),
    [
        ("seal.png", None, "No such file"),
        ("seal.jpg", b"JFIF", "no picture"),
        ("seal.png", b"<svg/>", "no picture"),
        ("seal.svg", PICTURES["seal.png"], "no picture"),
        ("seal.svg", b"<svg>" + b" " * MAX_SEAL_BYTES, "at most"),
    ],
)
def test_a_seal_that_cannot_be_printed_is_said(
    tmp_path: Path, file: str, content: bytes | None, problem: str
) -> None:
    if content is not None:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(LetterSettingError, match=problem):
        read_seal(tmp_path / file)


def test_a_code_can_be_typed_off_a_page() -> None:
    code = check_code(b"s" * 32, "application-A123456-6-grant", "sha256:" + "0" * 64)
    assert re.fullmatch(CODE_PATTERN, code)
    assert read_code(code.lower().replace("-", " ").replace("0", "o").replace("1", "l")) == code
    assert read_code(code[:-1]) is None
    others = {
        check_code(b"t" * 32, "application-A123456-6-grant", "sha256:" + "0" * 64),
        check_code(b"s" * 32, "application-A123456-7-grant", "sha256:" + "0" * 64),
        check_code(b"s" * 32, "application-A123456-6-grant", "sha256:" + "1" * 64),
    }
    assert len(others | {code}) == 4
    assert all(code in text for text in texts_of(render(ORDINARY["grant"](), code=code).pdf))


def test_nothing_of_a_long_letter_is_cut_off() -> None:
    case = long()
    submission = case.opened.submission
    text = solid(flowing(letter_of(case)))
    for item in submission.items:
        assert solid(f"{item.line} {item.description}") in text
    for party in submission.parties:
        assert solid(party.name) in text
    assert case.opened.granted is not None
    # A page may end within: its first and its last words are looked for.
    for numbered in (*case.opened.granted.conditions, *case.opened.granted.riders):
        assert solid(numbered[:40]) in text
        assert solid(numbered[-20:]) in text
    assert solid(LONG_WORD) in solid(flowing(conditions_of(case)))


def test_a_table_has_its_head_on_every_page() -> None:
    texts = page_texts(letter_of(long()))
    of_items = [text for text in texts if "9,007,199," in text]
    assert len(of_items) > 5
    assert all("Line Description" in text for text in of_items)


def test_a_considered_reason_of_many_pages_is_whole() -> None:
    reasons = " ".join(f"{n:05}" for n in range(660))
    texts = page_texts(letter_of(to_be_denied(reasons)))
    assert sorted({word for text in texts for word in text.split()} & set(reasons.split())) == reasons.split()


def digests(**environment: str) -> dict[str, str]:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.letters.digests"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split(" ") for line in ran.stdout.splitlines())


def test_the_bytes_are_the_same_everywhere(tmp_path: Path) -> None:
    here = {
        f"{name},{specimen}": render(make(), Sheet(specimen=specimen), CODE).digest
        for name, make in ALL.items()
        for specimen in (None, *Specimen)
    }
    there = digests(
        TZ="Asia/Kolkata",
        LANG="tr_TR.UTF-8",
        LC_ALL="C",
        HOME=str(tmp_path),
        PYTHONHASHSEED="7",
        SOURCE_DATE_EPOCH="1",
        TYPST_FONT_PATHS="/usr/share/fonts",
    )
    assert here == there


def test_letters_may_be_rendered_by_many_threads() -> None:
    letters = [make() for make in ORDINARY.values()] * 3
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(render, letters)) == [render(letter) for letter in letters]


def test_pages_can_be_looked_at() -> None:
    pictures = pages(ORDINARY["intent_to_deny"]())
    assert len(pictures) == 2
    assert all(picture.startswith(b"\x89PNG") for picture in pictures)


def test_a_content_that_does_not_fit_its_template_is_named() -> None:
    class Odd(Letter):
        kind = LetterKind.REVOCATION

    head = ORDINARY["withdrawal"]().model_dump(include=set(Letter.model_fields))
    with pytest.raises(RenderError, match="application-Z000001-3-withdrawal"):
        render(Odd(**head))


def test_there_is_a_template_for_each_kind_and_none_fetches_anything() -> None:
    templates = {path.stem: path.read_text() for path in TEMPLATES.glob("*.typ")}
    assert set(templates) == {*LetterKind, "base"}
    every = [path.read_text() for path in TEMPLATES.rglob("*.typ")]
    assert len(every) > len(templates), "reports have theirs"
    assert not any("@preview" in text or "http" in text for text in every)

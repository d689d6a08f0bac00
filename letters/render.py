"""A letter as PDF. The same content gives the same bytes, in any process, time zone, locale and home."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue, TypeAdapter
from typst import Compiler, Fonts, TypstError

from letters.content import Letter
from letters.words import legible
from licensing.canonical import canonical, digest_bytes
from licensing.model import Digest

if TYPE_CHECKING:
    from typst import PDFStandards

TEMPLATES = Path(__file__).parent / "templates"
PIXELS_PER_INCH = 110
STANDARDS: "PDFStandards" = ["a-2a", "ua-1"]
"""For archives and for screen readers (ISO 19005-2 level A, ISO 14289-1). Both refuse a character that no
font can show, where an ordinary PDF would show an empty box."""

Form = Literal["pdf", "png"]

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class RenderError(Exception):
    """The template and the content do not fit. The message names the letter and says why."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as it is stored and sent."""

    letter_id: str
    kind: str
    rests_on: Digest
    pdf: bytes
    digest: Digest


def render(letter: Letter) -> Rendered:
    """The letter as PDF, and its digest.

    :raises RenderError: an error of the template; no second try mends it.
    """
    (pdf,) = _compile(letter, "pdf")
    return Rendered(
        letter_id=letter.letter_id,
        kind=letter.kind.value,
        rests_on=letter.rests_on,
        pdf=pdf,
        digest=digest_bytes(pdf),
    )


def pages(letter: Letter) -> tuple[bytes, ...]:
    """Every page as a PNG picture, to be looked at."""
    return _compile(letter, "png")


# A compiler works for one caller at a time.
_lock = threading.Lock()


@cache
def _compiler() -> Compiler:
    """Fonts are those inside typst: what is installed on a machine changes nothing."""
    fonts = Fonts(include_system_fonts=False)
    return Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _compile(letter: Letter, form: Form) -> tuple[bytes, ...]:
    content = _shown(_JSON.validate_python(letter.model_dump(mode="json")), legible)
    main = TEMPLATES / f"{letter.kind}.typ"
    # Values are handed over as data and never become markup. The document's date is the letter's: no clock.
    inputs = {"letter": canonical(content).decode(), "dated": letter.dated.isoformat()}
    try:
        return _typst(main, form, inputs)
    except TypstError:
        # Most letters have nothing that the fonts lack, and are not searched for it.
        inputs["letter"] = canonical(_shown(content, _with_fonts)).decode()
    try:
        return _typst(main, form, inputs)
    except TypstError as error:
        raise RenderError(f"{letter.letter_id}: {error.message}") from error


def _typst(main: Path | bytes, form: Form, inputs: dict[str, str]) -> tuple[bytes, ...]:
    with _lock:
        made = _compiler().compile(
            main, format=form, ppi=PIXELS_PER_INCH, sys_inputs=inputs, pdf_standards=STANDARDS
        )
    return (made,) if isinstance(made, bytes) else tuple(made or ())


def _shown(value: JsonValue, show: Callable[[str], str]) -> JsonValue:
    match value:
        case str():
            return show(value)
        case list():
            return [_shown(item, show) for item in value]
        case dict():
            return {name: _shown(item, show) for name, item in value.items()}
        case _:
            return value


def _with_fonts(text: str) -> str:
    """The text with ``[U+1F600]`` for what no font can show."""
    return "".join(c if c.isascii() or _has_glyph(c) else f"[U+{ord(c):04X}]" for c in text)


_PROBE = b"""#import "base.typ": *
#set document(title: "probe", date: datetime(year: 2026, month: 1, day: 1))
#set text(..type)
#sys.inputs.character"""


@lru_cache(maxsize=65_536)
def _has_glyph(character: str) -> bool:
    try:
        _typst(_PROBE, "pdf", {"character": character, "letter": "{}"})
    except TypstError:
        return False
    return True

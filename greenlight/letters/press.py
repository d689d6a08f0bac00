"""Typst: the fonts, the standards, and what can be shown with them."""

import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import JsonValue
from typst import Compiler, Fonts, TypstError

from greenlight.kernel.legible import code

if TYPE_CHECKING:
    from typst import PDFStandards

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parent / "fonts"
PIXELS_PER_INCH = 110
STANDARDS: "PDFStandards" = ["a-2a", "ua-1"]
"""For archives and for screen readers (ISO 19005-2 level A, ISO 14289-1). Both refuse a character that no
font can show, where an ordinary PDF would show an empty box."""

Form = Literal["pdf", "png"]
Show = Callable[[str], str]

# A compiler works for one caller at a time.
_lock = threading.Lock()


@cache
def _compiler() -> Compiler:
    """Fonts are those inside typst and ours: what is installed on a machine changes nothing."""
    fonts = Fonts(include_system_fonts=False, font_paths=[FONTS])
    return Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def press(main: str, form: Form, inputs: Mapping[str, str]) -> tuple[bytes, ...]:
    """Compile the markup ``main``: one PDF, or a picture of each page.

    :raises TypstError: the markup is wrong, or the fonts lack a character of a PDF.
    """
    with _lock:
        made = _compiler().compile(
            main.encode(),
            format=form,
            ppi=PIXELS_PER_INCH,
            sys_inputs=dict(inputs),
            pdf_standards=STANDARDS,
        )
    return (made,) if isinstance(made, bytes) else tuple(made or ())


def printed(make: Callable[[Show], bytes]) -> bytes:
    """The print of ``make`` with text as it is; else with a code in the place of what the fonts lack.

    :raises TypstError: the markup is wrong.
    """
    # Most text has nothing that the fonts lack, and is not searched for it.
    problem: TypstError | None = None
    for show in (str, showable, coded):
        try:
            return make(show)
        except TypstError as error:
            problem = error
    assert problem is not None
    raise problem


def shown(value: JsonValue, show: Show) -> JsonValue:
    """A value with every text in it as ``show`` has it."""
    match value:
        case str():
            return show(value)
        case list():
            return [shown(item, show) for item in value]
        case dict():
            return {name: shown(item, show) for name, item in value.items()}
        case _:
            return value


def showable(text: str) -> str:
    """The text with the code, such as ``‹U+1F600›``, in the place of every character that cannot be shown."""
    return re.sub(r"\S+", lambda word: _showable_word(word[0]), text)


def coded(text: str, keep: Callable[[str], bool] = str.isascii) -> str:
    """The text with codes for all characters but those to ``keep``."""
    return "".join(c if keep(c) else code(c) for c in text)


@lru_cache(maxsize=16_384)
def _showable_word(word: str) -> str:
    # A character that can be shown alone may fail with the marks that other characters bring along.
    for candidate in (word, coded(word, _is_shown), coded(word, lambda c: _is_shown(c) and not _joins(c))):
        if _is_shown(candidate):
            return candidate
    return coded(word)


def _joins(character: str) -> bool:
    return unicodedata.category(character)[0] in "MC"


_PROBE = """
#import "base.typ": type
#set document(title: "probe", date: datetime(year: 2026, month: 1, day: 1))
#set text(..type)
#sys.inputs.text
"""


@lru_cache(maxsize=16_384)
def _is_shown(text: str) -> bool:
    if text.isascii():
        return True
    try:
        press(_PROBE, "pdf", {"text": text, "content": "{}"})
    except TypstError:
        return False
    return True

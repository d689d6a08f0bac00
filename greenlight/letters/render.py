"""A letter as PDF. The same content gives the same bytes, in any process, time zone, locale and home."""

from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue, TypeAdapter
from typst import TypstError

from greenlight.kernel.canonical import canonical, digest_bytes
from greenlight.kernel.legible import legible
from greenlight.kernel.model import Digest
from greenlight.letters.content import Letter, LetterId
from greenlight.letters.forms import form_of
from greenlight.letters.press import Form, Show, press, printed, showable, shown
from greenlight.letters.sheet import Letterhead, LetterSettingError, Sheet
from greenlight.letters.words import breakable

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)

PLAIN: Final = Sheet(annex=True)
NO_CODE: Final = "–"
_PROBE = """
#import "base.typ": letterhead, type
#set document(title: "probe", date: datetime(year: 2026, month: 1, day: 1))
#set text(..type)
#letterhead
"""


class RenderError(Exception):
    """The template and the content do not fit. The message names the letter and says why."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter as it is stored and sent."""

    letter_id: LetterId
    kind: str
    rests_on: Digest
    pdf: bytes
    digest: Digest


def render(letter: Letter, sheet: Sheet = PLAIN, code: str = NO_CODE) -> Rendered:
    """The letter as PDF, and its digest.

    :param code: by which it is found on record.
    :raises RenderError: an error of the template, or of the seal; no second try mends it.
    """
    pdf = _pdf(letter, sheet, code)
    return Rendered(letter.letter_id, letter.kind, letter.rests_on, pdf, digest_bytes(pdf))


def try_out(letterhead: Letterhead) -> None:
    """Print a page with it, so that what cannot be printed is known before a letter is due.

    :raises LetterSettingError: it cannot be; the message says which setting, and why.
    """
    sheet = canonical(_printed(Sheet(letterhead=letterhead), showable)).decode()
    try:
        press(_PROBE, "pdf", {"content": "{}", "sheet": sheet})
    except TypstError as error:
        raise LetterSettingError(f"the letterhead cannot be printed: {error.message}") from error


def pages(letter: Letter, sheet: Sheet = PLAIN, code: str = NO_CODE) -> tuple[bytes, ...]:
    """Every page as a PNG picture, to be looked at."""
    return _press(letter, sheet, code, "png", showable)


def _pdf(letter: Letter, sheet: Sheet, code: str) -> bytes:
    try:
        return printed(lambda show: _press(letter, sheet, code, "pdf", show)[0])
    except TypstError as error:
        raise RenderError(f"{letter.letter_id}: {error.message}") from error


def _press(letter: Letter, sheet: Sheet, code: str, form: Form, show: Show) -> tuple[bytes, ...]:
    content = shown(
        _JSON.validate_python(letter.model_dump(mode="json")), lambda text: show(breakable(legible(text)))
    )
    # Values are handed over as data and never become markup. The document's date is the letter's: no clock.
    inputs = {
        "content": canonical(content).decode(),
        "letter_id": letter.letter_id,
        "rests_on": letter.rests_on,
        "date": letter.dated.isoformat(),
        "sheet": canonical(_printed(sheet, show)).decode(),
        "code": code,
    }
    own = form_of(letter.kind)
    return press(own.template if own else f'#include "{letter.kind}.typ"', form, inputs)


def _printed(sheet: Sheet, show: Show) -> dict[str, JsonValue]:
    """The paper as the template reads it. Markup knows no base64: a picture is given byte by byte."""
    head, seal = sheet.letterhead, sheet.letterhead.seal
    words: dict[str, JsonValue] = {
        "name": head.name,
        "above": head.above,
        "address": head.address,
        "specimen": sheet.specimen.said if sheet.specimen else None,
        "annex": sheet.annex,
    }
    texts = shown(words, lambda text: show(legible(text)))
    assert isinstance(texts, dict), "it was one"
    return {**texts, "seal": {"format": seal.format, "content": list(seal.content)} if seal else None}

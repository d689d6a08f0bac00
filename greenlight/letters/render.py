"""A letter as PDF. The same content gives the same bytes, in any process, time zone, locale and home."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue, TypeAdapter
from typst import TypstError

from greenlight.kernel.canonical import canonical, digest_bytes
from greenlight.kernel.legible import legible
from greenlight.kernel.model import Digest
from greenlight.letters.content import Letter, LetterId
from greenlight.letters.forms import form_of
from greenlight.letters.press import Form, coded, press, showable
from greenlight.letters.words import breakable

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)

Show = Callable[[str], str]


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


def render(letter: Letter, *, rehearsal: bool = False) -> Rendered:
    """The letter as PDF, and its digest.

    :param rehearsal: nobody is bound by it, and every page says so.
    :raises RenderError: an error of the template; no second try mends it.
    """
    pdf = _pdf(letter, rehearsal)
    return Rendered(letter.letter_id, letter.kind, letter.rests_on, pdf, digest_bytes(pdf))


def pages(letter: Letter, *, rehearsal: bool = False) -> tuple[bytes, ...]:
    """Every page as a PNG picture, to be looked at."""
    return _press(letter, rehearsal, "png", showable)


def _pdf(letter: Letter, rehearsal: bool) -> bytes:
    # Most letters have nothing that the fonts lack, and are not searched for it.
    problem = None
    for show in (str, showable, coded):
        try:
            return _press(letter, rehearsal, "pdf", show)[0]
        except TypstError as error:
            problem = error
    assert problem is not None
    raise RenderError(f"{letter.letter_id}: {problem.message}") from problem


def _press(letter: Letter, rehearsal: bool, form: Form, show: Show) -> tuple[bytes, ...]:
    content = _shown(
        _JSON.validate_python(letter.model_dump(mode="json")), lambda text: show(breakable(legible(text)))
    )
    # Values are handed over as data and never become markup. The document's date is the letter's: no clock.
    inputs = {
        "content": canonical(content).decode(),
        "letter_id": letter.letter_id,
        "rests_on": letter.rests_on,
        "date": letter.dated.isoformat(),
        "rehearsal": "yes" if rehearsal else "no",
    }
    own = form_of(letter.kind)
    return press(own.template if own else f'#include "{letter.kind}.typ"', form, inputs)


def _shown(value: JsonValue, show: Show) -> JsonValue:
    match value:
        case str():
            return show(value)
        case list():
            return [_shown(item, show) for item in value]
        case dict():
            return {name: _shown(item, show) for name, item in value.items()}
        case _:
            return value

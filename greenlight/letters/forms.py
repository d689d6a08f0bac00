"""Letters of aggregates beyond the package: how each is composed, and what it looks like."""

from collections.abc import Callable
from typing import Final, NamedTuple

from greenlight.letters.content import Letter, Records, Step


class Form(NamedTuple):
    """``compose`` makes the letter from the records of its stream, up to its step; ``template`` is Typst
    markup, which may import ``base.typ`` and reads the content from there as ``letter``."""

    compose: Callable[[Step, Records], Letter]
    template: str


_FORMS: Final[dict[str, Form]] = {}


def register(kind: str, form: Form) -> None:
    """Take in a letter of a kind that the package has none of."""
    _FORMS[kind] = form


def form_of(kind: str) -> Form | None:
    return _FORMS.get(kind)

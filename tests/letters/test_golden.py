"""The text of an ordinary letter of each kind, page by page, as kept in ``golden/``.

After a change that is meant: ``python -m tests.letters.golden``, and read the differences.
"""

import pytest

from greenlight.law.letter import LetterKind
from tests.letters.golden import FOLDER, golden
from tests.letters.samples import ORDINARY


@pytest.mark.parametrize("name", ORDINARY)
def test_a_letter_says_what_it_is_known_to_say(name: str) -> None:
    assert golden(ORDINARY[name]()) == (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def test_there_is_a_known_text_of_every_kind_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(ORDINARY)
    assert {make().kind for make in ORDINARY.values()} == set(LetterKind)

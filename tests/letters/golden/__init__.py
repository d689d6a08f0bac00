"""The known texts, and how they come about."""

from pathlib import Path

from greenlight.letters.content import Letter
from tests.letters.text import page_texts

FOLDER = Path(__file__).parent


def golden(letter: Letter) -> str:
    pages = (
        "".join(f"{line.rstrip()}\n" for line in [f"-- page {number} --", *text.splitlines()])
        for number, text in enumerate(page_texts(letter), 1)
    )
    return "\n".join(pages)

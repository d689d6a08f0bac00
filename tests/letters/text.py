"""What can be read in a PDF."""

from io import BytesIO

from pypdf import PdfReader

from greenlight.letters.content import Letter
from greenlight.letters.render import render


def page_texts(letter: Letter) -> list[str]:
    """Page by page, without the places where words may break."""
    return texts_of(render(letter).pdf)


def texts_of(pdf: bytes) -> list[str]:
    """The same of a letter that is made."""
    return [page.extract_text().replace("\u200b", "") for page in PdfReader(BytesIO(pdf)).pages]


def flowing(letter: Letter) -> str:
    """All text, its lines joined: where a line ends depends on the font, not on what is said."""
    return " ".join(" ".join(page_texts(letter)).split())


def solid(text: str) -> str:
    """The text without any white space, to be found wherever lines are broken."""
    return "".join(text.split())

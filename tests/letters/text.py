"""What can be read in a PDF."""

from io import BytesIO

from pypdf import PdfReader

from letters.content import Letter
from letters.render import render


def page_texts(letter: Letter) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(render(letter).pdf)).pages]


def flowing(letter: Letter) -> str:
    """All text, its lines joined: where a line ends depends on the font, not on what is said."""
    text = " ".join(" ".join(page_texts(letter)).split())
    return text.replace("\u200b", "")


def solid(text: str) -> str:
    """The text without any white space, to be found wherever lines are broken."""
    return "".join(text.replace("\u200b", "").split())

"""Cards of new keys, as files."""

from pathlib import Path

from pydantic import ValidationError

from greenlight.cli.base.options import faulty, read_content
from greenlight.law.officer.card import Card


def read_card(file: Path) -> Card:
    """The card in a file, or the end of the command with what is wrong with it."""
    try:
        return Card.model_validate_json(read_content(file))
    except ValidationError as error:
        raise faulty(error, str(file)) from None

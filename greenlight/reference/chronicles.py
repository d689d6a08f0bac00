"""Loads what happened in some years beside the rules; format `greenlight-chronicle/1`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from greenlight.kernel.model import Name, Text
from greenlight.law.rule.acts import Certainty
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.strict_json import read, refusal, version_of

FILE = Path(__file__).with_name("chronicles") / "2025-2026.json"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Episode(_Record):
    """Something that lasted. Days are days in Washington; without ``days_known`` the months alone are told,
    and ``begins`` and ``through`` are their first and last day."""

    title: Name
    begins: date
    through: date
    days_known: bool
    citation: Name
    certainty: Certainty
    text: Text

    @model_validator(mode="after")
    def _lasts(self) -> Self:
        if self.through < self.begins:
            raise ValueError("through: it would be over before it begins")
        return self


class Chronicle(_Record):
    """A whole file. ``note`` says how the facts came to be known; it is no part of them."""

    format: Literal["greenlight-chronicle/1"]
    title: Name
    begins: date
    ends: date
    note: Text
    episodes: Annotated[tuple[Episode, ...], Field(min_length=1)]


def load_chronicle(file: Path = FILE) -> Chronicle:
    """Read a file, by default that of 2025-2026.

    Raises `ReferenceDataError`, which names file and field, for anything that is not as the format says.
    """
    content = read(file)
    version_of(file, content)
    try:
        found = Chronicle.model_validate_json(content)
    except ValidationError as error:
        raise refusal(file, error) from error
    for place, each in enumerate(found.episodes):
        if not found.begins <= each.begins <= each.through <= found.ends:
            raise ReferenceDataError(file, f"episodes.{place}", "is not of these years")
    return found

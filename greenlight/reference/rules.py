"""Loads the rules that come with the service, each with its acts as attested; format `greenlight-rule/1`."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import Identifier, Name, Text
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty, Governed
from greenlight.law.rule.rules import Rule, Rules
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.strict_json import read, refusal, version_of

FOLDER = Path(__file__).with_name("rules")


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ActRecord(_Record):
    """An act. Days are days in Washington; ``filed``, ``published`` and ``effective`` begin with them."""

    kind: ActKind
    citation: Name
    filed: date | None = None
    published: date | None = None
    effective: date
    valid_through: date | None = None
    certainty: Certainty
    text: Text


class AttestationRecord(_Record):
    """An act as it was known from the start of the day ``known`` on."""

    number: Annotated[int, Field(ge=1)]
    known: date
    act: ActRecord | None = None
    corrects: int | None = None


class RuleFile(_Record):
    """A whole file. ``note`` says how the facts came to be known; it is no part of them."""

    format: Literal["greenlight-rule/1"]
    key: Identifier
    title: Name
    note: Text
    governs: Governed
    attestations: Annotated[tuple[AttestationRecord, ...], Field(min_length=1)]


def load_rule(path: Path) -> Rule:
    """Read a file.

    Raises `ReferenceDataError`, which names file and field, for anything that is not as the format says.
    """
    content = read(path)
    version_of(path, content)
    try:
        parsed = RuleFile.model_validate_json(content, context=ENTERED)
        attested = tuple(map(_attestation, parsed.attestations))
    except ValidationError as error:
        raise refusal(path, error) from error
    if [each.number for each in attested] != list(range(1, len(attested) + 1)):
        raise ReferenceDataError(path, "attestations", "are numbered from 1 on, in their order")
    return Rule(parsed.key, parsed.title, parsed.governs, attested)


@cache
def load_rules(folder: Path = FOLDER) -> Rules:
    """Read all files of a folder, by default those that come with the service.

    Raises `ReferenceDataError`, as `load_rule` does.
    """
    return Rules(map(load_rule, sorted(folder.glob("*.json"))))


def _attestation(record: AttestationRecord) -> Attestation:
    act = record.act
    return Attestation(
        number=record.number,
        act=None if act is None else _act(act),
        known=start_of_day(record.known),
        corrects=record.corrects,
    )


def _act(record: ActRecord) -> Act:
    return Act(
        kind=record.kind,
        citation=record.citation,
        filed=start_of_day(record.filed) if record.filed else None,
        published=start_of_day(record.published) if record.published else None,
        effective=start_of_day(record.effective),
        valid_through=record.valid_through,
        certainty=record.certainty,
        text=record.text,
    )

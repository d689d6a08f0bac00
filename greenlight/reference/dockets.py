"""Loads what is published of a docket: how many applications came by when, and what became of them;
`greenlight-docket/1`."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import Identifier, Name, Text
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.strict_json import read, refusal, version_of

HUAWEI = Path(__file__).with_name("dockets") / "huawei-2019.json"

Count = Annotated[int, Field(ge=0, le=100_000)]
Percent = Annotated[int, Field(ge=0, le=100)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class _Reported(_Record):
    """``reported``: the figure in the words of the source, which seldom has exact ones."""

    reported: Name
    source: Name


class Received(_Reported):
    """The number of applications that had come by the end of a day, in all."""

    through: date
    applications: Count


class GreenLight(_Reported):
    day: date


class FirstDecisions(_Reported):
    """Outcomes of those received before ``day``, in percent."""

    day: date
    approved_percent: Percent
    intent_to_deny_percent: Percent


class Later(_Reported):
    """Outcomes of those received after the first decisions; classes are those of statistics."""

    approved: Count
    returned: Count
    denied: Count
    approved_by_class: dict[Name, Count]
    note: Text


class Stuck(_Reported):
    applications: Count


class DocketFile(_Record):
    """A whole file. Days are days in Washington."""

    format: Literal["greenlight-docket/1"]
    key: Identifier
    title: Name
    begins: date
    ends: date
    received: Annotated[tuple[Received, ...], Field(min_length=1)]
    green_light: GreenLight
    first_decisions: FirstDecisions
    later: Later
    stuck: Stuck


def load_docket(path: Path | None = None) -> DocketFile:
    """Read a file, by default the docket of 2019.

    Raises `ReferenceDataError`, which names file and field, for anything that is not as the format says.
    """
    file = HUAWEI if path is None else path
    content = read(file)
    version_of(file, content)
    try:
        parsed = DocketFile.model_validate_json(content, context=ENTERED)
    except ValidationError as error:
        raise refusal(file, error) from error
    totals = [record.applications for record in parsed.received]
    days = [record.through for record in parsed.received]
    if totals != sorted(totals) or days != sorted(set(days)):
        raise ReferenceDataError(file, "received", "grows from day to day")
    if sum(parsed.later.approved_by_class.values()) != parsed.later.approved:
        raise ReferenceDataError(file, "later.approved_by_class", "adds up to what was approved")
    if not parsed.begins < parsed.green_light.day < parsed.first_decisions.day < parsed.ends:
        raise ReferenceDataError(file, "green_light", "comes before the first decisions, both in time")
    return parsed

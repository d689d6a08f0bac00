"""Loads the control tables, formats `greenlight-control-list/1`, `-country-chart/1`, `-country-groups/1`."""

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import Country
from greenlight.law.determination.scope import path_of
from greenlight.law.determination.tables import (
    Destination,
    Entry,
    Sources,
    Tables,
    Worldwide,
    control_of,
    footnotes_of,
)
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.strict_json import read, refusal, version_of

FOLDER = Path(__file__).with_name("controls")
LIST, CHART, GROUPS, DESTINATIONS = (
    "commerce-control-list.json",
    "country-chart.json",
    "country-groups.json",
    "destinations.json",
)

MAX_ENTRIES, MAX_CONTROLS, MAX_COUNTRIES = 5_000, 50, 400

Eccn = Annotated[str, StringConstraints(pattern=r"^[0-9][A-E][0-9]{3}$")]
Reason = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Printed = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Column = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2} [0-9]$")]
Group = Annotated[str, StringConstraints(pattern=r"^[A-E](:[0-9])?$")]
Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,2}$")]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class EntryRecord(_Model):
    """An ECCN; each control as printed, with what stands beside it."""

    heading: Short
    reasons: Annotated[tuple[Reason, ...], Field(max_length=13)]
    controls: Annotated[tuple[tuple[Printed, Printed], ...], Field(max_length=MAX_CONTROLS)]


class ListFile(_Model):
    """The Commerce Control List. ``issued`` is the day whose law it prints."""

    format: Literal["greenlight-control-list/1"]
    source: Short
    issued: date
    entries: Annotated[dict[Eccn, EntryRecord], Field(min_length=1, max_length=MAX_ENTRIES)]


class RowRecord(_Model):
    """A row of the chart: the columns with an X; or, of an embargoed destination, what it points to."""

    name: Short
    marks: Annotated[tuple[Column, ...], Field(max_length=50)] = ()
    footnotes: Annotated[tuple[Number, ...], Field(max_length=20)] = ()
    pointer: Printed | None = None


class InheritedRecord(_Model):
    """A destination that is read from the row of another."""

    row: Country
    basis: Printed


class WorldwideRecord(_Model):
    """Entries that need a license for every destination, as printed."""

    citation: Short
    no_exceptions: Annotated[tuple[Short, ...], Field(max_length=50)]
    government_only: Annotated[tuple[Short, ...], Field(max_length=50)]


class ChartFile(_Model):
    """The Commerce Country Chart."""

    format: Literal["greenlight-country-chart/1"]
    source: Short
    issued: date
    columns: Annotated[tuple[Column, ...], Field(min_length=1, max_length=50)]
    rows: Annotated[dict[Country, RowRecord], Field(min_length=1, max_length=MAX_COUNTRIES)]
    inherited: Annotated[dict[Country, InheritedRecord], Field(max_length=MAX_COUNTRIES)]
    footnotes: Annotated[dict[Number, Printed], Field(max_length=100)]
    worldwide: WorldwideRecord


class GroupsFile(_Model):
    """The Country Groups, each with the codes of its members."""

    format: Literal["greenlight-country-groups/1"]
    source: Short
    issued: date
    groups: Annotated[
        dict[Group, Annotated[tuple[Country, ...], Field(max_length=MAX_COUNTRIES)]], Field(max_length=50)
    ]


class DestinationsFile(_Model):
    """The names that the chart and the groups print, and their codes."""

    format: Literal["greenlight-destinations/1"]
    source: Short
    codes: Annotated[dict[Short, Country], Field(max_length=1_000)]


M = TypeVar("M", bound=BaseModel)


def load(file: Path, model: type[M]) -> M:
    """A file of one of the formats. Raises `ReferenceDataError`, which names file and field."""
    return _parsed(file, read(file), model)


def _parsed(file: Path, content: str, model: type[M]) -> M:
    version_of(file, content)
    try:
        return model.model_validate_json(content, context=ENTERED)
    except ValidationError as error:
        raise refusal(file, error) from error


@lru_cache(maxsize=4)
def load_tables(folder: Path = FOLDER) -> Tables:
    """The tables in a folder, by default those that come with the service; read once."""
    return read_tables(folder)


def read_tables(folder: Path) -> Tables:
    """The tables in a folder, read anew.

    Raises `ReferenceDataError` for anything that is not as the formats say, or where they disagree.
    """
    return tables_in(folder, {name: read(folder / name) for name in (LIST, CHART, GROUPS)})


def tables_in(folder: Path, texts: Mapping[str, str]) -> Tables:
    """The tables in what was read of the files of a folder, by their names.

    Raises `ReferenceDataError`, as ``read_tables``.
    """
    controls = _parsed(folder / LIST, texts[LIST], ListFile)
    chart = _parsed(folder / CHART, texts[CHART], ChartFile)
    groups = _parsed(folder / GROUPS, texts[GROUPS], GroupsFile)
    if not controls.issued == chart.issued == groups.issued:
        raise ReferenceDataError(folder, "issued", "the three tables are not of one day")
    columns = frozenset(chart.columns)
    return Tables(
        issued=controls.issued,
        sources=Sources(controls.source, chart.source, groups.source),
        columns=columns,
        entries={eccn: _entry(eccn, record, columns) for eccn, record in controls.entries.items()},
        destinations=_destinations(folder / CHART, chart, groups),
        worldwide=_worldwide(chart.worldwide),
    )


def _entry(eccn: str, record: EntryRecord, columns: frozenset[str]) -> Entry:
    return Entry(
        eccn=eccn,
        heading=record.heading,
        reasons=frozenset(record.reasons),
        controls=tuple(control_of(eccn, text, refers, columns) for text, refers in record.controls),
    )


def _destinations(file: Path, chart: ChartFile, groups: GroupsFile) -> dict[str, Destination]:
    """By code. One that is read from another's row has that one's code and groups: it is no place apart."""
    member_of: dict[str, set[str]] = {}
    for group, codes in groups.groups.items():
        for code in codes:
            member_of.setdefault(code, set()).add(group)
    found: dict[str, Destination] = {}
    for code in sorted(chart.rows.keys() | chart.inherited.keys() | member_of.keys()):
        of = chart.inherited[code].row if code in chart.inherited else code
        row = chart.rows.get(of)
        if row is None and code in chart.inherited:
            raise ReferenceDataError(file, f"inherited.{code}.row", f"{of} has no row")
        for number in row.footnotes if row else ():
            if number not in chart.footnotes:
                raise ReferenceDataError(file, f"rows.{of}.footnotes", f"there is no footnote {number}")
        found[code] = Destination(
            code=of,
            row=row.name if row else None,
            marks=frozenset(row.marks) if row and row.pointer is None else None,
            groups=frozenset(member_of.get(of, ())),
            footnotes=footnotes_of(chart.footnotes, row.footnotes) if row else (),
            pointer=row.pointer if row else None,
        )
    return found


_PLAIN = re.compile(r"(?P<eccn>[0-9][A-E][0-9]{3})(?P<path>(?:\.[a-z0-9]{1,2})*)")


def _worldwide(record: WorldwideRecord) -> Mapping[str, tuple[Worldwide, ...]]:
    """Those named without "(for ...)"; what is meant by that, the entry's own controls say."""
    found: dict[str, tuple[Worldwide, ...]] = {}
    for texts, government in ((record.no_exceptions, False), (record.government_only, True)):
        for plain in filter(None, map(_PLAIN.fullmatch, texts)):
            item = Worldwide(path_of(plain["path"]), government)
            found[plain["eccn"]] = (*found.get(plain["eccn"], ()), item)
    return found

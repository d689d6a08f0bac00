"""Makes the control tables out of three official files: the list, the chart and the groups.

The files are those of the electronic Code of Federal Regulations, brought into JSON. Nothing is interpreted:
texts are kept as printed, headings cut short, and names of countries put into codes.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from greenlight.reference.controls import (
    CHART,
    DESTINATIONS,
    FOLDER,
    GROUPS,
    LIST,
    DestinationsFile,
    load,
)
from greenlight.reference.errors import ReferenceDataError

HEADING = 60
"""Characters of a heading that are kept: enough to recognise the entry by."""

_ISSUE = re.compile(r"eCFR issue (\d{4}-\d{2}-\d{2})$")


class _Model(BaseModel):
    """Of the official files only what the tables are made of is read."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Control(_Model):
    control: str
    country_chart: Annotated[str, Field(alias="countryChart")]


class _Entry(_Model):
    eccn: str
    heading: str
    reasons: Annotated[str | None, Field(alias="reasonForControl")]
    controls: Annotated[tuple[_Control, ...], Field(alias="countryChart")]


class _List(_Model):
    source: str
    entries: tuple[_Entry, ...]


class _Row(_Model):
    marks: tuple[str, ...]
    footnotes: tuple[int, ...]


class _Embargoed(_Model):
    pointer: str
    footnotes: tuple[int, ...]


class _Inherited(_Model):
    row: str
    basis: str


class _GovOnly(_Model):
    entries: tuple[str, ...]


class _Worldwide(_Model):
    citation: str
    no_exceptions: Annotated[tuple[str, ...], Field(alias="noLicenceExceptions")]
    government_only: Annotated[_GovOnly, Field(alias="govOnly")]


class _Chart(_Model):
    citation: str
    issued: Annotated[date, Field(alias="ecfrIssueDate")]
    columns: tuple[str, ...]
    countries: dict[str, _Row]
    embargoed: dict[str, _Embargoed]
    inherited: Annotated[dict[str, _Inherited], Field(alias="territoryInheritance")]
    footnotes: dict[str, str]
    worldwide: Annotated[_Worldwide, Field(alias="allDestinationsEntries")]


class _Groups(_Model):
    citation: str
    issued: Annotated[date, Field(alias="ecfrIssueDate")]
    groups: dict[str, tuple[str, ...]]


def tables_of(ccl: Path, chart: Path, groups: Path) -> dict[str, str]:
    """The files of tables by name, each as its text.

    Raises `ReferenceDataError` for an official file that is not as expected, and for a name without a code.
    """
    codes = load(FOLDER / DESTINATIONS, DestinationsFile).codes
    made = {
        LIST: _list(ccl, load(ccl, _List)),
        CHART: _chart(chart, load(chart, _Chart), codes),
        GROUPS: _groups(groups, load(groups, _Groups), codes),
    }
    return {name: _laid_out(content) for name, content in made.items()}


def _list(file: Path, official: _List) -> dict[str, JsonValue]:
    issue = _ISSUE.search(official.source)
    if issue is None:
        raise ReferenceDataError(file, "source", "does not end with the day of its issue")
    entries: dict[str, JsonValue] = {
        entry.eccn: {
            "heading": _short(entry.heading),
            "reasons": list(dict.fromkeys(re.findall(r"[A-Z]{2}", entry.reasons or ""))),
            "controls": [[each.control, each.country_chart] for each in entry.controls],
        }
        for entry in official.entries
    }
    if len(entries) < len(official.entries):
        raise ReferenceDataError(file, "entries", "an entry is there twice")
    return {
        "format": "greenlight-control-list/1",
        "source": official.source,
        "issued": issue[1],
        "entries": entries,
    }


def _short(heading: str) -> str:
    # That an item is another department's is told at the end of its heading.
    elsewhere = " (Subject to the ITAR.)" if re.search(r"“subject to the ITAR.”", heading) else ""
    if len(heading) <= HEADING:
        return heading
    return heading[: HEADING - len(elsewhere)].rsplit(" ", 1)[0] + " …" + elsewhere


def _chart(file: Path, official: _Chart, codes: Mapping[str, str]) -> dict[str, JsonValue]:
    rows: dict[str, JsonValue] = {}
    for name, row in official.countries.items():
        rows[_code(file, codes, name)] = {
            "name": name,
            "marks": list(row.marks),
            "footnotes": [str(number) for number in row.footnotes],
        }
    for name, embargoed in official.embargoed.items():
        rows[_code(file, codes, name)] = {
            "name": name,
            "footnotes": [str(number) for number in embargoed.footnotes],
            "pointer": embargoed.pointer,
        }
    if len(rows) < len(official.countries) + len(official.embargoed):
        raise ReferenceDataError(file, "countries", "two rows have the same code")
    return {
        "format": "greenlight-country-chart/1",
        "source": official.citation,
        "issued": official.issued.isoformat(),
        "columns": list(official.columns),
        "rows": dict(sorted(rows.items())),
        "inherited": {
            _code(file, codes, name): {"row": _code(file, codes, each.row), "basis": each.basis}
            for name, each in official.inherited.items()
        },
        "footnotes": dict(official.footnotes),
        "worldwide": {
            "citation": official.worldwide.citation,
            "no_exceptions": list(official.worldwide.no_exceptions),
            "government_only": list(official.worldwide.government_only.entries),
        },
    }


def _groups(file: Path, official: _Groups, codes: Mapping[str, str]) -> dict[str, JsonValue]:
    return {
        "format": "greenlight-country-groups/1",
        "source": official.citation,
        "issued": official.issued.isoformat(),
        "groups": {group: _codes(file, codes, names) for group, names in official.groups.items()},
    }


def _codes(file: Path, codes: Mapping[str, str], names: Iterable[str]) -> list[JsonValue]:
    return [*sorted(_code(file, codes, name) for name in names)]


def _code(file: Path, codes: Mapping[str, str], name: str) -> str:
    if name not in codes:
        raise ReferenceDataError(file, "(names)", f"{name!r} has no code in {DESTINATIONS}")
    return codes[name]


def _laid_out(content: Mapping[str, JsonValue]) -> str:
    """JSON with one line for each entry of its tables, so that a change of one is a change of one line."""
    parts: list[str] = []
    for key, value in content.items():
        if isinstance(value, dict) and key != "worldwide":
            lines = ",\n".join(f"    {_json(name)}: {_json(each)}" for name, each in value.items())
            parts.append(f"  {_json(key)}: {{\n{lines}\n  }}")
        else:
            parts.append(f"  {_json(key)}: {_json(value)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)

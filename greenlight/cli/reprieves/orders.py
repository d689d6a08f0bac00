"""Terms as an executive orders them: from a file, from options, and for the rest like the term before."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from greenlight.cli.base.options import beginning, read_json
from greenlight.cli.base.output import fail
from greenlight.cli.base.session import USAGE
from greenlight.kernel.model import JsonObject
from greenlight.law.reprieve.state import ReprieveState
from greenlight.law.reprieve.terms import entities_at

Key = Annotated[str, typer.Argument(metavar="KEY", help="Key of the reprieve, such as rural.")]
OrderFile = Annotated[
    Path | None,
    typer.Option(
        "--file",
        metavar="FILE",
        help="The term as JSON, - for standard input; options count before it. "
        "What neither says is taken from the term that runs.",
    ),
]
ValidThrough = Annotated[
    str | None, typer.Option("--valid-through", metavar="DAY", help="The term's last day, in Washington.")
]
Effective = Annotated[
    datetime | None,
    typer.Option(
        "--effective",
        parser=beginning,
        metavar="DAY|INSTANT",
        help="When it begins; a day from its first moment.",
    ),
]
Entities = Annotated[
    list[str] | None, typer.Option("--entity", help="Listed entity, by its key; repeat. Default: as before.")
]
Citation = Annotated[str | None, typer.Option("--citation", help="Where it is printed, if it is.")]
Published = Annotated[
    datetime | None,
    typer.Option(
        "--published",
        parser=beginning,
        metavar="DAY|INSTANT",
        help="When it was; a day from its first moment.",
    ),
]


def read_object(path: Path) -> JsonObject:
    """The JSON object in a file, or an end that says what is wrong."""
    return read_json(TypeAdapter[JsonObject](JsonObject), path)


def given(
    file: Path | None,
    *,
    valid_through: str | None = None,
    effective: datetime | None = None,
    entities: list[str] | None = None,
    citation: str | None = None,
    published: datetime | None = None,
) -> dict[str, object]:
    """What file and options say of a term; options count before the file."""
    said: dict[str, object] = dict(read_object(file)) if file else {}
    options: dict[str, object] = {
        "valid_through": valid_through,
        "effective": effective,
        "entities": sorted(entities) if entities else None,
        "citation": citation,
        "published": published,
    }
    return {**said, **{name: value for name, value in options.items() if value is not None}}


def completed(said: dict[str, object], state: ReprieveState, reason: str) -> dict[str, object]:
    """The term that was ordered, like the one that ends last where nothing was said.

    Whom that covers is counted with the entities that came and went by the beginning of the new one.
    """
    if "valid_through" not in said:
        raise fail(USAGE, "say the term's last day: --valid-through, or valid_through in --file")
    standing = state.horizon or state.last
    if standing is None:
        return {"reason": reason, **said}
    begins = said.get("effective")
    at = begins if isinstance(begins, datetime) else datetime.now(UTC)
    alike = {
        "scope": standing.term.scope.model_dump(mode="json"),
        "entities": sorted(entities_at(standing.term.entities, state.changes, at)),
        "reason": reason,
    }
    return {**alike, **said}

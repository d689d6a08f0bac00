"""Commands that order a term of a reprieve, or correct one: from a file, options, and the term before."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from greenlight.cli.base.options import (
    As,
    CommandId,
    Dossier,
    Json,
    Reasons,
    ToldReasons,
    beginning,
    body,
    read_json,
    stream_named,
)
from greenlight.cli.base.output import fail
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.send import send
from greenlight.cli.base.session import USAGE, run
from greenlight.cli.generated import Command
from greenlight.kernel.model import JsonObject
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import CorrectTerm, IssueTerm, ReplaceOutcome
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
Term = Annotated[int, typer.Argument(min=1, help="The term's number, from 1.")]


def _ordering(content: type[ReplaceOutcome | IssueTerm], example: str) -> Command:
    """The command that orders a term, by the body that has it."""

    def order(
        key: Key,
        as_: As,
        reasons: Reasons,
        file: OrderFile = None,
        valid_through: ValidThrough = None,
        effective: Effective = None,
        entity: Entities = None,
        citation: Citation = None,
        published: Published = None,
        dossier: Dossier = None,
        command_id: CommandId = None,
        json: Json = False,
    ) -> None:
        stream = stream_named(REPRIEVE, key)
        said = given(
            file,
            valid_through=valid_through,
            effective=effective,
            entities=entity,
            citation=citation,
            published=published,
        )
        standing, _ = run(lambda session: replayed(session, REPRIEVE, stream))
        told = {"term": completed(said, standing, reasons), "reasons": reasons}
        asked = {name: each for name, each in told.items() if name in content.model_fields}
        send(stream, body(content, **asked), as_, command_id, json, dossier)

    order.__doc__ = f"{content.__doc__}\n\nExample: starter.py reprieve {example}"
    return order


replace = _ordering(ReplaceOutcome, 'replace rural --valid-through 2027-06-30 --reasons "Longer" --as vera')
issue = _ordering(IssueTerm, 'issue rural --valid-through 2027-06-30 --reasons "A gap" --as vera')


def correct(
    key: Key,
    term: Term,
    as_: As,
    reasons: ToldReasons,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="What it should have said as JSON, - for standard input."),
    ] = None,
    valid_through: ValidThrough = None,
    effective: Effective = None,
    entity: Entities = None,
    term_citation: Annotated[
        str | None, typer.Option(help="Where the term is printed, if that was wrong.")
    ] = None,
    citation: Annotated[str | None, typer.Option(help="Where the correction is printed.")] = None,
    published: Published = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Say what a term should have said; it stays on record as it was.

    Example: starter.py reprieve correct rural 1 --valid-through 2027-02-28 --reasons "A misprint" --as vera
    """
    said = given(
        file,
        valid_through=valid_through,
        effective=effective,
        entities=entity,
        citation=term_citation,
    )
    if not said:
        raise fail(
            USAGE, "say what is wrong: --file, --valid-through, --effective, --entity, --term-citation"
        )
    printed = given(None, citation=citation, published=published)
    content = body(CorrectTerm, term=term, correction=said, reasons=reasons, **printed)
    send(stream_named(REPRIEVE, key), content, as_, command_id, json, dossier)


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
    """Join what file and options say of a term; options count before the file."""
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

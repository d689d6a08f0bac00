"""Commands that order a term of a reprieve, or correct one: from a file, options, and the term before."""

from pathlib import Path
from typing import Annotated

import typer

from greenlight.cli.base.options import As, CommandId, Dossier, Json, Reasons, ToldReasons, body, stream_named
from greenlight.cli.base.output import fail
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.send import send
from greenlight.cli.base.session import USAGE, run
from greenlight.cli.generated import Command
from greenlight.cli.reprieves.orders import (
    Citation,
    Effective,
    Entities,
    Key,
    OrderFile,
    Published,
    ValidThrough,
    completed,
    given,
)
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import CorrectTerm, IssueTerm, ReplaceOutcome

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

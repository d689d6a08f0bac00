"""Commands on the terms of a reprieve: ordered, published, corrected, ended early, joined and left."""

from pathlib import Path
from typing import Annotated

import typer

from greenlight.cli.base.options import (
    As,
    CommandId,
    Dossier,
    Json,
    Key,
    Reasons,
    ToldReasons,
    beginning,
    body,
    instant,
    reprieve_of,
)
from greenlight.cli.base.output import fail
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.send import send
from greenlight.cli.base.session import USAGE, Session, run
from greenlight.cli.reprieves.orders import (
    Citation,
    Effective,
    Entities,
    OrderFile,
    Published,
    ValidThrough,
    completed,
    given,
)
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AddEntities,
    CorrectTerm,
    IssueTerm,
    RecordPublication,
    RemoveEntities,
    ReplaceOutcome,
    TerminateTerm,
)
from greenlight.law.reprieve.state import ReprieveState

_TERMS = "Act on terms"

Term = Annotated[int, typer.Argument(min=1, help="The term's number, from 1.")]
EntityKeys = Annotated[list[str], typer.Argument(metavar="ENTITY...", help="Listed entities, by their keys.")]
From = Annotated[
    str, typer.Option("--effective", metavar="DAY|INSTANT", help="From when; a day from its first moment.")
]


def add_to(app: typer.Typer) -> None:
    for command in (issue, publish, correct, terminate, add_entities, remove_entities):
        app.command(rich_help_panel=_TERMS)(command)


def replace(
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
    """Decide otherwise than proposed, or decide what was referred: by a term of the executive's own.

    Example: starter.py reprieve replace rural --valid-through 2027-06-30 --reasons "Longer" --as vera
    """
    stream = reprieve_of(key)
    said = given(
        file,
        valid_through=valid_through,
        effective=effective,
        entities=entity,
        citation=citation,
        published=published,
    )
    term = completed(said, _state(stream), reasons)
    send(stream, body(ReplaceOutcome, term=term, reasons=reasons), as_, command_id, json, dossier)


def issue(
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
    """Issue a term while no decision is open: beside another, after a gap, or in place of a decision.

    Example: starter.py reprieve issue rural --valid-through 2027-06-30 --reasons "A gap" --as vera
    """
    stream = reprieve_of(key)
    said = given(
        file,
        valid_through=valid_through,
        effective=effective,
        entities=entity,
        citation=citation,
        published=published,
    )
    term = completed(said, _state(stream), reasons)
    send(stream, body(IssueTerm, term=term), as_, command_id, json, dossier)


def publish(
    key: Key,
    term: Term,
    as_: As,
    citation: Annotated[str, typer.Option(help="Where: 85 FR 14416, say.")],
    published: Annotated[str, typer.Option(metavar="DAY|INSTANT", help="When; a day from its first moment.")],
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Record where and when a term was published, as a licensing officer: it was known from then on.

    Example: starter.py reprieve publish rural 1 --citation "91 FR 12345" --published 2026-11-24 --as olga
    """
    content = body(RecordPublication, term=term, citation=citation, published=beginning(published))
    send(reprieve_of(key), content, as_, command_id, json)


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
    send(reprieve_of(key), content, as_, command_id, json, dossier)


def terminate(
    key: Key,
    term: Term,
    as_: As,
    reasons: ToldReasons,
    ends: Annotated[
        str | None,
        typer.Option(metavar="DAY|INSTANT", help="When it ends, a day meaning its end. Default: now."),
    ] = None,
    citation: Citation = None,
    published: Published = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """End a term before its last day, now or at an instant to come.

    Example: starter.py reprieve terminate rural 2 --ends 2027-01-31 --reasons "Diversion" --as vera
    """
    printed = given(None, citation=citation, published=published)
    content = body(TerminateTerm, term=term, ends=instant(ends) if ends else None, reasons=reasons, **printed)
    send(reprieve_of(key), content, as_, command_id, json, dossier)


def add_entities(
    key: Key,
    entities: EntityKeys,
    as_: As,
    effective: From,
    reasons: ToldReasons,
    running_terms: Annotated[
        bool, typer.Option("--running-terms", help="In terms that run too, not only in those to come.")
    ] = False,
    citation: Citation = None,
    published: Published = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Cover more entities from a day on, in terms to come.

    Example: starter.py reprieve add-entities rural huawei-cloud-singapore --effective 2026-12-01
    --running-terms --reasons "Listed" --as vera
    """
    printed = given(None, citation=citation, published=published)
    content = body(
        AddEntities,
        entities=sorted(entities),
        effective=beginning(effective),
        running_terms=running_terms,
        reasons=reasons,
        **printed,
    )
    send(reprieve_of(key), content, as_, command_id, json, dossier)


def remove_entities(
    key: Key,
    entities: EntityKeys,
    as_: As,
    effective: From,
    reasons: ToldReasons,
    citation: Citation = None,
    published: Published = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Cover entities no longer, in any term, from a day on: they were delisted, say.

    Example: starter.py reprieve remove-entities rural huawei-cloud-singapore --effective 2026-12-01
    --reasons "Delisted" --as vera
    """
    printed = given(None, citation=citation, published=published)
    content = body(
        RemoveEntities,
        entities=sorted(entities),
        effective=beginning(effective),
        reasons=reasons,
        **printed,
    )
    send(reprieve_of(key), content, as_, command_id, json, dossier)


def _state(stream: str) -> ReprieveState:
    """The reprieve as it stands, which says what an order leaves out."""

    async def action(session: Session) -> ReprieveState:
        state, _ = await replayed(session, REPRIEVE, stream)
        return state

    return run(action)

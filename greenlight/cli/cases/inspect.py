"""Commands that look: the docket, a case as it stands or stood, its history."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue

from greenlight.cli.base.options import AsOf, Csv, Json, OnRecordAt, stream_of, valid
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    local,
    print_csv,
    print_entries,
    print_facts,
    print_json,
    say,
    words,
)
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.session import REFUSED, Session, run
from greenlight.cli.cases.facts import facts_of, plain, uncut
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import CommandId
from greenlight.kernel.model import JsonObject, Model
from greenlight.kernel.refusal import UNPROVEN
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.registry import AnyAggregate, aggregate_of

if TYPE_CHECKING:
    from greenlight.eventlog.stored import StoredEvent
    from greenlight.law.application.state import ApplicationState

_LOOK = "Look"
APPLICATION = "application"

Case = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="Control number (A123456), license (D000001), or a whole workflow id, such as reprieve-rural.",
    ),
]


class Shown(Model):
    """A case for programs: its whole state, and its deadlines where it is still open."""

    stream: str
    version: int
    dossier: str
    state: JsonValue
    deadlines: tuple[Deadline, ...]


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=_LOOK)(show)
    app.command(rich_help_panel=_LOOK)(history)


def show(
    case: Case,
    as_of: AsOf = None,
    known_at: OnRecordAt = None,
    parties: Annotated[
        bool, typer.Option("--parties", help="All that was found of each party, and what officers said.")
    ] = False,
    items: Annotated[
        bool, typer.Option("--items", help="Each item, the end use, and what was certified.")
    ] = False,
    events: Annotated[bool, typer.Option("--events", help="Every event, as history lists them.")] = False,
    json: Json = False,
) -> None:
    """Show a case from the event log, now or as of a past instant: whose turn it is, what is due and what to
    do first, then the case, each party on a line.

    Example: starter.py show A123456 --as-of 2026-09-01
    """
    from greenlight.cli.cases.turn import turn_facts

    stream = stream_of(case)

    aggregate = aggregate_of(stream)
    state, told = run(lambda session: replayed(session, aggregate, stream, as_of, known_at))
    shown = Shown(
        stream=stream,
        version=len(told),
        dossier=aggregate.dossier_digest(state),
        state=aggregate.state.dump_python(state, mode="json"),
        deadlines=aggregate.deadlines(state),
    )
    if json:
        print_json(shown)
        return
    at = f" as of {local(as_of)}" if as_of else ""
    say(bold(stream), f", {counted(shown.version, 'event')}{at}")
    if aggregate.kind == "reprieve":
        from greenlight.cli.reprieves.view import print_reprieve

        print_reprieve(state, told, shown.dossier, as_of)
        return
    now = as_of or datetime.now(UTC)
    head = turn_facts(aggregate, stream, state, now)
    facts = {
        **head,
        **facts_of(aggregate, state, parties=parties, items=items),
        "Days": _whose_days(state, now) if aggregate.kind == APPLICATION else None,
        "Deadlines": "\n".join(_told(shown.deadlines, whole=events)),
        "Dossier": shown.dossier,
        "More": _more(aggregate, case, parties=parties, items=items, events=events),
    }
    print_facts(facts, short=not (parties or items), used=1, whole=(*head, *WHOLE, *uncut(facts)))
    if events:
        say()
        _print_events(stream, run(lambda session: _events(session, stream, as_of, known_at)))


def _whose_days(state: "ApplicationState", now: datetime) -> str:
    from greenlight.cli.cases.days import days_fact

    return days_fact(state, now)


WHOLE = ("Conditions", "Left out", "Freeze", "Flipped", "Deadlines")
"""Facts of which nothing is cut: until when something holds, and by whose authority, stands at their end."""
_DEADLINES = 3


def _told(deadlines: Sequence[Deadline], *, whole: bool) -> Iterator[str]:
    """Each with why it is when it is; the first of them, or the ``whole``."""
    shown = len(deadlines) if whole else _DEADLINES
    yield from (deadline.explanation for deadline in deadlines[:shown])
    if more := deadlines[shown:]:
        yield f"and {len(more)} more"


def _more(aggregate: AnyAggregate, case: str, *, parties: bool, items: bool, events: bool) -> str | None:
    """The flags that show the rest."""
    flags = {"--parties": parties, "--items": items, "--events": events}
    if aggregate.kind not in {"application", "license"}:
        flags = {"--events": events}
    left = [flag for flag, given in flags.items() if not given]
    return f"show {case} {' '.join(left)}" if left else None


def history(
    case: Case,
    command_id: Annotated[
        str | None,
        typer.Option(
            help="What became of the command of this id alone.",
            callback=valid(CommandId, "--command-id"),
        ),
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List everything that happened to a case, refusals included.

    With an id, code 1: nothing is on record of that command, or not yet.
    """
    from greenlight.eventlog.told import refused_id

    stream = stream_of(case)
    events = run(lambda session: _events(session, stream))
    if command_id is not None:
        events = [event for event in events if command_id in (event.command_id, refused_id(event))]
        if not events:
            raise fail(REFUSED, f"nothing is on record of {command_id} on {stream}, or not yet")
    if not events:
        raise fail(REFUSED, f"refused: no_such_case: there is no {stream}")
    if json:
        print_json(events)
        return
    _print_events(stream, events, csv=csv)


async def _events(
    session: Session, stream: str, until: datetime | None = None, known: datetime | None = None
) -> "list[StoredEvent]":
    """Of a stream, those up to a legal time as the log knew them."""
    async with session.reader() as reader:
        return [
            event
            async for event in reader.stream(stream)
            if (until is None or event.at <= until) and (known is None or event.recorded_at <= known)
        ]


def _print_events(stream: str, events: "Sequence[StoredEvent]", *, csv: bool = False) -> None:
    columns = ("#", "legal time", "what", "by", "details")
    rows = [
        (str(event.version), local(event.at), _headline(event.type), *_by_and_details(event.content))
        for event in events
    ]
    if csv:
        print_csv(columns, rows)
    else:
        print_entries(f"{stream}, {counted(len(events), 'event')}", columns, rows)


def _headline(kind: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in kind).strip()


def _by_and_details(content: JsonObject) -> tuple[str, str]:
    by = content.get("by")
    # A role that was only claimed is none.
    claimed = content.get("type") == CommandRefused.__name__ and content.get("code") in UNPROVEN
    role = "" if claimed or not isinstance(by, dict) else f" ({words(str(by['role']))})"
    who = f"{by['officer']}{role}" if isinstance(by, dict) else "–"
    hidden = {"type", "at", "by", "application", "screening", "sign_off", "items", "parties", "counted_from"}
    hidden |= {"leaves", "inclusion"}
    from greenlight.law.reprieve.told import short

    content = {**content, **as_shown(content)}
    details = (
        f"{words(name)}: {plain(short(name, value))}"
        for name, value in content.items()
        if name not in hidden and value
    )
    batch = content.get("inclusion")
    return who, "\n".join([*details, *((f"by batch: {batch['batch']}",) if isinstance(batch, dict) else ())])


def as_shown(content: JsonObject) -> JsonObject:
    """The meaning of a directive for a case, in the words in which ``show`` has it."""
    match content:
        case {"type": "DirectiveApplied", "evaluation": {"outcome": str(outcome), "row": row}}:
            from greenlight.cli.cases.case_view import routed_by

            return {"evaluation": routed_by(outcome, None if row is None else str(row))}
        case _:
            return {}

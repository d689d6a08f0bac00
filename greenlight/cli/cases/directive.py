"""Directives: issued, attested, stopped and shown."""

from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import (
    As,
    CommandId,
    Json,
    ToldReasons,
    body,
    instant,
)
from greenlight.cli.base.output import (
    counted,
    local,
    print_facts,
    print_json,
    print_table,
    words,
)
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.send import send
from greenlight.cli.base.session import Session, run
from greenlight.cli.generated import add_commands
from greenlight.kernel.streams import directive_stream
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.scope import ItemClass, Posture
from greenlight.law.directive.state import DirectiveState

if TYPE_CHECKING:
    from greenlight.eventlog.rows import DirectiveRow

app = typer.Typer(
    name="directive",
    help="Order how a class of cases is to be decided, and see how far that is.",
    no_args_is_help=True,
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The directive's key, such as green-light-2019.")]


def issue(
    key: Key,
    title: Annotated[str, typer.Argument(help="What it is called.")],
    posture: Annotated[Posture, typer.Option(help="How cases in scope are to be decided.")],
    citation: Annotated[str, typer.Option(help="Where it is written.")],
    reasons: ToldReasons,
    as_: As,
    entity: Annotated[
        list[str] | None, typer.Option("--entity", help="Key of a listed entity; repeat. Default: any.")
    ] = None,
    items: Annotated[
        list[ItemClass] | None, typer.Option("--items", help="Class of the items. Default: any.")
    ] = None,
    destination: Annotated[
        list[str] | None, typer.Option("--destination", help="Country; repeat. Default: any.")
    ] = None,
    effective: Annotated[str | None, typer.Option(help="Instant from which on. Default: at once.")] = None,
    expires: Annotated[str | None, typer.Option(help="Instant, or day, with which it is over.")] = None,
    supersedes: Annotated[str | None, typer.Option(help="Key of the directive that it replaces.")] = None,
    condition: Annotated[
        str | None, typer.Option(help="Outside event without which it is not in force; see attest.")
    ] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Issue a directive, as an executive. In force, it goes through every pending case in scope.

    Example: starter.py directive issue green-light-2019 "Nonsensitive items" --items nonsensitive
    --posture approve_unless_national_security_objects --citation "Order of 2019-10" --reasons "…" --as vera
    """
    order = body(
        IssueDirective,
        title=title,
        scope={
            "entities": entity or [],
            "item_classes": items or [],
            "destinations": destination or [],
        },
        posture=posture,
        effective=instant(effective) if effective else None,
        expires=instant(expires) if expires else None,
        supersedes=supersedes,
        condition=condition,
        citation=citation,
        reasons=reasons,
    )
    send(directive_stream(key), order, as_, command_id, json)


add_commands(app, DIRECTIVE, {"issue_directive": issue})


@app.command("list")
def list_directives(json: Json = False) -> None:
    """List all directives, and how far each is."""

    async def action(session: Session) -> "tuple[DirectiveRow, ...]":
        async with session.reader() as reader:
            return await reader.directives()

    rows = run(action)
    if json:
        print_json(rows)
        return
    print_table(
        counted(len(rows), "directive"),
        ("key", "stage", "posture", "in force since", "waits for", "done", "left", "not reached"),
        (
            (
                row.key,
                words(row.stage),
                words(row.posture),
                local(row.in_force_since),
                words(row.waiting_for),
                *map(str, (row.done, row.remaining, row.failed)),
            )
            for row in rows
        ),
    )


@app.command()
def show(key: Key, json: Json = False) -> None:
    """Show a directive, and to how many cases it was taken so far."""
    stream = directive_stream(key)

    async def action(session: Session) -> DirectiveState:
        state, _ = await replayed(session, DIRECTIVE, stream)
        return state

    state = run(action)
    if json:
        print_json(state)
    else:
        print_facts(facts(state))


def facts(state: DirectiveState) -> dict[str, str | None]:
    """What was ordered, whether it is in force, and how far its fan-out is."""
    scope, fan_out, attestation = state.scope, state.fan_out, state.attestation
    found: dict[str, str | None] = {
        "directive": f"{state.key}: {state.title}",
        "stage": words(state.stage),
        "posture": words(state.posture),
        "entities": ", ".join(sorted(scope.entities)) or "any",
        "items": ", ".join(sorted(scope.item_classes)) or "any",
        "destinations": ", ".join(sorted(scope.destinations)) or "any",
        "issued": f"{local(state.issued_at)} by {state.issued_by.officer}",
        "effective": local(state.effective),
        "in force since": local(state.since) if state.since else None,
        "expires": local(state.expires) if state.expires else None,
        "condition": state.condition,
        "attested": f"{local(attestation.at)} by {attestation.by.officer}" if attestation else None,
        "supersedes": state.supersedes,
        "superseded by": state.superseded_by,
        "citation": state.citation,
        "reasons": state.reasons,
    }
    if fan_out is not None:
        how = "done" if fan_out.completed else "stopped" if fan_out.stopped else "under way"
        found[f"fan-out {fan_out.number}"] = f"{how}: {_bar(fan_out.done, fan_out.left)}"
        found["in scope"] = ", ".join(f"{n} {words(route)}" for route, n in sorted(fan_out.routes.items()))
        found["out of scope"] = str(fan_out.out_of_scope)
        found["not reached"] = ", ".join(fan_out.failed)
    return found


_WIDTH = 30


def _bar(done: int, left: int) -> str:
    """How much of it is done, as a picture and in numbers."""
    filled = _WIDTH * done // (done + left) if done + left else _WIDTH
    return f"{'█' * filled}{'░' * (_WIDTH - filled)} {done} done, {left} left"

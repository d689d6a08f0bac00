"""Directives: issued, attested, stopped and shown."""

from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import (
    As,
    CommandId,
    Dossier,
    Json,
    Reasons,
    ToldReasons,
    body,
    instant,
)
from greenlight.cli.base.output import (
    bold,
    counted,
    local,
    print_facts,
    print_json,
    print_table,
    say,
    words,
)
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.send import print_receipt
from greenlight.cli.base.session import Session, run
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import directive_stream
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import (
    AttestEvent,
    IssueDirective,
    RescindDirective,
    ResumeFanOut,
    RetryFanOut,
    StopFanOut,
    WithdrawAttestation,
)
from greenlight.law.directive.scope import ItemClass, Posture
from greenlight.law.directive.state import DirectiveState

if TYPE_CHECKING:
    from greenlight.law.directive.view import DirectiveRow

app = typer.Typer(
    name="directive",
    help="Order how a class of cases is to be decided, and see how far that is.",
    no_args_is_help=True,
)

Key = Annotated[str, typer.Argument(metavar="KEY", help="The directive's key, such as green-light-2019.")]
InRole = Annotated[Role, typer.Option("--role", help="Of several roles, the one to sign in.")]


@app.command()
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
    assert isinstance(order, IssueDirective), "body makes what it is asked for"

    async def action(session: Session) -> CaseStatus:
        client = await session.client(as_)
        return await client.issue_directive(key, order, command_id=command_id)

    issued = run(action)
    if json:
        print_json(issued)
    else:
        say(f"issued: {issued.stream} is at ", bold(words(issued.status.stage)))


@app.command()
def attest(
    key: Key,
    statement: Annotated[str, typer.Argument(help="What has happened.")],
    source: Annotated[str, typer.Option(help="Where that is known from.")],
    as_: As,
    role: InRole = Role.LICENSING_OFFICER,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Attest the outside event that a directive waits for. Not for who issued it."""
    _send(key, body(AttestEvent, statement=statement, source=source), as_, role, command_id, json, dossier)


@app.command()
def withdraw(
    key: Key,
    reasons: Reasons,
    as_: As,
    role: InRole = Role.LICENSING_OFFICER,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Withdraw the attestation: the directive is out of force until the next."""
    _send(key, body(WithdrawAttestation, reasons=reasons), as_, role, command_id, json, dossier)


@app.command()
def rescind(
    key: Key,
    reasons: Reasons,
    as_: As,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Take a directive back, for good, as an executive. What was decided under it stays decided."""
    _send(key, body(RescindDirective, reasons=reasons), as_, Role.EXECUTIVE, command_id, json, dossier)


@app.command()
def stop(
    key: Key,
    as_: As,
    reasons: Annotated[str | None, typer.Option(help="Why.")] = None,
    role: InRole = Role.LICENSING_OFFICER,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Take the directive to no further case for now. It stays in force for cases that change."""
    _send(key, body(StopFanOut, reasons=reasons), as_, role, command_id, json)


@app.command()
def resume(
    key: Key,
    as_: As,
    role: InRole = Role.LICENSING_OFFICER,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Take the directive to the cases that were left when it was stopped."""
    _send(key, ResumeFanOut(), as_, role, command_id, json)


@app.command()
def retry(
    key: Key,
    as_: As,
    role: InRole = Role.LICENSING_OFFICER,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Take the directive once more to the cases that could not be reached."""
    _send(key, RetryFanOut(), as_, role, command_id, json)


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


def _send(
    key: str,
    content: Body,
    officer: str,
    role: Role,
    command_id: str | None,
    json: bool,
    dossier: str | None = None,
) -> None:
    async def action(session: Session) -> Receipt:
        client = await session.client(officer)
        stream = directive_stream(key)
        return await client.decide(stream, content, dossier=dossier, role=role, command_id=command_id)

    receipt = run(action)
    if json:
        print_json(receipt)
    else:
        print_receipt(receipt)

"""Commands on reprieves, one for each message of the contract, and what looks at them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from greenlight.cli.base.options import (
    As,
    CommandId,
    Comment,
    Dossier,
    Json,
    Key,
    Reasons,
    ToldReasons,
    body,
    reprieve_of,
)
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    local,
    print_json,
    print_table,
    say,
    words,
)
from greenlight.cli.base.send import print_receipt, send
from greenlight.cli.base.session import USAGE, Session, run
from greenlight.cli.cases.inspect import show as show_case
from greenlight.cli.reprieves import terms as reprieve_terms
from greenlight.cli.reprieves import timeline
from greenlight.cli.reprieves.orders import (
    Citation,
    Effective,
    Published,
    ValidThrough,
    given,
    read_object,
)
from greenlight.cli.reprieves.policy import load, value_of
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.kernel.time.calendar import plain_date
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AdoptPolicy,
    ConfirmOutcome,
    EndReprieve,
    OpenReprieve,
    StopOutcome,
    SubmitEvidence,
)

if TYPE_CHECKING:
    from greenlight.law.reprieve.view import ReprieveRow

_DECIDE = "Decide what follows a term"
_WHOLE = "Act on a reprieve"
_LOOK = "Look"

app = typer.Typer(
    help="Open reprieves, say what is known, object or decide, act on their terms, and look at them.",
    no_args_is_help=True,
)


def _register() -> None:
    """In the order in which a reprieve meets them."""
    app.command("open", rich_help_panel=_WHOLE)(open_)
    app.command(rich_help_panel=_WHOLE)(evidence)
    for command in (confirm, reprieve_terms.replace, stop):
        app.command(rich_help_panel=_DECIDE)(command)
    reprieve_terms.add_to(app)
    app.command(rich_help_panel=_WHOLE)(adopt_policy)
    app.command(rich_help_panel=_WHOLE)(end)
    app.command(rich_help_panel=_LOOK)(show)
    app.command("list", rich_help_panel=_LOOK)(list_)
    timeline.add_to(app)


def open_(
    key: Key,
    as_: As,
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="JSON: title, policy (by name, file or whole) and term."),
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE",
            help="Open like this recorded reprieve: its title, and the first term's scope, entities and "
            "length, from now on.",
        ),
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its title, in place of the file's.")] = None,
    policy: Annotated[
        str | None,
        typer.Option(metavar="FILE|NAME", help="Its policy. With --reference by default huawei-2019."),
    ] = None,
    valid_through: ValidThrough = None,
    effective: Effective = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Open a reprieve with its policy and its first term, and wait until it is on record.

    Example: starter.py reprieve open rural --reference huawei --policy draft.json
    --valid-through 2027-03-31 --as vera
    """
    stream = reprieve_of(key)
    if (file is None) == (reference is None):
        raise fail(USAGE, "give either --file or --reference: what the first term is to say")
    said: dict[str, object] = dict(read_object(file)) if file else _like(reference or "")
    known = given(None, valid_through=valid_through, effective=effective)
    term = said.get("term")
    if isinstance(term, dict):
        said["term"] = cast(dict[str, object], term) | known
    named = policy or said.get("policy")
    whole = load(named).model_dump(mode="json", exclude_defaults=True) if isinstance(named, str) else named
    opening = body(OpenReprieve, **{**said, "policy": whole, "title": title or said.get("title")})

    async def action(session: Session) -> CaseStatus:
        client = await session.client(as_)
        return await client.open_reprieve(stream_key(stream), opening, command_id=command_id)

    case = run(action)
    if json:
        print_json(case)
    else:
        due = case.status.due
        then = f"; what comes next is due {local(due)}" if due else ""
        say(f"opened: {stream} is at ", bold(words(case.status.stage)), then)


def evidence(
    key: Key,
    fact: Annotated[str, typer.Argument(help="A fact that the policy takes as evidence.")],
    value: Annotated[str, typer.Argument(help="true, false, a number, a word, or unknown.")],
    as_: As,
    statement: Annotated[str, typer.Option(help="What it rests on, in a sentence or more.")],
    source: Annotated[str, typer.Option(help="Who or what says so.")],
    role: Annotated[Role | None, typer.Option(help="Default: the one of the officer's that may.")] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Submit what is known of a fact, as a licensing officer or an agency; the latest word counts.

    Example: starter.py reprieve evidence rural rural_dependence true --source "Rural carriers"
    --statement "Forty of them have no other supplier yet" --as defense
    """
    stream = reprieve_of(key)
    known = {"name": fact, "value": value_of(value), "source": source}
    # Given even where it is None: that says that the source was asked and did not know.
    content = body(SubmitEvidence, fact=known, statement=statement)

    async def action(session: Session) -> Receipt:
        client = await session.client(as_)
        speaks = role or await _role(session, as_, "submit_evidence")
        return await client.decide(stream, content, role=speaks, command_id=command_id)

    receipt = run(action)
    if json:
        print_json(receipt)
    else:
        print_receipt(receipt)


def confirm(
    key: Key,
    as_: As,
    comment: Comment = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Let the proposed outcome take effect now, before the time to object is over.

    Example: starter.py reprieve confirm rural --as vera
    """
    send(reprieve_of(key), body(ConfirmOutcome, comment=comment), as_, command_id, json, dossier)


def stop(
    key: Key,
    as_: As,
    reasons: Reasons,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Let nothing take effect: the term lapses on its last day.

    Example: starter.py reprieve stop rural --reasons "The networks were replaced" --as vera
    """
    send(reprieve_of(key), body(StopOutcome, reasons=reasons), as_, command_id, json, dossier)


def adopt_policy(
    key: Key,
    policy: Annotated[str, typer.Argument(metavar="FILE|NAME", help="The policy, greenlight-policy/1.")],
    as_: As,
    reasons: Reasons,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Adopt another policy; it decides from its effective date on, and nothing that is proposed already.

    Example: starter.py reprieve adopt-policy rural draft.json --reasons "Comments came in" --as vera
    """
    whole = load(policy).model_dump(mode="json", exclude_defaults=True)
    content = body(AdoptPolicy, policy=whole, reasons=reasons)
    send(reprieve_of(key), content, as_, command_id, json, dossier)


def end(
    key: Key,
    as_: As,
    reasons: ToldReasons,
    citation: Citation = None,
    published: Published = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """End the reprieve and every term of it, now and for good.

    Example: starter.py reprieve end rural --reasons "National security" --as vera
    """
    printed = given(None, citation=citation, published=published)
    send(reprieve_of(key), body(EndReprieve, reasons=reasons, **printed), as_, command_id, json, dossier)


def show(
    key: Key,
    as_of: Annotated[
        str | None, typer.Option(help="As it stood at this instant, or at the end of this day in Washington.")
    ] = None,
    known_at: Annotated[str | None, typer.Option(help="Only what was on record at this instant.")] = None,
    json: Json = False,
) -> None:
    """Show where a reprieve is, what was decided and why, when that takes effect, and its terms.

    Example: starter.py reprieve show rural
    """
    show_case(reprieve_of(key), as_of, known_at, json)


def list_(
    stage: Annotated[str | None, typer.Option(help="Only reprieves at this stage.")] = None,
    waiting_for: Annotated[str | None, typer.Option(help="Only those that wait for this role.")] = None,
    json: Json = False,
) -> None:
    """List reprieves: who must act, what comes next, until when their terms run.

    Example: starter.py reprieve list --waiting-for executive
    """

    async def action(session: Session) -> "tuple[ReprieveRow, ...]":
        async with session.reader() as reader:
            return await reader.reprieves()

    rows = [
        row
        for row in run(action)
        if (stage is None or row.stage == stage) and (waiting_for is None or row.waiting_for == waiting_for)
    ]
    if json:
        print_json(rows)
        return
    print_table(
        counted(len(rows), "reprieve"),
        ("key", "stage", "waits for", "next", "term", "through", "decision"),
        (
            (
                row.key,
                words(row.stage),
                words(row.waiting_for),
                local(row.due),
                f"{row.term} of {row.terms}" if row.term else "–",
                plain_date(row.valid_through) if row.valid_through else "–",
                str(row.decision or "–"),
            )
            for row in rows
        ),
    )


def _like(reference: str) -> "dict[str, object]":
    """An opening like a recorded reprieve's: as long as its first term was, beginning now."""
    from greenlight.cli.reprieves.reference import history
    from greenlight.kernel.time.calendar import agency_date

    past = history(reference)
    first, term = past.file.terms[0], past.life().term
    today = agency_date(datetime.now(UTC))
    return {
        "title": past.file.title,
        "policy": "huawei-2019",
        "term": {
            "valid_through": (today + (first.valid_through - first.effective)).isoformat(),
            "scope": term.scope.model_dump(mode="json"),
            "entities": sorted(term.entities),
            "reason": term.reason,
        },
    }


async def _role(session: Session, officer: str, command: str) -> Role | None:
    """Of the roles that the register says an officer has now, the one that may send the command."""
    from greenlight.cli.cases.worklist import roles_at

    now = datetime.now(UTC)
    async with session.reader() as reader:
        held = {role for row in await reader.officers(officer) for role in roles_at(row, now)}
    return min(held & REPRIEVE.commands[command].declared.by, default=None)


_register()

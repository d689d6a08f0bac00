"""Commands that change a case, one for each message of the contract, and one that signs any message."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from greenlight.cli.base.before_signing import foreseen, introduced, seen
from greenlight.cli.base.options import As, CommandId, Dossier, Json, faulty, read_json, stream_named
from greenlight.cli.base.output import ask, bold, fail, print_json, say, warn, words
from greenlight.cli.base.session import USAGE, Session, run
from greenlight.cli.generated import add_commands
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Submit
from greenlight.law.application.dossier import Submission

_OPERATE = "Act on a case"
_PROCEDURE = "Among agencies"
_DENIAL = "After an intent to deny"
_PANELS = {
    **dict.fromkeys(("place_hold", "lift_hold", "refer", "ask_applicant", "advise"), _PROCEDURE),
    **dict.fromkeys(("delegate_back", "answer_wording", "decide_dispute", "vote", "escalate"), _PROCEDURE),
    **dict.fromkeys(("respond", "reconsider", "appeal", "decide_appeal"), _DENIAL),
}


def add_to(app: typer.Typer) -> None:
    add_commands(app, APPLICATION, {"submit": submit}, panels=_PANELS, panel=_OPERATE)
    app.command(rich_help_panel=_OPERATE)(sign)


def submit(
    file: Annotated[Path, typer.Argument(help="The application as JSON, - for standard input.")],
    as_: As,
    acn: Annotated[str | None, typer.Option(help="Control number. Default: a free one.")] = None,
    reference: Annotated[
        str | None, typer.Option(help="Your own reference of the order, in place of the file's.")
    ] = None,
    confirm_eccn: Annotated[
        list[int] | None,
        typer.Option(
            metavar="LINE", help="A line whose ECCN is on no entry of the control tables, and right; repeat."
        ),
    ] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """File a license application and wait until it is registered.

    An ECCN that is on no entry of the control tables is asked about at a terminal, and refused otherwise.

    Example: starter.py submit examples/application.json --as acme
    """
    more = {"reference": reference, "confirmed_eccns": confirm_eccn}
    given = {name: value for name, value in more.items() if value is not None}
    submission = read_json(TypeAdapter(Submission), file, **given)
    if acn is not None:
        stream_named(APPLICATION, acn)
    submission = _asked_of_eccns(submission)

    async def action(session: Session):
        client = await session.client(as_)
        introduced(session, application_stream(acn) if acn else "a new case", Submit(application=submission))
        return await client.submit(submission, acn=acn, command_id=command_id)

    status = run(action)
    if json:
        print_json(status)
    else:
        number = status.stream.partition("-")[2]
        say(bold(number), f" is registered: {words(status.status.stage)}")
        say(f"  starter.py show {number}")


def _asked_of_eccns(submission: Submission) -> Submission:
    """The filing as somebody at a terminal stands by it. The service decides: its tables may be others."""
    from greenlight.law.determination.unclassified import unknown_eccns
    from greenlight.reference.controls import load_tables

    if not sys.stdin.isatty():
        return submission
    tables, confirmed = load_tables(), set(submission.confirmed_eccns)
    for each in unknown_eccns(submission.items, tables, agency_date(datetime.now(UTC))):
        if each.line in confirmed:
            continue
        eccn = submission.items[each.place].classification
        warn(f"line {each.line}: {eccn} is on no entry of the tables of {tables.issued}")
        if each.alike:
            warn(f"  did you mean {' or '.join(each.alike)}?")
        if ask("Is it right all the same (yes or no)?").strip().lower() not in {"y", "yes"}:
            raise fail(USAGE, f"nothing is filed: correct line {each.line}")
        confirmed.add(each.line)
    return submission.model_copy(update={"confirmed_eccns": tuple(sorted(confirmed))})


def sign(
    command: Annotated[str, typer.Argument(help="Name of the message, such as sign_off.")],
    stream: Annotated[str, typer.Argument(help="Workflow id, such as application-A123456.")],
    as_: As,
    content: Annotated[str, typer.Option("--body", help="The body as JSON, or @FILE.")] = "{}",
    role: Annotated[
        Role | None, typer.Option(help="Needed for a message that is sent in several roles.")
    ] = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
) -> None:
    """Sign a message and print it, for any client to send: Temporal's own command line, TypeScript, Go.

    Example: temporal workflow update execute -w application-A123456 --name sign_off
    --input "$(starter.py sign sign_off application-A123456 --body '{"approves":true}' --as vera)"
    """
    from greenlight.kernel.authority import SignedCommand
    from greenlight.kernel.model import JsonObject
    from greenlight.law.contract import commands

    form = TypeAdapter[JsonObject](JsonObject)
    if content.startswith("@"):
        parsed = read_json(form, Path(content[1:]))
    else:
        try:
            parsed = form.validate_json(content)
        except ValidationError as error:
            raise faulty(error, "--body") from None

    async def action(session: Session) -> SignedCommand:
        client = await session.client(as_)
        digest = dossier
        try:
            # Of a command that there is none of, signing says so.
            known = commands().get(command)
            if known is not None:
                said = known.model_validate(parsed, context=ENTERED)
                if known.declared.starts:
                    await foreseen(session, client, stream, said, role)
                else:
                    digest = await seen(session, client, stream, said, dossier, role)
            return client.signer.sign(
                command, stream, parsed, role=role, dossier=digest, command_id=command_id
            )
        except ValidationError as error:
            raise faulty(error, "--body") from None
        except ValueError as error:
            raise fail(USAGE, str(error)) from None

    print_json(run(action))

"""Commands that change a case: submit, and one for each message of the contract."""

from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from greenlight.cli.base.options import (
    Acn,
    As,
    CommandId,
    Comment,
    Conditions,
    ConfirmEccn,
    Dossier,
    Json,
    Lines,
    Modifications,
    Riders,
    ToldReasons,
    ValidFor,
    application,
    body,
    read_json,
)
from greenlight.cli.base.output import bold, fail, print_json, say, warn, words
from greenlight.cli.base.send import send
from greenlight.cli.base.session import USAGE, Session, run
from greenlight.cli.cases.matches import resolve_match
from greenlight.kernel.refusal import first_problem
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import (
    Answer,
    Assign,
    Countersign,
    Outcome,
    Recommend,
    RequestInformation,
    ReturnGround,
    ReturnWithoutAction,
    SignOff,
    Withdraw,
)
from greenlight.law.application.dossier import Parties, Submission
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.validity import Validity

_OPERATE = "Act on a case"


def add_to(app: typer.Typer) -> None:
    """Register the commands, in the order in which a case meets them."""
    for command in (
        submit,
        assign,
        resolve_match,
        request_information,
        answer,
        recommend,
        countersign,
        sign_off,
        return_without_action,
        withdraw,
        sign,
    ):
        app.command(rich_help_panel=_OPERATE)(command)


def submit(
    file: Annotated[Path, typer.Argument(help="The application as JSON, - for standard input.")],
    as_: As,
    acn: Annotated[str | None, typer.Option(help="Control number. Default: a free one.")] = None,
    reference: Annotated[
        str | None, typer.Option(help="Your own reference of the order, in place of the file's.")
    ] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """File a license application and wait until it is registered.

    Example: starter.py submit examples/application.json --as acme
    """
    submission = read_json(
        TypeAdapter(Submission), file, **({} if reference is None else {"reference": reference})
    )
    if acn is not None:
        application(acn)
    _warn_of_unknown_eccns(submission)

    async def action(session: Session):
        client = await session.client(as_)
        return await client.submit(submission, acn=acn, command_id=command_id)

    status = run(action)
    if json:
        print_json(status)
    else:
        number = status.stream.partition("-")[2]
        say(bold(number), f" is registered: {words(status.status.stage)}")
        say(f"  starter.py show {number}")


def _warn_of_unknown_eccns(submission: Submission) -> None:
    from greenlight.cli.law.determination import control_tables
    from greenlight.law.determination.unclassified import unclassified

    found = unclassified(submission.items, control_tables(None))
    for item in submission.items if found else ():
        if found and item.line in found.lines:
            warn(
                f"line {item.line}: {item.classification} is on no entry of the tables of {found.tables_of}:"
                " an officer will have to confirm it"
            )


def assign(
    acn: Acn,
    officer: Annotated[str, typer.Argument(help="The licensing officer who gets the case.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Give a case to a licensing officer."""
    send(application(acn), body(Assign, officer=officer), as_, command_id, json)


def request_information(
    acn: Acn,
    request: Annotated[str, typer.Argument(help="What the applicant is asked.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Ask the applicant; the clock stops until the answer.

    Example: starter.py request-information A123456 "Who operates the network?" --as olga
    """
    send(application(acn), body(RequestInformation, request=request), as_, command_id, json)


def answer(
    acn: Acn,
    text: Annotated[str, typer.Argument(metavar="ANSWER", help="The applicant's answer.")],
    as_: As,
    parties: Annotated[
        Path | None, typer.Option(help="JSON list that replaces all parties; they are screened anew.")
    ] = None,
    agency: Annotated[
        Agency | None, typer.Option(help="The agency that asked. Default: the licensing officer.")
    ] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Answer the open request for information; the clock runs again."""
    replaced = None if parties is None else read_json(TypeAdapter[Parties](Parties), parties)
    send(application(acn), body(Answer, answer=text, parties=replaced, agency=agency), as_, command_id, json)


def recommend(
    acn: Acn,
    outcome: Outcome,
    as_: As,
    reasons: ToldReasons,
    line: Lines = None,
    condition: Conditions = None,
    rider: Riders = None,
    validity: ValidFor = Validity.STANDARD,
    modifications: Modifications = None,
    confirm_eccn: ConfirmEccn = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Recommend to grant or to deny; another officer must countersign.

    Example: starter.py recommend A123456 grant --as olga --reasons "Rural network" --line 1 --line 3
    """
    recommendation = body(
        Recommend,
        outcome=outcome,
        reasons=reasons,
        lines=tuple(line) if line else None,
        conditions=tuple(condition) if condition else None,
        riders=tuple(rider) if rider else None,
        validity=validity,
        modifications=modifications,
        confirmed=tuple(confirm_eccn) if confirm_eccn else None,
    )
    send(application(acn), recommendation, as_, command_id, json, dossier)


def countersign(
    acn: Acn,
    as_: As,
    disagree: Annotated[bool, typer.Option("--disagree", help="Send it back to review.")] = False,
    comment: Comment = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Countersign a recommendation, as another person than the one who made it."""
    send(
        application(acn),
        body(Countersign, agrees=not disagree, comment=comment),
        as_,
        command_id,
        json,
        dossier,
    )


def sign_off(
    acn: Acn,
    as_: As,
    decline: Annotated[bool, typer.Option("--decline", help="Send it back to review.")] = False,
    comment: Comment = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Give the executive's word on a countersigned recommendation."""
    send(
        application(acn), body(SignOff, approves=not decline, comment=comment), as_, command_id, json, dossier
    )


def return_without_action(
    acn: Acn,
    ground: ReturnGround,
    as_: As,
    reasons: ToldReasons,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Return an application: neither granted nor denied."""
    send(
        application(acn),
        body(ReturnWithoutAction, ground=ground, reasons=reasons),
        as_,
        command_id,
        json,
        dossier,
    )


def withdraw(
    acn: Acn,
    as_: As,
    reason: Annotated[str | None, typer.Option(help="Why, if you like.")] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Take an application back, as its applicant."""
    send(application(acn), body(Withdraw, reason=reason), as_, command_id, json)


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
            raise fail(USAGE, f"--body: {first_problem(error)}") from None

    async def action(session: Session) -> SignedCommand:
        client = await session.client(as_)
        digest = dossier
        if commands()[command].declared.decision and digest is None:
            digest = (await client.status(stream)).dossier
        try:
            return client.signer.sign(
                command, stream, parsed, role=role, dossier=digest, command_id=command_id
            )
        except (ValueError, ValidationError) as error:
            problem = first_problem(error) if isinstance(error, ValidationError) else str(error)
            raise fail(USAGE, problem) from None

    print_json(run(action))

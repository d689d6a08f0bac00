"""Commands on a denial that is on its way: response, reconsideration, appeal (15 CFR 750.6, 756.2)."""

from typing import Annotated

import typer

from greenlight.cli.base.options import (
    Acn,
    As,
    CommandId,
    Dossier,
    Json,
    Reasons,
    application,
    body,
)
from greenlight.cli.base.send import send
from greenlight.law.application.commands import Appeal, DecideAppeal, Reconsider, Respond

_DENIAL = "After an intent to deny"


def add_to(app: typer.Typer) -> None:
    """Register the commands, in the order in which a case meets them."""
    for command in (respond, reconsider, appeal, decide_appeal):
        app.command(rich_help_panel=_DENIAL)(command)


def respond(
    acn: Acn,
    response: Annotated[str, typer.Argument(help="What the applicant says to the notice.")],
    as_: As,
    accept_modifications: Annotated[
        bool,
        typer.Option("--accept-modifications", help="Take what the notice offers; it is reviewed again."),
    ] = False,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Respond to an intent to deny, within 20 days.

    Example: starter.py respond A123456 "We leave line 2 out" --accept-modifications --as acme
    """
    content = body(Respond, response=response, accepts_modifications=accept_modifications)
    send(application(acn), content, as_, command_id, json)


def reconsider(
    acn: Acn,
    as_: As,
    reasons: Reasons,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Take an intent to deny back before it is final; the case is in review again."""
    send(application(acn), body(Reconsider, reasons=reasons), as_, command_id, json, dossier)


def appeal(
    acn: Acn,
    grounds: Annotated[str, typer.Argument(help="In what way the denial is unlawful, unfair or unwise.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Appeal a denial to the Under Secretary, within 45 days. The denial stands meanwhile."""
    send(application(acn), body(Appeal, grounds=grounds), as_, command_id, json)


def decide_appeal(
    acn: Acn,
    as_: As,
    reasons: Reasons,
    overturn: Annotated[
        bool, typer.Option("--overturn", help="Do not uphold the denial; it is reviewed again.")
    ] = False,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Decide an appeal as the Under Secretary: the denial is upheld, or else overturned.

    Example: starter.py decide-appeal A123456 --overturn --as vera --reasons "The end user was confirmed"
    """
    content = body(DecideAppeal, upholds=not overturn, reasons=reasons)
    send(application(acn), content, as_, command_id, json, dossier)

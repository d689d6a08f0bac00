"""Commands of the procedure among agencies: holds, referrals, advice, and disputes up the ladder."""

from typing import Annotated

import typer

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
    Reasons,
    Riders,
    ToldReasons,
    ValidFor,
    application,
    body,
)
from greenlight.cli.base.send import send
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.commands import (
    Advise,
    AskApplicant,
    DecideDispute,
    DelegateBack,
    Escalate,
    LiftHold,
    Outcome,
    PlaceHold,
    Refer,
    Vote,
)
from greenlight.law.application.interagency.agency import Advice, Agency
from greenlight.law.application.validity import Validity

_PROCEDURE = "Among agencies"


def add_to(app: typer.Typer) -> None:
    """Register the commands, in the order in which a case meets them."""
    for command in (
        place_hold,
        lift_hold,
        refer,
        ask_applicant,
        advise,
        delegate_back,
        decide_dispute,
        vote,
        escalate,
    ):
        app.command(rich_help_panel=_PROCEDURE)(command)


def place_hold(
    acn: Acn, kind: HoldKind, as_: As, reason: Reasons, command_id: CommandId = None, json: Json = False
) -> None:
    """Stop a case's clock (15 CFR 750.4(b)); holds are numbered from 1.

    Example: starter.py place-hold A123456 pre_license_check --as olga --reason "Visit to the end user"
    """
    send(application(acn), body(PlaceHold, kind=kind, reason=reason), as_, command_id, json)


def lift_hold(
    acn: Acn,
    hold: Annotated[int, typer.Argument(help="The number of the hold: its place in the case, from 1.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Let a case's clock run again, unless another hold lasts."""
    send(application(acn), body(LiftHold, hold=hold), as_, command_id, json)


def refer(
    acn: Acn,
    agencies: Annotated[list[Agency], typer.Argument(help="The agencies that are asked.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Refer a case to agencies; each has thirty days to recommend.

    Example: starter.py refer A123456 defense state --as olga
    """
    send(application(acn), body(Refer, agencies=tuple(agencies)), as_, command_id, json)


def ask_applicant(
    acn: Acn,
    request: Annotated[str, typer.Argument(help="What the applicant is asked.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Ask the applicant for your agency, whose clock stops until the answer."""
    send(application(acn), body(AskApplicant, request=request), as_, command_id, json)


def advise(
    acn: Acn,
    advice: Advice,
    as_: As,
    reasons: Annotated[str | None, typer.Option(help="Why; needed to deny.")] = None,
    condition: Conditions = None,
    statutory_basis: Annotated[str | None, typer.Option(help="Needed to deny.")] = None,
    regulatory_basis: Annotated[str | None, typer.Option(help="Needed to deny.")] = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Give your agency's recommendation.

    Example: starter.py advise A123456 deny --as defense --reasons "Diversion risk"
    --statutory-basis "50 U.S.C. 4813" --regulatory-basis "15 CFR 744.11"
    """
    content = body(
        Advise,
        advice=advice,
        reasons=reasons,
        conditions=tuple(condition) if condition else None,
        statutory_basis=statutory_basis,
        regulatory_basis=regulatory_basis,
    )
    send(application(acn), content, as_, command_id, json, dossier)


def delegate_back(
    acn: Acn, as_: As, comment: Comment = None, command_id: CommandId = None, json: Json = False
) -> None:
    """Leave a case that was referred to your agency to the licensing officer."""
    send(application(acn), body(DelegateBack, comment=comment), as_, command_id, json)


def decide_dispute(
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
    """Decide among agencies that disagree: as the Operating Committee's chair, or for the President.

    Example: starter.py decide-dispute A123456 grant --as chair --reasons "The risk is small"
    """
    content = body(
        DecideDispute,
        outcome=outcome,
        reasons=reasons,
        lines=tuple(line) if line else None,
        conditions=tuple(condition) if condition else None,
        riders=tuple(rider) if rider else None,
        validity=validity,
        modifications=modifications,
        confirmed=tuple(confirm_eccn) if confirm_eccn else None,
    )
    send(application(acn), content, as_, command_id, json, dossier)


def vote(
    acn: Acn,
    outcome: Outcome,
    as_: As,
    comment: Comment = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Vote for your department in the ACEP or the EARB, whichever has the dispute."""
    send(application(acn), body(Vote, outcome=outcome, comment=comment), as_, command_id, json, dossier)


def escalate(
    acn: Acn,
    grounds: Annotated[str, typer.Argument(help="Why the decision should not stand.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Take a decision on to the next body, within five days."""
    send(application(acn), body(Escalate, grounds=grounds), as_, command_id, json)

"""Commands that change a license, one for each message of the contract."""

from collections.abc import Sequence
from typing import Annotated

import typer

from greenlight.cli.base.before_signing import Seen, asked, look
from greenlight.cli.base.options import (
    As,
    CommandId,
    Dossiers,
    Json,
    Number,
    Reasons,
    ToldReasons,
    body,
    day_of,
    no_day,
    read_each,
    stream_named,
)
from greenlight.cli.base.output import fail, print_json
from greenlight.cli.base.send import print_receipt, send
from greenlight.cli.base.session import REFUSED, UNREACHABLE, USAGE, Session, run
from greenlight.cli.base.waiting import how_to_ask
from greenlight.cli.generated import add_commands
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import JsonObject
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import CorrectShipment, ReportShipment, Revoke, Suspend
from greenlight.law.license.usage import ReportKind

Itn = Annotated[str, typer.Option(help="Internal transaction number: X, YYYYMMDD, six digits.")]
ItnGiven = Annotated[str, typer.Argument(metavar="ITN", help="Internal transaction number of the report.")]
ShippedOn = Annotated[str, typer.Option(metavar="DAY", help="Day on which the goods left: 2026-09-02.")]
Lines = Annotated[
    list[str],
    typer.Option("--line", metavar="LINE:QUANTITY:VALUE", help="Value in cents, say: 1:5:5000000. Repeat."),
]
Currency = Annotated[str, typer.Option(help="Currency of the values, ISO 4217.")]
Cumulative = Annotated[
    bool, typer.Option("--cumulative", help="The lines are totals to date, not this shipment alone.")
]
Order = Annotated[
    str | None, typer.Option(help="Name of the order, the same for all licenses that it ends or suspends.")
]
Numbers = Annotated[list[str], typer.Argument(metavar="LICENSE...", help="License numbers, such as D000001.")]


def add_to(app: typer.Typer) -> None:
    by_hand = {
        "report_shipment": report_shipment,
        "correct_shipment": correct_shipment,
        "suspend": suspend,
        "revoke": revoke,
    }
    add_commands(app, LICENSE, by_hand, panel="Act on a license")


def report_shipment(
    number: Number,
    itn: Itn,
    shipped_on: ShippedOn,
    line: Lines,
    as_: As,
    currency: Currency = "USD",
    cumulative: Cumulative = False,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Report what was shipped under a license.

    Example: starter.py report-shipment D000001 --itn X20260902000001 --shipped-on 2026-09-02
    --line 1:5:5000000 --as acme
    """
    report = body(ReportShipment, shipment=_shipment(itn, shipped_on, line, currency, cumulative))
    send(stream_named(LICENSE, number), report, as_, command_id, json)


def correct_shipment(
    number: Number,
    itn: ItnGiven,
    as_: As,
    reasons: Reasons,
    shipped_on: Annotated[str | None, typer.Option(metavar="DAY", help="Day on which they left.")] = None,
    line: Annotated[
        list[str] | None,
        typer.Option("--line", metavar="LINE:QUANTITY:VALUE", help="As in report-shipment. Repeat."),
    ] = None,
    currency: Currency = "USD",
    cumulative: Cumulative = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Nothing was shipped under this ITN.")] = False,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Say anew what was shipped under an ITN, or that nothing was.

    Example: starter.py correct-shipment D000001 X20260902000001 --cancel --reasons "Called off" --as acme
    """
    if cancel == bool(line):
        raise fail(USAGE, "give either --cancel or what was shipped: --line and --shipped-on")
    anew = None if cancel or not line else _shipment(itn, shipped_on or "", line, currency, cumulative)
    correction = body(CorrectShipment, itn=itn, shipment=anew, reasons=reasons)
    send(stream_named(LICENSE, number), correction, as_, command_id, json)


def suspend(
    numbers: Numbers,
    as_: As,
    reasons: Reasons,
    order: Order = None,
    dossier: Dossiers = None,
    json: Json = False,
) -> None:
    """Suspend licenses, at any time and without notice, each by a command of its own."""
    _each(numbers, body(Suspend, reasons=reasons, order=order), as_, dossier or (), json)


def revoke(
    numbers: Numbers,
    as_: As,
    reasons: ToldReasons,
    order: Order = None,
    dossier: Dossiers = None,
    json: Json = False,
) -> None:
    """Revoke licenses, at any time and without notice, each by a command of its own.

    A refusal does not keep the others from being revoked; the exit code tells that there was one.

    Example: starter.py revoke D000001 D000002 --reasons "Diversion" --order order-7 --as vera
    """
    _each(numbers, body(Revoke, reasons=reasons, order=order), as_, dossier or (), json)


def _each(numbers: list[str], content: Body, officer: str, dossiers: Sequence[str], json: bool) -> None:
    """Send the same command to several licenses. All are tried, whatever becomes of the others."""
    streams = [stream_named(LICENSE, number) for number in numbers]
    if dossiers and len(dossiers) != len(streams):
        raise fail(USAGE, "give one --dossier for each license, in the same order")
    given = dict(zip(streams, dossiers, strict=False))

    async def action(session: Session) -> tuple[list[Receipt], list[str], list[str]]:
        from greenlight.client import Refused, Unanswered

        client = await session.client(officer)
        receipts: list[Receipt] = []
        refused: list[str] = []
        unanswered: list[str] = []
        read: list[Seen] = []
        for stream in streams:
            try:
                read.append(await look(session, client, stream, content, given.get(stream)))
            except Refused as error:
                refused.append(f"refused: {error.code}: {stream}: {error}")
        if read and not given:
            asked(session, read, content)
        for each in read:
            stream = each.stream
            try:
                receipts.append(await client.decide(stream, content, dossier=each.digest))
            except Refused as error:
                refused.append(f"refused: {error.code}: {stream}: {error}")
            except Unanswered as error:
                unanswered.append(f"unreachable: {error}")
                if error.sent is not None:
                    unanswered.append(how_to_ask(error.sent))
        return receipts, refused, unanswered

    receipts, refused, unanswered = run(action)
    if json:
        print_json(receipts)
    else:
        for receipt in receipts:
            print_receipt(receipt)
    if refused or unanswered:
        raise fail(UNREACHABLE if unanswered else REFUSED, "\n".join((*refused, *unanswered)))


def _shipment(
    itn: str, shipped_on: str, lines: list[str], currency: str, cumulative: bool
) -> dict[str, object]:
    day = day_of(shipped_on)
    if day is None:
        # What is wrong with the lines is said at once.
        end = fail(USAGE, f"--shipped-on: {no_day(shipped_on)}")
        read_each(lambda line: _line(line, currency), lines)
        raise end
    return {
        "itn": itn,
        "kind": ReportKind.CUMULATIVE if cumulative else ReportKind.SINGLE,
        "shipped_on": day,
        "lines": read_each(lambda line: _line(line, currency), lines),
    }


def _line(text: str, currency: str) -> JsonObject:
    try:
        line, quantity, value = (int(part) for part in text.split(":"))
    except ValueError:
        raise fail(USAGE, f"--line: {text}: give LINE:QUANTITY:VALUE, the value in minor units") from None
    return {"line": line, "quantity": quantity, "value": {"minor_units": value, "currency": currency}}

"""Lengths of the longest histories: a case through the whole ladder, and a license in much use."""

from collections.abc import Mapping
from datetime import UTC, datetime

from temporalio.client import Client

from greenlight.kernel.streams import license_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import (
    Advise,
    Countersign,
    DecideDispute,
    Escalate,
    Outcome,
    Recommend,
    Refer,
    SignOff,
    Vote,
)
from greenlight.law.application.dossier import Item, Money, Party, PartyRole, Submission
from greenlight.law.application.interagency.agency import Advice, Agency
from greenlight.law.license.commands import ReportShipment
from greenlight.law.license.usage import ReportKind, Shipment, ShippedLine
from greenlight.rehearsal.played import PlayedOfficer

OFFICERS = ("acme", "olga", "carla", "vera", "chair", "commerce", *Agency)
"""Whose clients are needed."""

SHIPMENTS = 1_000
DENY = Advise(
    advice=Advice.DENY,
    reasons="Diversion risk",
    statutory_basis="50 U.S.C. 4813",
    regulatory_basis="15 CFR 744.11",
)
GRANT = Recommend(outcome=Outcome.GRANT, reasons="Civil end use")
APPLICATION = Submission(
    applicant="Acme Networks LLC",
    parties=(Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei Technologies Co., Ltd.", country="CN"),),
    items=(
        Item(
            line=1,
            description="Line cards",
            classification="5A991",
            quantity=SHIPMENTS + 1,
            unit="pieces",
            value=Money(minor_units=1_000_000, currency="USD"),
        ),
    ),
    end_use="Maintenance of a rural network",
)


async def measure(temporal: Client, officers: Mapping[str, PlayedOfficer]) -> dict[str, float]:
    """Events of the contested case's history, and of the longest run of the license's workflow."""
    stream = await _filed(officers, "B000001")
    await _contest(officers, stream)
    license_id = await granted(officers, "B000002")
    await _ship(officers["acme"], license_id)
    return {
        "contested_case_history_events": max(map(len, await run_histories(temporal, stream))),
        "license_run_history_events": max(map(len, await run_histories(temporal, license_id))),
    }


async def _filed(officers: Mapping[str, PlayedOfficer], acn: str) -> str:
    return (await officers["acme"].submit(APPLICATION, acn=acn)).stream


async def _contest(officers: Mapping[str, PlayedOfficer], stream: str) -> None:
    """Four agencies, one of which objects; then every rung of the ladder, up to the President."""
    await officers["olga"].decide(stream, Refer(agencies=tuple(Agency)))
    for agency in Agency:
        advice = DENY if agency is Agency.DEFENSE else Advise(advice=Advice.APPROVE)
        await officers[agency].decide(stream, advice)
    await officers["olga"].decide(stream, GRANT)
    await officers["carla"].decide(stream, Countersign(agrees=True))
    decision = DecideDispute(outcome=Outcome.GRANT, reasons="The risk is small")
    await officers["chair"].decide(stream, decision)
    for outcome in (Outcome.DENY, Outcome.GRANT):
        await officers["defense"].decide(stream, Escalate(grounds="Not to us"))
        for seat in ("commerce", "defense", "energy", "state"):
            await officers[seat].decide(stream, Vote(outcome=outcome))
    await officers["defense"].decide(stream, Escalate(grounds="Not to us"))
    await officers["vera"].decide(stream, decision)


async def granted(officers: Mapping[str, PlayedOfficer], acn: str) -> str:
    """A license, whose stream it gives, for ``SHIPMENTS`` shipments and one more."""
    stream = await _filed(officers, acn)
    await officers["olga"].decide(stream, GRANT)
    await officers["carla"].decide(stream, Countersign(agrees=True))
    await officers["vera"].decide(stream, SignOff(approves=True))
    number = (await officers["acme"].status(stream)).status.license_number
    if number is None:
        raise RuntimeError(f"{stream} was not granted")
    return license_stream(number)


async def _ship(licensee: PlayedOfficer, license_id: str) -> None:
    for number in range(SHIPMENTS):
        await licensee.decide(license_id, shipment(number))


def shipment(number: int) -> ReportShipment:
    """A report of one piece."""
    day = agency_date(datetime.now(UTC))
    piece = ShippedLine(line=1, quantity=1, value=Money(minor_units=900, currency="USD"))
    shipped = Shipment(
        itn=f"X{day:%Y%m%d}{number:06}", kind=ReportKind.SINGLE, shipped_on=day, lines=(piece,)
    )
    return ReportShipment(shipment=shipped)


async def run_histories(temporal: Client, workflow_id: str) -> list[list[str]]:
    """The kinds of the events of each run's history, from the last run to the first."""
    runs: list[list[str]] = []
    run_id: str | None = None
    while True:
        history = await temporal.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        runs.append([event.WhichOneof("attributes") or "" for event in history.events])
        before = history.events[0].workflow_execution_started_event_attributes.continued_execution_run_id
        if not before:
            return runs
        run_id = before

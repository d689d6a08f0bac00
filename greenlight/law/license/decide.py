"""Decide what a license's commands mean, or why they are refused."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from greenlight.kernel.acting import both_sides
from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.dossier import Finding, Party, PartyRole, Screening, named
from greenlight.law.application.filing import other_name
from greenlight.law.application.flip.commands import NoteLicenseFlip, RecordLicenseFlip
from greenlight.law.application.flip.language import flipped, noted
from greenlight.law.application.flip.said import unnoted
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.screening.resolution import confirmed_of, remembered_of, said_of
from greenlight.law.license.commands import (
    AcceptConditions,
    AcceptTransfer,
    ApproveTransfer,
    ConfirmListing,
    CorrectShipment,
    RecordListed,
    RefuseTransfer,
    Reinstate,
    Replace,
    ReportShipment,
    RequestTransfer,
    ResolveListing,
    Revoke,
    Suspend,
    Void,
)
from greenlight.law.license.events import (
    ConditionsAccepted,
    ExhaustionLifted,
    LicenseeTold,
    LicenseExhausted,
    LicenseReinstated,
    LicenseReplaced,
    LicenseRevoked,
    LicenseSuspended,
    LicenseVoided,
    PartyDelisted,
    PartyListed,
    ShipmentCorrected,
    ShipmentReported,
    TransferAccepted,
    TransferApproved,
    TransferRefused,
    TransferRequested,
    UsageReached,
)
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.state import LicenseState, Stage, Transfer, evolve
from greenlight.law.license.usage import THRESHOLDS, Shipment, exhausted, itn_day, objections, reached


def rule(state: LicenseState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``."""
    assert state is not None, "TRANSITIONS lets nothing through without a license"
    if isinstance(command.body, RecordListed):
        return _listed(state, command.body, command, now)
    if isinstance(command.body, RecordLicenseFlip):
        return _flipped(state, command.body, now)
    return _outcome(state, command, now)


def _flipped(state: LicenseState, body: RecordLicenseFlip, now: datetime) -> Ruling:
    """Record it, and that the licensee is told of it."""
    found = flipped(state.flips, body, now)
    if isinstance(found, Refusal):
        return found
    return (found,) if body.acts is None else (found, LicenseeTold(at=now, acts=body.acts))


def barred(state: LicenseState, name: str, by: Actor) -> Refusal | None:
    """The licensee alone uses a license, whoever is to have it accepts it, and nobody who acts for either
    decides on it."""
    if by.role is Role.APPLICANT:
        holder = state.licensee
        if name == AcceptTransfer.declared.name:
            holder = state.open_transfer.transferee if state.open_transfer else by.organisation
        if by.organisation != holder:
            return Refusal(RefusalCode.NOT_THE_APPLICANT, f"{name} is for {holder} alone")
        return both_sides(by, state.acted_for_authority)
    if _acts_for_licensee(state, by):
        return Refusal(RefusalCode.OWN_APPLICATION, f"{by.officer} acts for the licensee")
    return None


def _acts_for_licensee(state: LicenseState, officer: Actor) -> bool:
    return officer.organisation in state.licensees or officer.person in state.acted_for_licensee


def _outcome(state: LicenseState, command: Command[Body], now: datetime) -> Ruling:
    by = command.sender
    match command.body:
        case AcceptConditions():
            return (ConditionsAccepted(at=now, by=by),)
        case ReportShipment(shipment=shipment):
            return _report(state, shipment, by, now)
        case CorrectShipment() as body:
            return _correct(state, body, by, now)
        case RequestTransfer() as body:
            return _request_transfer(state, body, by, now)
        case AcceptTransfer() as body:
            return _accept_transfer(state, body, command, now)
        case ApproveTransfer() | RefuseTransfer() as body:
            return _decide_transfer(state, body, command, now)
        case Suspend(reasons=reasons, order=order):
            return (LicenseSuspended(at=now, by=by, reasons=reasons, order=order),)
        case Reinstate(reasons=reasons):
            return _with_exhaustion(state, LicenseReinstated(at=now, by=by, reasons=reasons))
        case Revoke(reasons=reasons, order=order):
            return (LicenseRevoked(at=now, by=by, reasons=reasons, order=order),)
        case Void(statement=statement):
            return (LicenseVoided(at=now, by=by, statement=statement),)
        case Replace() as body:
            return _replace(state, body, by, now)
        case ResolveListing() as body:
            return said_of(state.found, body, None, by, now)
        case NoteLicenseFlip(reasons=reasons):
            return noted(unnoted(state.flips), reasons, by, now)
        case ConfirmListing() as body:
            return confirmed_of(state.found, body, partial(_acts_for_licensee, state), by, now)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _listed(state: LicenseState, body: RecordListed, command: Command[Body], now: datetime) -> Ruling:
    """Record only what is not on record already; what is remembered of a pair opens it for nobody."""
    if body.findings == state.listed:
        return Refusal(RefusalCode.WRONG_STAGE, "all of that is on record")
    list_, record = body.list_version, body.record_version
    if not body.findings:
        return (PartyDelisted(at=now, list_version=list_, record_version=record),)
    remembered = remembered_of(
        command, body.findings, state.resolutions, partial(_acts_for_licensee, state), now
    )
    listed = PartyListed(at=now, list_version=list_, record_version=record, findings=body.findings)
    return (*remembered, listed)


def _report(state: LicenseState, shipment: Shipment, by: Actor, now: datetime) -> Ruling:
    """The same ITN counts once: what is on file under it can only be corrected."""
    if _on_file(state, shipment.itn):
        return Refusal(
            LicenseRefusal.ALREADY_REPORTED, f"{shipment.itn} is on file: correct_shipment replaces it"
        )
    for refusal in _shipment_objections(state, shipment, now):
        return refusal
    return _with_usage(state, ShipmentReported(at=now, by=by, shipment=shipment))


def _correct(state: LicenseState, body: CorrectShipment, by: Actor, now: datetime) -> Ruling:
    if not _on_file(state, body.itn):
        return Refusal(LicenseRefusal.UNKNOWN_SHIPMENT, f"nothing is on file under {body.itn}")
    if body.shipment is not None:
        for refusal in _shipment_objections(state, body.shipment, now):
            return refusal
    corrected = ShipmentCorrected(at=now, by=by, itn=body.itn, shipment=body.shipment, reasons=body.reasons)
    return _with_usage(state, corrected)


def _shipment_objections(state: LicenseState, shipment: Shipment, now: datetime) -> Iterator[Refusal]:
    today = agency_date(now)
    if shipment.shipped_on > today or itn_day(shipment.itn) > today:
        yield Refusal(LicenseRefusal.NOT_SHIPPED_YET, "shipped_on, or the date of the ITN, is yet to come")
    if itn_day(shipment.itn) < agency_date(state.issued_at):
        yield Refusal(LicenseRefusal.NOT_VALID_THEN, "the ITN is dated before the license was issued")
    if not state.accepted:
        yield Refusal(
            LicenseRefusal.CONDITIONS_NOT_ACCEPTED, "the conditions were not accepted (15 CFR 750.7(d))"
        )
    elif not state.usable_on(shipment.shipped_on):
        yield Refusal(
            LicenseRefusal.NOT_VALID_THEN, "shipped_on is not a day on which the license could be used"
        )
    yield from objections(state.items, state.shipments, shipment)


def _with_exhaustion(state: LicenseState, event: Event) -> tuple[Event, ...]:
    """``event``, and whether it exhausts the license or frees quantity; one suspended or ended is neither."""
    after = evolve(state, event)
    used_up = exhausted(after.items, after.shipments)
    if after.stage is Stage.ACTIVE and used_up:
        return (event, LicenseExhausted(at=event.at))
    if after.stage is Stage.EXHAUSTED and not used_up:
        return (event, ExhaustionLifted(at=event.at))
    return (event,)


def _with_usage(state: LicenseState, event: ShipmentReported | ShipmentCorrected) -> tuple[Event, ...]:
    """The same, and of which thresholds of use the licensee is to be told, line by line: at whatever stage,
    because what was shipped was shipped."""
    after = evolve(state, event)
    told = (
        UsageReached(at=event.at, by=event.by, line=line, thresholds=thresholds)
        for line, percent in reached(after.items, after.shipments).items()
        if (thresholds := tuple(each for each in THRESHOLDS if after.told.get(line, 0) < each <= percent))
    )
    return (*_with_exhaustion(state, event), *told)


def _request_transfer(state: LicenseState, body: RequestTransfer, by: Actor, now: datetime) -> Ruling:
    """One transfer is approved and no more (15 CFR 750.10(a)); after a refusal it may be asked for again."""
    if state.former_licensee is not None:
        return Refusal(
            LicenseRefusal.ALREADY_TRANSFERRED, "the license has been transferred once (15 CFR 750.10(a))"
        )
    if state.open_transfer is not None:
        return Refusal(LicenseRefusal.TRANSFER_PENDING, "a transfer was asked for and is not decided yet")
    if body.transferee == state.licensee:
        return Refusal(RefusalCode.MALFORMED, "transferee: the licensee has the license already")
    return (TransferRequested(at=now, by=by, transferee=body.transferee, reasons=body.reasons),)


def _accept_transfer(
    state: LicenseState, body: AcceptTransfer, command: Command[Body], now: datetime
) -> Ruling:
    """Hold them against the list, behind the application's parties and their owners. What is remembered of a
    pair counts."""
    asked = state.open_transfer
    if asked is None:
        return Refusal(LicenseRefusal.NO_TRANSFER_REQUESTED, LicenseRefusal.NO_TRANSFER_REQUESTED.meaning)
    if refusal := other_name("name", body.name, command):
        return refusal
    granted = command.told(CaseOf(state.acn))
    assert granted is not None, "a license is granted in a case"
    # A licensee is no party by the form. The pair is the same, whatever the role.
    party = Party(role=PartyRole.PURCHASER, name=body.name, country=body.country)
    screening = command.told(ScreeningOf((party,)))
    finding = _only(screening).model_copy(update={"party": len(named(granted.parties))})
    acts = partial(_acts_for_licensee, state)
    remembered = remembered_of(command, (finding,), state.resolutions, acts, now)
    accepted = TransferAccepted(
        at=now,
        by=command.sender,
        transferee=asked.transferee,
        party=party,
        finding=finding,
        list_version=screening.list_version,
        record_version=screening.record_version,
    )
    return (*remembered, accepted)


def _decide_transfer(
    state: LicenseState, body: ApproveTransfer | RefuseTransfer, command: Command[Body], now: datetime
) -> Ruling:
    asked, by = state.open_transfer, command.sender
    if asked is None:
        return Refusal(LicenseRefusal.NO_TRANSFER_REQUESTED, LicenseRefusal.NO_TRANSFER_REQUESTED.meaning)
    if isinstance(body, RefuseTransfer):
        return (TransferRefused(at=now, by=by, transferee=asked.transferee, reasons=body.reasons),)
    if objection := _transferee_objection(state, asked, command):
        return objection
    return (TransferApproved(at=now, by=by, transferee=asked.transferee, reasons=body.reasons),)


def _transferee_objection(state: LicenseState, asked: Transfer, command: Command[Body]) -> Refusal | None:
    """Say why the license cannot go to whoever is to have it: they are not registered, not screened against
    the list as it is, perhaps listed, or listed."""
    if asked.party is None or asked.finding is None:
        return Refusal(
            LicenseRefusal.TRANSFER_NOT_ACCEPTED, f"{asked.transferee} has not accepted the license"
        )
    place, found = asked.finding.party, state.found
    now = _only(command.told(ScreeningOf((asked.party,))))
    known = next(each for each in found.findings if each.party == place)
    if place in found.listed_parties:
        return Refusal(LicenseRefusal.TRANSFEREE_LISTED, f"{asked.transferee} counts as listed")
    if place in found.possible_parties:
        problem = f"party {place}: nobody has resolved who {asked.transferee} is"
        return Refusal(RefusalCode.SCREENING_INCOMPLETE, problem)
    if _pairs(now) != _pairs(known) or (now.outcome == "could_not_screen" and not now.by_hand):
        problem = f"{asked.transferee} has to accept again, and be held against the list as it is now"
        return Refusal(RefusalCode.SCREENING_INCOMPLETE, problem)
    return None


def _only(screening: Screening) -> Finding:
    """The finding of the one party that was to be screened; that nothing was found out is one."""
    none = Finding(party=0, outcome="could_not_screen", reason="the screening tells nothing of them")
    return next(iter(screening.findings), none)


def _pairs(finding: Finding) -> set[str | None]:
    return {finding.pair, *(match.pair for match in finding.matches)}


def _replace(state: LicenseState, body: Replace, by: Actor, now: datetime) -> Ruling:
    if body.by_license == state.number:
        return Refusal(RefusalCode.MALFORMED, "by_license: a license cannot replace itself")
    return (LicenseReplaced(at=now, by=by, by_license=body.by_license, change=body.change),)


def _on_file(state: LicenseState, itn: str) -> bool:
    return any(report.itn == itn for report in state.shipments)

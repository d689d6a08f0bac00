"""A license as it stands, folded from its events, and what can be read off it."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from greenlight.kernel.acting import with_actor, with_official
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import (
    Acn,
    Identifier,
    Instant,
    JsonObject,
    LicenseNumber,
    Model,
    Names,
)
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import Conditions
from greenlight.law.application.dossier import Finding, Items, Party, Screening
from greenlight.law.application.flip.events import AnswerFlipped, FlipNoted
from greenlight.law.application.flip.language import flips_after
from greenlight.law.application.flip.said import Flips
from greenlight.law.application.screening.language import Resolution, Screened
from greenlight.law.application.screening.resolution import (
    MatchConfirmed,
    MatchResolved,
    ResolutionLapsed,
    ResolutionRemembered,
    resolutions_after,
)
from greenlight.law.application.validity import Validity, retained_through
from greenlight.law.license.events import (
    ConditionsAccepted,
    ExhaustionLifted,
    LicenseeTold,
    LicenseExhausted,
    LicenseExpired,
    LicenseIssued,
    LicenseReinstated,
    LicenseReplaced,
    LicenseRevoked,
    LicenseRevokedByDirective,
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
from greenlight.law.license.usage import OnFile, ReportKind, on_file, with_report


class Stage(StrEnum):
    """The stage of a license. The last four are ends.

    ``awaiting_acceptance``: issued with conditions that the licensee has not accepted yet. ``exhausted`` is
    no end: while the license is valid a corrected report may show that quantity remains.
    """

    AWAITING_ACCEPTANCE = "awaiting_acceptance"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    EXHAUSTED = "exhausted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    VOID = "void"
    REPLACED = "replaced"

    @property
    def closed(self) -> bool:
        return self in CLOSED


CLOSED = frozenset({Stage.EXPIRED, Stage.REVOKED, Stage.VOID, Stage.REPLACED})


def _unsaid(value: object) -> bool:
    return value is None


class Transfer(Model):
    """A transfer that was asked for and, once decided, what became of it (15 CFR 750.10).

    ``party`` is whoever is to have the license, as they accepted it, and ``finding`` what was found of them
    then.
    """

    transferee: Identifier
    reasons: str
    requested_by: Actor
    approved: bool | None = None
    decided_by: Actor | None = None
    accepted_by: Annotated[Actor | None, Field(exclude_if=_unsaid)] = None
    party: Annotated[Party | None, Field(exclude_if=_unsaid)] = None
    finding: Annotated[Finding | None, Field(exclude_if=_unsaid)] = None


class Suspension(Model):
    """A time in which the license may not be used (15 CFR 750.8); ``lifted_at`` is None while it lasts."""

    reasons: str
    order: Identifier | None
    since: Instant
    by: Actor
    lifted_at: Instant | None = None


class End(Model):
    """The end of a license before its time."""

    reasons: str
    at: Instant
    by: Actor
    order: Identifier | None = None
    by_license: LicenseNumber | None = None


class LicenseState(Model):
    """``transfer`` is the latest that was asked for, ``shipments`` the latest word on each ITN, cancelled or
    not; ``acted_for_licensee`` are the persons who ever acted for a licensee or tried to, former ones
    included; ``listed`` is what a later list has of the parties beyond what was known at the grant,
    ``resolutions`` what officers said of that and of earlier lists; ``told`` by line the greatest threshold
    of use of which the licensee was told; ``flips`` what it is for and is answered otherwise since."""

    number: LicenseNumber
    acn: Acn
    licensee: Identifier
    stage: Stage
    issued_at: Instant
    valid_through: date
    items: Items
    conditions: Conditions
    riders: Conditions
    accepted_at: Instant | None = None
    expired_at: Instant | None = None
    validity: Validity = Validity.STANDARD
    shipments: tuple[OnFile, ...] = ()
    transfer: Transfer | None = None
    former_licensee: Identifier | None = None
    suspensions: tuple[Suspension, ...] = ()
    end: End | None = None
    acted_for_licensee: Names = frozenset()
    acted_for_authority: Names = frozenset()
    entities: Names = frozenset()
    destinations: Names = frozenset()
    listed: tuple[Finding, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    told: dict[int, int] = Field(default_factory=dict[int, int])
    flips: Flips = ()

    @property
    def found(self) -> Screened:
        """The hits on a later list, with what officers said of them: who is listed, and who may be. Whoever
        the license is to be transferred to is among them, unless that was refused."""
        asked = self.transfer
        told = asked.finding if asked is not None and asked.approved is not False else None
        own = () if told is None or told.party in {each.party for each in self.listed} else (told,)
        screening = Screening(list_version=None, findings=(*self.listed, *own))
        return Screened(screening=screening, resolutions=self.resolutions)

    @property
    def concerned(self) -> frozenset[str]:
        """The listed entities that it is for: those known at the grant, and those that a party turned out to
        be since, or was listed as."""
        return self.entities | self.found.listings

    @property
    def accepted(self) -> bool:
        """Tell whether it may be used as far as its conditions go (15 CFR 750.7(d)). Riders only explain."""
        return not self.conditions or self.accepted_at is not None

    @property
    def licensees(self) -> frozenset[str]:
        """Name those who hold the license, held it, or are to hold it."""
        asked = self.open_transfer
        also = (self.former_licensee, asked.transferee if asked else None)
        return frozenset({self.licensee, *filter(None, also)})

    @property
    def open_transfer(self) -> Transfer | None:
        return self.transfer if self.transfer and self.transfer.approved is None else None

    @property
    def last_day(self) -> date:
        """The last day of the license: as issued, or the day on which it was ended before."""
        return min(self.valid_through, agency_date(self.end.at)) if self.end else self.valid_through

    @property
    def retained_through(self) -> date:
        """The day through which its records are kept at least, as things stand (15 CFR 762.6).

        Triggers are the last day of the license, which no shipment under it is later than, and the decision
        that ended it. Reexports are not reported here, and an agency may ask for longer.
        """
        return retained_through([self.last_day, *([agency_date(self.end.at)] if self.end else [])])

    def usable_on(self, day: date) -> bool:
        """Tell whether it could be used in some part of ``day``: shipments are not dated by the hour."""
        first = agency_date(self.accepted_at or self.issued_at)
        return first <= day <= self.last_day and not any(
            agency_date(suspension.since) < day
            and (suspension.lifted_at is None or day < agency_date(suspension.lifted_at))
            for suspension in self.suspensions
        )


def evolve(state: LicenseState | None, event: Event) -> LicenseState:
    """The state after ``event``. Total on recorded streams: the first event is the issue."""
    match event, state:
        case LicenseIssued(), None:
            return LicenseState(
                number=event.number,
                acn=event.acn,
                licensee=event.licensee,
                stage=Stage.AWAITING_ACCEPTANCE if event.conditions else Stage.ACTIVE,
                issued_at=event.at,
                valid_through=event.valid_through,
                items=event.items,
                conditions=event.conditions,
                riders=event.riders,
                validity=event.validity,
                acted_for_licensee=event.acted_for_licensee,
                entities=event.entities,
                destinations=event.destinations,
            )
        case _, LicenseState() if not isinstance(event, LicenseIssued):
            return noted(state.model_copy(update=_changes(state, event)), event)
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def _changes(state: LicenseState, event: Event) -> dict[str, object]:
    match event:
        case ConditionsAccepted(at=at):
            return {"stage": Stage.ACTIVE, "accepted_at": at}
        case LicenseExpired(at=at):
            return {"stage": Stage.EXPIRED, "expired_at": at}
        case ShipmentReported(shipment=shipment):
            return {"shipments": with_report(state.shipments, on_file(shipment))}
        case ShipmentCorrected():
            return {"shipments": with_report(state.shipments, _corrected(event))}
        case UsageReached(line=line, thresholds=thresholds):
            return {"told": {**state.told, line: max(thresholds)}}
        case LicenseExhausted():
            return {"stage": Stage.EXHAUSTED}
        case ExhaustionLifted():
            return {"stage": Stage.ACTIVE}
        case TransferRequested(by=by):
            asked = Transfer(transferee=event.transferee, reasons=event.reasons, requested_by=by)
            return {"transfer": asked}
        case TransferAccepted():
            return _accepted_changes(state, event)
        case TransferApproved() | TransferRefused():
            return _transfer_changes(state, event)
        case LicenseSuspended(at=at, by=by, reasons=reasons, order=order):
            suspension = Suspension(reasons=reasons, order=order, since=at, by=by)
            return {"stage": Stage.SUSPENDED, "suspensions": (*state.suspensions, suspension)}
        case LicenseReinstated(at=at):
            lifted = state.suspensions[-1].model_copy(update={"lifted_at": at})
            return {
                "stage": Stage.ACTIVE if state.accepted else Stage.AWAITING_ACCEPTANCE,
                "suspensions": (*state.suspensions[:-1], lifted),
            }
        case PartyListed(findings=findings):
            return {"listed": findings}
        case PartyDelisted():
            return {"listed": ()}
        case AnswerFlipped() | FlipNoted():
            return {"flips": flips_after(state.flips, event)}
        case LicenseeTold():
            return {}
        case MatchResolved() | MatchConfirmed() | ResolutionRemembered() | ResolutionLapsed():
            return {"resolutions": resolutions_after(state.resolutions, event)}
        case LicenseRevoked(at=at, by=by, reasons=reasons, order=order):
            return {"stage": Stage.REVOKED, "end": End(reasons=reasons, at=at, by=by, order=order)}
        case LicenseRevokedByDirective(at=at, author=author, reasons=reasons, directive=directive):
            return {"stage": Stage.REVOKED, "end": End(reasons=reasons, at=at, by=author, order=directive)}
        case LicenseVoided(at=at, by=by, statement=statement):
            return {"stage": Stage.VOID, "end": End(reasons=statement, at=at, by=by)}
        case LicenseReplaced(at=at, by=by, change=change, by_license=number):
            return {"stage": Stage.REPLACED, "end": End(reasons=change, at=at, by=by, by_license=number)}
        case _:
            raise ValueError(f"{type(event).__name__} is not an event of a license")


def noted(state: LicenseState, event: Event) -> LicenseState:
    """The state with whoever ``event``, if only a refusal, says acted for a licensee or an authority."""
    licensees = with_actor(state.acted_for_licensee, event, state.licensees)
    officials = with_official(state.acted_for_authority, event)
    if (licensees, officials) == (state.acted_for_licensee, state.acted_for_authority):
        return state
    return state.model_copy(update={"acted_for_licensee": licensees, "acted_for_authority": officials})


def _corrected(event: ShipmentCorrected) -> OnFile:
    """The corrected report; a cancelled one stays, empty, so that its ITN is not taken for a new one."""
    if event.shipment is not None:
        return on_file(event.shipment)
    return OnFile(event.itn, ReportKind.SINGLE, ())


def _accepted_changes(state: LicenseState, event: TransferAccepted) -> dict[str, object]:
    assert state.transfer is not None, "a transfer is accepted after it was asked for"
    said = {"accepted_by": event.by, "party": event.party, "finding": event.finding}
    listed = tuple(each for each in state.listed if each.party != event.finding.party)
    return {"transfer": state.transfer.model_copy(update=said), "listed": listed}


def _transfer_changes(state: LicenseState, event: TransferApproved | TransferRefused) -> dict[str, object]:
    approved = isinstance(event, TransferApproved)
    assert state.transfer is not None, "a transfer is decided after it was asked for"
    decided = state.transfer.model_copy(update={"approved": approved, "decided_by": event.by})
    if not approved:
        return {"transfer": decided}
    return {"transfer": decided, "licensee": event.transferee, "former_licensee": state.licensee}


def dossier(state: LicenseState) -> JsonObject:
    """The terms of the license and what was decided on it. Its digest is what a deciding officer signs.

    Shipments are not part of it: a license that is shipped under every hour could never be revoked (750.8).
    Nor are acceptance and expiry, which no decision rests on.
    """
    shown = state.model_dump(
        mode="json",
        include={
            "number",
            "acn",
            "licensee",
            "valid_through",
            "items",
            "conditions",
            "riders",
            "transfer",
            "former_licensee",
            "suspensions",
            "end",
        },
    )
    if state.listed:
        shown["listed"] = [finding.model_dump(mode="json") for finding in state.listed]
    said = [hit.resolution for hit in state.found.hits if hit.resolution]
    said += [
        each
        for each in state.resolutions
        if each.pair in state.found.pairs and each not in said and not each.lapsed
    ]
    if state.flips:
        shown["flips"] = [flip.model_dump(mode="json") for flip in state.flips]
    if said:
        shown["resolutions"] = [resolution.shown() for resolution in said]
    return shown


def dossier_digest(state: LicenseState) -> str:
    return digest(dossier(state))

"""Licenses at every stage, made the way real ones are: by commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.dossier import Finding, Money, Screening
from greenlight.law.application.flip.commands import RecordLicenseFlip
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.application.needs import RegisteredName, RememberedOf, ScreeningOf
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.screening.language import Resolution, Verdict
from greenlight.law.application.validity import Validity, valid_through
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import (
    COMMANDS,
    AcceptConditions,
    AcceptTransfer,
    ApproveTransfer,
    ConfirmListing,
    CorrectShipment,
    NoteLicenseFlip,
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
from greenlight.law.license.events import LicenseIssued
from greenlight.law.license.state import LicenseState, Stage, dossier_digest
from greenlight.law.license.usage import ReportKind, Shipment, ShippedLine, Used, usage
from tests.law.actors import APPLICANT, EXECUTIVE, OFFICER, OTHER_APPLICANT, OTHER_OFFICER
from tests.law.application.cases import ACN, ALIKE, BEGIN, NUMBER, item, submitted
from tests.law.decisions import Answers, Told, accepted, told

DECISIONS = decisions(COMMANDS)

OTHER_NUMBER = "D000002"

NAME_OF: Mapping[type[Body], str] = {body: name for name, body in COMMANDS.items()}

SENDER: Mapping[type[Body], Actor] = {
    AcceptConditions: APPLICANT,
    ReportShipment: APPLICANT,
    CorrectShipment: APPLICANT,
    RequestTransfer: APPLICANT,
    AcceptTransfer: OTHER_APPLICANT,
    ApproveTransfer: OFFICER,
    RefuseTransfer: OFFICER,
    Suspend: OFFICER,
    Reinstate: OFFICER,
    Revoke: EXECUTIVE,
    Void: EXECUTIVE,
    Replace: OFFICER,
    ResolveListing: OFFICER,
    ConfirmListing: OTHER_OFFICER,
    NoteLicenseFlip: OFFICER,
}
"""Who usually sends a command."""

Lines = tuple[tuple[int, int, int], ...]

ALL: Lines = ((1, 10, 100_000_00), (2, 10, 100_000_00))
"""Line, quantity, cents: everything that the usual license allows."""

TRANSFER = RequestTransfer(transferee=OTHER_APPLICANT.organisation, reasons="The business was sold.")
ACCEPT = AcceptTransfer(name="Rival Networks LLC", country="US")
FLIP = RecordLicenseFlip(
    instant=BEGIN,
    turns=(Turn(destination="NO", before=Said.NOT_REQUIRED, after=Said.REQUIRED),),
    because="Affiliates Rule: it is in force (90 FR 47201)",
    acts="Affiliates Rule: it is in force (90 FR 47201)",
)
NOTED = NoteLicenseFlip(reasons="The license covers it.")
SUSPEND = Suspend(reasons="Diversion is looked into.")
REVOKE = Revoke(reasons="Diversion.", order="order-7")
VOID = Void(statement="The end user was invented.")
DENIED = ResolveListing(
    party=1, listing=ALIKE.listing, verdict=Verdict.FALSE_MATCH, reason="Another company."
)
POSSIBLE = Finding(party=1, outcome="possible_match", matches=(ALIKE,))
"""What a list after the grant may have of the second party."""
CLEAR = Screening(list_version=None, findings=(Finding(party=0, outcome="no_match"),))
"""Nothing was found of whoever is to have the license."""

FACTS: Answers = {RememberedOf: (), CaseOf: submitted().opened, ScreeningOf: CLEAR, RegisteredName: None}
"""What commands are told where a test says nothing else. The application has two parties."""

REPLACE = Replace(by_license=OTHER_NUMBER, change="Another consignee.")


def itn(day: date, number: int = 1) -> str:
    return f"X{day:%Y%m%d}{number:06}"


def shipment(
    day: date,
    *lines: tuple[int, int, int],
    number: int = 1,
    kind: ReportKind = ReportKind.SINGLE,
    shipped_on: date | None = None,
    currency: str = "USD",
) -> Shipment:
    """Under an ITN of ``day``, goods shipped that day: one unit of line 1 unless said otherwise."""
    return Shipment(
        itn=itn(day, number),
        kind=kind,
        shipped_on=shipped_on or day,
        lines=tuple(
            ShippedLine(line=line, quantity=quantity, value=Money(minor_units=cents, currency=currency))
            for line, quantity, cents in lines or ((1, 1, 10_000_00),)
        ),
    )


@dataclass(frozen=True, slots=True)
class Licensed:
    """A license at an instant, with the events that made it."""

    state: LicenseState | None = None
    now: datetime = BEGIN
    events: tuple[Event, ...] = ()

    @property
    def opened(self) -> LicenseState:
        assert self.state is not None, "the license does not exist yet"
        return self.state

    @property
    def today(self) -> date:
        return agency_date(self.now)

    @property
    def used(self) -> dict[int, Used]:
        return usage(self.opened.shipments)

    def at(self, now: datetime) -> "Licensed":
        return replace(self, now=now)

    def later(self, *, days: float) -> "Licensed":
        return self.at(self.now + timedelta(days=days))

    def with_events(self, *events: Event) -> "Licensed":
        state = self.state
        for event in events:
            state = LICENSE.apply(state, event)
        return replace(self, state=state, events=(*self.events, *events))

    def advanced(self) -> "Licensed":
        return self.with_events(*LICENSE.advance(self.state, self.now))

    def command(self, body: Body | None = None, by: Actor | None = None) -> Command[Body]:
        """The command as it usually comes: by whoever usually sends it, on the dossier as it is."""
        body = body or AcceptConditions()
        name = NAME_OF[type(body)]
        return Command(
            key=NUMBER,
            body=body,
            by=by or self._sender(body),
            dossier=dossier_digest(self.state) if self.state and name in DECISIONS else None,
            facts=Told(by_type=FACTS),
        )

    def _sender(self, body: Body) -> Actor:
        usual = SENDER[type(body)]
        transferred = self.state is not None and self.state.former_licensee is not None
        return OTHER_APPLICANT if usual is APPLICANT and transferred else usual

    def decides(self, command: Command[Body]) -> Decision:
        license_ = self.advanced()
        return LICENSE.decide(license_.state, command, license_.now)

    def asked(self, body: Body | None = None, by: Actor | None = None) -> Decision:
        """The decision on a command, an acceptance unless said otherwise; it changes nothing yet."""
        license_ = self.advanced()
        return license_.decides(license_.command(body, by))

    def after(self, body: Body, by: Actor | None = None) -> "Licensed":
        """The license after a command that must be accepted."""
        return self.advanced().with_events(*accepted(self.asked(body, by)))

    def found(self, *findings: Finding, remembered: tuple[Resolution, ...] = ()) -> "Licensed":
        """With what a list has of the parties that came after the grant, and what is remembered of that."""
        body = RecordListed(list_version=digest(len(self.events)), findings=findings)
        command: Command[Body] = Command(
            key=NUMBER, body=body, by=None, facts=Told(by_type={RememberedOf: remembered})
        )
        return self.advanced().with_events(*accepted(self.decides(command)))

    def flipped(self, body: RecordLicenseFlip = FLIP) -> "Licensed":
        """An instant came from which on the answer is another one."""
        command: Command[Body] = Command(key=NUMBER, body=body, by=None)
        return self.advanced().with_events(*accepted(self.decides(command)))

    def accepted(self, by: Actor = APPLICANT) -> "Licensed":
        return self.after(AcceptConditions(), by)

    def shipped(
        self, *lines: tuple[int, int, int], number: int = 1, kind: ReportKind = ReportKind.SINGLE
    ) -> "Licensed":
        """With a shipment of today reported."""
        return self.after(ReportShipment(shipment=shipment(self.today, *lines, number=number, kind=kind)))

    def suspended(self) -> "Licensed":
        return self.after(SUSPEND)

    def reinstated(self) -> "Licensed":
        return self.after(Reinstate(reasons="Nothing was found."))

    def transferred(self) -> "Licensed":
        return self.after(TRANSFER).after(ACCEPT).after(ApproveTransfer())

    def accepted_by(self, found: Screening, *remembered: Resolution) -> "Licensed":
        """With a transfer asked for and accepted, by somebody of whom that is found."""
        asked = self.after(TRANSFER)
        command = told(asked.command(ACCEPT), {ScreeningOf: found, RememberedOf: remembered})
        return asked.with_events(*accepted(asked.decides(command)))


def issued(
    *conditions: str,
    at: datetime = BEGIN,
    validity: Validity = Validity.STANDARD,
    persons: frozenset[str] = frozenset(),
) -> Licensed:
    """A license for ten pieces each of two lines, at USD 100,000 each."""
    event = LicenseIssued(
        at=at,
        number=NUMBER,
        acn=ACN,
        licensee=APPLICANT.organisation,
        items=(item(1), item(2)),
        conditions=conditions,
        riders=("See 750.7.",),
        valid_through=valid_through(at, validity),
        validity=validity,
        acted_for_licensee=persons,
    )
    return Licensed(now=at).with_events(event)


def used_up() -> Licensed:
    return issued().shipped((1, 4, 40_000_00), number=1).shipped((1, 6, 1), (2, 10, 1), number=2)


def _expired(license_: Licensed) -> Licensed:
    return license_.later(days=1500).advanced()


Story = Callable[[], Licensed]

CASES: Mapping[Stage | None, Mapping[str, Story]] = {
    None: {"none": Licensed},
    Stage.AWAITING_ACCEPTANCE: {
        "with conditions": lambda: issued("No resale."),
        "to be transferred": lambda: issued("No resale.").after(TRANSFER).after(ACCEPT),
        "reinstated": lambda: issued("No resale.").suspended().reinstated(),
        "perhaps listed": lambda: issued("No resale.").found(POSSIBLE),
        "not listed": lambda: issued("No resale.").found(POSSIBLE).after(DENIED),
        "flipped": lambda: issued("No resale.").flipped(),
    },
    Stage.ACTIVE: {
        "without conditions": issued,
        "accepted": lambda: issued("No resale.").accepted(),
        "in use": lambda: issued().shipped(),
        "to be transferred": lambda: issued().shipped().after(TRANSFER).after(ACCEPT),
        "to be accepted": lambda: issued().after(TRANSFER),
        "transferred": lambda: issued().transferred(),
        "transfer refused": lambda: issued().after(TRANSFER).after(RefuseTransfer(reasons="No.")),
        "reinstated": lambda: issued().shipped().suspended().later(days=9).reinstated(),
        "quantity freed": lambda: _corrected(used_up()),
        "perhaps listed": lambda: issued().found(POSSIBLE),
        "not listed": lambda: issued().found(POSSIBLE).after(DENIED),
        "flipped": lambda: issued().flipped(),
    },
    Stage.SUSPENDED: {
        "before acceptance": lambda: issued("No resale.").suspended(),
        "in use": lambda: issued().shipped().suspended(),
        "to be transferred": lambda: issued().after(TRANSFER).suspended(),
        "used up": lambda: used_up().suspended(),
        "perhaps listed": lambda: issued().found(POSSIBLE).suspended(),
        "not listed": lambda: issued().found(POSSIBLE).after(DENIED).suspended(),
        "flipped": lambda: issued().flipped().suspended(),
    },
    Stage.EXHAUSTED: {
        "in two shipments": used_up,
        "by a total to date": lambda: issued().shipped(*ALL, kind=ReportKind.CUMULATIVE),
        "to be transferred": lambda: issued().after(TRANSFER).shipped(*ALL),
        "reinstated": lambda: used_up().suspended().reinstated(),
        "perhaps listed": lambda: used_up().found(POSSIBLE),
        "not listed": lambda: used_up().found(POSSIBLE).after(DENIED),
        "flipped": lambda: used_up().flipped(),
    },
    Stage.EXPIRED: {
        "once active": lambda: _expired(issued()),
        "never accepted": lambda: _expired(issued("No resale.")),
        "in use": lambda: _expired(issued().shipped()),
        "suspended": lambda: _expired(issued().shipped().suspended()),
        "used up": lambda: _expired(used_up()),
    },
    Stage.REVOKED: {
        "in use": lambda: issued().shipped().after(REVOKE),
        "before acceptance": lambda: issued("No resale.").after(REVOKE),
        "suspended": lambda: issued().shipped().suspended().after(REVOKE),
    },
    Stage.VOID: {
        "in use": lambda: issued().shipped().after(VOID),
        "after its expiry": lambda: _expired(issued()).after(VOID),
    },
    Stage.REPLACED: {"in use": lambda: issued().shipped().after(REPLACE)},
}
"""For every stage, stories of licenses that are at it."""


def _corrected(license_: Licensed) -> Licensed:
    first = license_.opened.shipments[0]
    return license_.after(CorrectShipment(itn=first.itn, reasons="It never left."))


EXISTING: Mapping[str, Story] = {
    f"{stage}, {title}": story
    for stage, stories in CASES.items()
    if stage is not None
    for title, story in stories.items()
}


def _left(state: LicenseState | None) -> tuple[tuple[int, int, int], ...]:
    """What the first shipment could have been at most, beside the others."""
    others = usage(state.shipments[1:] if state else ())
    left = ((line, quantity - others.get(line, Used()).quantity) for line, quantity, _ in ALL)
    return tuple((line, quantity, quantity * 10_000_00) for line, quantity in left if quantity)


def bodies(name: str, license_: Licensed) -> tuple[Body, ...]:
    """Bodies of the command ``name`` that the law has nothing against where it takes the command at all.

    None, if nothing of the kind could be sent: there is no shipment to correct, or no transfer to decide.
    """
    state = license_.state
    first = state.shipments[0] if state and state.shipments else None
    closed_or_held = state is not None and (state.stage.closed or state.stage is Stage.SUSPENDED)
    day = agency_date(BEGIN)
    # A total covers the days before its own.
    total = partial(shipment, day + timedelta(days=1), kind=ReportKind.CUMULATIVE, shipped_on=day)
    covered = first.lines[0][1] if first and first.lines else 1
    samples: Mapping[str, tuple[Body, ...]] = {
        "accept_conditions": (AcceptConditions(),),
        # Covered by what is on file, of the day of the issue; and, if there is room, all that is left.
        "report_shipment": (
            ReportShipment(shipment=total((1, covered, 1), number=9)),
            *((ReportShipment(shipment=total(*ALL, number=10)),) if not closed_or_held else ()),
        ),
        "correct_shipment": (
            CorrectShipment(itn=first.itn if first else itn(day), reasons="It never left."),
            CorrectShipment(
                itn=first.itn if first else itn(day),
                shipment=shipment(day, *_left(state), number=int(first.itn[9:]) if first else 1),
                reasons="It was all that was left.",
            ),
        ),
        "request_transfer": (TRANSFER,),
        "accept_transfer": (ACCEPT,),
        "approve_transfer": (ApproveTransfer(), ApproveTransfer(reasons="Both agree.")),
        "refuse_transfer": (RefuseTransfer(reasons="The transferee is not in the United States."),),
        "suspend": (SUSPEND,),
        "reinstate": (Reinstate(reasons="Nothing was found."),),
        "revoke": (REVOKE, Revoke(reasons="Diversion.")),
        "void": (VOID,),
        "replace": (REPLACE,),
        "resolve_listing": (
            DENIED,
            DENIED.model_copy(update={"verdict": Verdict.TRUE_MATCH, "reason": "The same registry number."}),
        ),
        "note_license_flip": (NOTED,),
        "confirm_listing": (ConfirmListing(party=1), ConfirmListing(party=1, listing=ALIKE.listing, days=30)),
    }
    return samples[name]

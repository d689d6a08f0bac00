"""Licenses lived through at random: whatever anybody sends whenever, the law holds.

Two copies of each license are led side by side. Both get the same commands at the same instants; one of them
is also looked at in between. What must hold is read off the events, and not off the state that the law keeps.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Code, Refusal
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import (
    AcceptConditions,
    ApproveTransfer,
    CorrectShipment,
    RefuseTransfer,
    Reinstate,
    ReportShipment,
)
from greenlight.law.license.events import (
    ConditionsAccepted,
    LicenseExpired,
    LicenseReinstated,
    LicenseReplaced,
    LicenseRevoked,
    LicenseSuspended,
    LicenseVoided,
    ShipmentCorrected,
    ShipmentReported,
    TransferAccepted,
    TransferApproved,
    TransferRequested,
)
from greenlight.law.license.state import LicenseState, Stage
from greenlight.law.license.transitions import TRANSITIONS
from greenlight.law.license.usage import ReportKind, Shipment, itn_day
from tests.kernel.time.samples import INSTANTS
from tests.law import actors
from tests.law.license.cases import (
    ACCEPT,
    DENIED,
    POSSIBLE,
    REPLACE,
    REVOKE,
    SUSPEND,
    TRANSFER,
    VOID,
    issued,
    shipment,
)

DECISIONS = st.sampled_from(
    [
        AcceptConditions(),
        TRANSFER,
        ACCEPT,
        ApproveTransfer(),
        RefuseTransfer(reasons="No."),
        SUSPEND,
        Reinstate(reasons="Nothing was found."),
        DENIED,
    ]
)
ENDS = st.sampled_from([REVOKE, VOID, REPLACE])
ANYBODY = st.none() | st.none() | st.sampled_from(actors.EVERYONE)
LINES = st.lists(
    st.tuples(st.integers(1, 2), st.integers(1, 6), st.integers(1, 80_000_00)),
    min_size=1,
    max_size=2,
    unique_by=lambda line: line[0],
)
FULL = st.just([(1, 10, 100_000_00), (2, 10, 100_000_00)])
DAYS_AGO = st.integers(-1, 12)
OFFICIAL = {
    **dict.fromkeys(("approve_transfer", "refuse_transfer", "suspend", "reinstate"), Role.LICENSING_OFFICER),
    **dict.fromkeys(("revoke", "void"), Role.EXECUTIVE),
    "replace": Role.LICENSING_OFFICER,
    **dict.fromkeys(("resolve_listing", "confirm_listing", "note_license_flip"), Role.LICENSING_OFFICER),
}


class Licenses(RuleBasedStateMachine):
    @initialize(at=INSTANTS, conditions=st.sampled_from([(), ("No resale.",)]))
    def begin(self, at: datetime, conditions: tuple[str, ...]) -> None:
        self.led = self.watched = issued(*conditions, at=at)
        self.read_back: LicenseState | None = None
        self._read_back(self.led.events)

    @rule(days=st.integers(0, 30) | st.integers(0, 500), look=st.floats(min_value=0, max_value=1))
    def time_passes(self, days: int, look: float) -> None:
        start, wait = self.led.now, timedelta(days=days)
        self.watched = self.watched.at(start + wait * look).advanced().at(start + wait)
        self.led = self.led.at(start + wait)

    @rule(early=st.sampled_from([timedelta(0), timedelta(microseconds=1)]))
    def time_passes_until_the_expiry(self, early: timedelta) -> None:
        due = end_of_day(self.led.opened.valid_through) - early
        self.led = self.led.at(max(due, self.led.now))
        self.watched = self.watched.at(self.led.now).advanced()

    @rule(body=DECISIONS, by=ANYBODY)
    def anyone_decides(self, body: Body, by: Actor | None) -> None:
        self._send(body, by)

    @precondition(lambda self: not self.led.opened.stage.closed and not self.led.opened.listed)
    @rule()
    def a_list_may_have_a_party(self) -> None:
        before = len(self.led.events)
        led, watched = self.led.advanced(), self.watched.advanced()
        if not led.opened.stage.closed:
            led, watched = led.found(POSSIBLE), watched.found(POSSIBLE)
        self.led, self.watched = led, watched
        self._read_back(self.led.events[before:])
        self._check()

    @precondition(lambda self: len(self.led.events) > 6)
    @rule(body=ENDS, by=ANYBODY)
    def anyone_ends_it(self, body: Body, by: Actor | None) -> None:
        self._send(body, by)

    @rule(
        itn_ago=DAYS_AGO,
        shipped_ago=DAYS_AGO,
        number=st.integers(1, 2),
        lines=LINES | FULL,
        kind=st.sampled_from(ReportKind),
        by=ANYBODY,
        correct=st.booleans(),
    )
    def anyone_reports(
        self,
        itn_ago: int,
        shipped_ago: int,
        number: int,
        lines: list[tuple[int, int, int]],
        kind: ReportKind,
        by: Actor | None,
        correct: bool,
    ) -> None:
        day = self.led.today - timedelta(days=itn_ago)
        ago = max(itn_ago, shipped_ago) if kind is ReportKind.CUMULATIVE else shipped_ago
        sent = shipment(
            day, *lines, number=number, kind=kind, shipped_on=self.led.today - timedelta(days=ago)
        )
        correction = CorrectShipment(itn=sent.itn, shipment=sent, reasons="A slip of the pen.")
        self._send(correction if correct else ReportShipment(shipment=sent), by)

    @precondition(lambda self: self._in_force())
    @rule(which=st.integers(0, 9), lines=st.none() | LINES)
    def a_report_is_corrected(self, which: int, lines: list[tuple[int, int, int]] | None) -> None:
        earlier = sorted(self._in_force().items())[which % len(self._in_force())][1]
        anew = earlier.model_copy(update={"lines": shipment(self.led.today, *lines).lines} if lines else {})
        self._send(
            CorrectShipment(itn=earlier.itn, shipment=anew if lines else None, reasons="It was less."), None
        )

    def _send(self, body: Body, by: Actor | None) -> None:
        led, watched = self.led.advanced(), self.watched.advanced()
        assert led == watched, "it matters when a license is looked at"
        command = led.command(body, by)
        stage, decision = led.opened.stage, led.decides(command)
        events = () if isinstance(decision, Refusal | Need) else decision
        if events:
            assert command.by is not None
            self._check_sender(command.name, command.by)
            if isinstance(body, ReportShipment | CorrectShipment) and body.shipment:
                self._check_day(body.shipment)
        self._read_back(led.events[len(self.led.events) :] + events)
        self.led, self.watched = led.with_events(*events), watched.with_events(*events)
        cell = TRANSITIONS[stage][command.name]
        if isinstance(cell, Code):
            assert not events
        elif events:
            assert self.led.opened.stage in cell
        self._check()

    def _check_sender(self, name: str, by: Actor) -> None:
        approved = [event for event in self.led.events if isinstance(event, TransferApproved)]
        licensees = ["example-networks", *(event.transferee for event in approved)]
        if name in OFFICIAL:
            acting = {
                sender.person
                for event in self.led.events
                if isinstance(sender := getattr(event, "by", None), Actor) and sender.role is Role.APPLICANT
            }
            assert by.role is OFFICIAL[name]
            assert by.organisation not in licensees
            assert by.person not in acting
            if name == "approve_transfer":
                last = next(e for e in reversed(self.led.events) if isinstance(e, TransferRequested))
                after = self.led.events[self.led.events.index(last) :]
                assert any(isinstance(event, TransferAccepted) for event in after), "nobody accepted it"
        elif name == "accept_transfer":
            assert (by.role, by.organisation) == (Role.APPLICANT, TRANSFER.transferee)
        else:
            assert (by.role, by.organisation) == (Role.APPLICANT, licensees[-1])

    def _check_day(self, sent: Shipment) -> None:
        """Shipped on a day on which the license could be used in part at least, found hour by hour."""
        state = self.led.opened
        first = max(e.at for e in self.led.events[:1] + self._of(ConditionsAccepted))
        assert not state.conditions or self._of(ConditionsAccepted)
        ends = [agency_date(e.at) for e in self._of(LicenseRevoked, LicenseVoided, LicenseReplaced)]
        assert agency_date(state.issued_at) <= itn_day(sent.itn), "filed before the issue"
        assert agency_date(first) <= sent.shipped_on <= min([state.valid_through, self.led.today, *ends])
        held_since: date | None = None
        for event in self._of(LicenseSuspended, LicenseReinstated):
            if isinstance(event, LicenseSuspended):
                held_since = agency_date(event.at)
            else:
                assert held_since is not None
                assert not held_since < sent.shipped_on < agency_date(event.at)
                held_since = None
        assert held_since is None or sent.shipped_on <= held_since

    def _of(self, *kinds: type[Event]) -> tuple[Event, ...]:
        return tuple(event for event in self.led.events if isinstance(event, kinds))

    def _in_force(self) -> Mapping[str, Shipment]:
        """The latest word on each ITN."""
        reports: dict[str, Shipment] = {}
        for event in self._of(ShipmentReported, ShipmentCorrected):
            if isinstance(event, ShipmentReported):
                assert event.shipment.itn not in reports, "an ITN counts once"
                reports[event.shipment.itn] = event.shipment
            elif isinstance(event, ShipmentCorrected):
                reports.pop(event.itn, None)
                if event.shipment:
                    reports[event.itn] = event.shipment
        return reports

    def _total(self, line: int) -> tuple[int, int]:
        """Of all totals with the singles from their days on, and of all singles, the most."""
        said = [
            (report.kind, report.itn[1:9], part.quantity, part.value.minor_units)
            for report in self._in_force().values()
            for part in report.lines
            if part.line == line
        ]
        totals = [("", 0, 0)] + [(day, q, v) for kind, day, q, v in said if kind is ReportKind.CUMULATIVE]
        later = [
            (
                quantity + sum(q for kind, at, q, _ in said if kind is ReportKind.SINGLE and at >= day),
                value + sum(v for kind, at, _, v in said if kind is ReportKind.SINGLE and at >= day),
            )
            for day, quantity, value in totals
        ]
        return max(q for q, _ in later), max(v for _, v in later)

    def _read_back(self, events: tuple[Event, ...]) -> None:
        for event in events:
            self.read_back = LICENSE.apply(self.read_back, LICENSE.read(event.record()))

    def _check(self) -> None:
        state = self.led.opened
        assert state == self.read_back, "the records do not add up to the state"
        assert LicenseState.model_validate_json(state.model_dump_json(), strict=True) == state
        self._check_usage(state)
        assert len(self._of(TransferApproved)) <= 1
        assert len(self._of(ConditionsAccepted)) <= len(state.conditions)
        due = end_of_day(state.valid_through)
        ends = self._of(LicenseRevoked, LicenseVoided, LicenseReplaced)
        before = [event for event in ends if event.at < due]
        assert [e.at for e in self._of(LicenseExpired)] == (
            [due] if due <= self.led.now and not before else []
        )
        assert len(ends) <= 1 + bool(self._of(LicenseVoided))
        assert state.stage.closed == bool(ends or self._of(LicenseExpired))

    def _check_usage(self, state: LicenseState) -> None:
        full = True
        for item in state.items:
            quantity, value = self._total(item.line)
            assert self.led.used.get(item.line, (0, 0)) == (quantity, value)
            assert quantity <= item.quantity
            assert value * 10 <= item.value.minor_units * 11
            full = full and quantity == item.quantity
        if state.stage in {Stage.ACTIVE, Stage.EXHAUSTED}:
            assert (state.stage is Stage.EXHAUSTED) == full


Licenses.TestCase.settings = settings(
    deadline=None, max_examples=60, stateful_step_count=30, report_multiple_bugs=False
)
TestLicenses = Licenses.TestCase

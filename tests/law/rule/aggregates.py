"""Acts of made-up rules around today, and the life of one that the law alone lives."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import agency_date, start_of_day
from greenlight.law.rule.acts import Act, ActKind, Affiliates, Certainty, GeneralLicense, Governed
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.commands import (
    AttestAct,
    ConfirmAttestation,
    DiscardAttestation,
    OpenRule,
    TakeBackAttestation,
)
from greenlight.law.rule.state import RuleState, Stage
from tests.law.actors import OFFICER, OTHER_OFFICER
from tests.law.decisions import accepted

DAY = timedelta(days=1)


def today() -> date:
    return agency_date(datetime.now(UTC))


def _act(kind: ActKind, citation: str, effective: date | None = None, through: date | None = None) -> Act:
    return Act(
        kind=kind,
        citation=citation,
        effective=start_of_day(effective or today() - 42 * DAY),
        valid_through=through,
        certainty=Certainty.PRIMARY,
        text="As printed.",
    )


def adoption() -> Act:
    return _act(ActKind.ADOPTED, "90 FR 47201")


def suspension(*, effective: date | None = None, through: date, citation: str = "90 FR 50857") -> Act:
    return _act(ActKind.SUSPENDED, citation, effective or today(), through)


def withdrawal() -> Act:
    return _act(ActKind.WITHDRAWN, "91 FR 9", today() - DAY)


OF_NOBODY = GeneralLicense(rule="nobodys", countries=frozenset({"FR"}), otherwise="Nobody else.")
"""The matter of a rule by which nothing is answered, of which a log may have any number."""


def opening_of(*acts: Act, governs: Governed | None = None) -> OpenRule:
    """``governs``: affiliates, if nothing else; of those there is one rule, under its own key."""
    return OpenRule(title="Affiliates Rule", governs=governs or Affiliates(), acts=acts)


NAMES: Mapping[type[Body], str] = {
    OpenRule: "open_rule",
    AttestAct: "attest_act",
    TakeBackAttestation: "take_back_attestation",
    ConfirmAttestation: "confirm_attestation",
    DiscardAttestation: "discard_attestation",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule with all its events, at an instant."""

    now: datetime
    state: RuleState | None = None
    events: tuple[Event, ...] = ()
    key: str = "affiliates"

    def asked(self, body: Body, *, second: bool = False) -> Decision:
        """Of the officer who attests, or of the ``second`` one."""
        digest = RULE.dossier_digest(self.state) if self.state and body.declared.decision else None
        by = OTHER_OFFICER if second else OFFICER
        command = Command(key=self.key, body=body, by=by, dossier=digest)
        return RULE.decide(self.state, command, self.now)

    def after(self, body: Body, *, second: bool = False) -> "Kept":
        return self.with_events(*accepted(self.asked(body, second=second)))

    def with_events(self, *events: Event) -> "Kept":
        return replace(self, state=RULE.folded(self.state, events), events=(*self.events, *events))

    def confirmed(self) -> "Kept":
        assert self.state is not None, "it was opened"
        assert self.state.held is not None, "something waits"
        return self.after(ConfirmAttestation(number=self.state.held.number), second=True)

    def at(self, now: datetime) -> "Kept":
        """Time passes."""
        return replace(self, now=now).with_events(*RULE.advance(self.state, now))

    @property
    def stage(self) -> Stage | None:
        return self.state.stage if self.state else None


NOW = datetime(2025, 12, 1, 15, tzinfo=UTC)
LAST_DAY = date(2026, 11, 9)


def of_2025() -> Kept:
    """The rule of 2025 as it was attested on 1 December: adopted, and suspended through 9 November 2026."""
    adopted = _act(ActKind.ADOPTED, "90 FR 47201", date(2025, 9, 29))
    suspended = suspension(effective=date(2025, 11, 10), through=LAST_DAY)
    return Kept(NOW).after(opening_of(adopted, suspended))

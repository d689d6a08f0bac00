"""What was done with a case, and what follows from it, reckoned a second time.

In terms of who did what when, and not of the state that the law itself keeps.
"""

from dataclasses import dataclass, field
from datetime import datetime

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.holds import Hold
from greenlight.law.application.commands import (
    Answer,
    Countersign,
    DecideAppeal,
    LiftHold,
    PlaceHold,
    Recommend,
    Reconsider,
    RecordScreening,
    RequestInformation,
    Respond,
    SignOff,
    Submit,
)
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.dispute.language import Forum
from greenlight.law.application.dossier import Parties, Screening, Submission
from greenlight.law.application.events import DisputeEscalated
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.screening.resolution import MatchResolved
from tests.kernel.time.samples import hold, walked
from tests.law.decisions import Told

APPLICANTS = {"submit", "answer", "withdraw", "respond", "appeal", "request_expedite"}


def screening_told(command: Command[Body]) -> Screening | None:
    """What the command was told of the parties that it brings."""
    found = command.facts.by_type.get(ScreeningOf) if isinstance(command.facts, Told) else None
    return found if isinstance(found, Screening) else None


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted command, when it came and what it led to."""

    command: Command[Body]
    at: datetime
    events: tuple[Event, ...]

    @property
    def by(self) -> Actor:
        assert self.command.by is not None, f"{self.command.name} was accepted from nobody"
        return self.command.by


@dataclass(slots=True)
class History:
    """What was accepted, oldest first, and the rules told of it."""

    entries: list[Accepted] = field(default_factory=list[Accepted])
    attempts: list[Actor] = field(default_factory=list[Actor])
    """Who sent what was refused, once there was a case."""

    def named(self, *names: str) -> list[Accepted]:
        return [entry for entry in self.entries if entry.command.name in names]

    @property
    def submitted(self) -> Accepted:
        return self.entries[0]

    @property
    def application(self) -> Submission:
        body = self.submitted.command.body
        assert isinstance(body, Submit)
        return body.application

    @property
    def parties(self) -> Parties:
        """Of the last answer that replaced them, or as submitted."""
        bodies = [entry.command.body for entry in self.named("answer")]
        replaced = [body.parties for body in bodies if isinstance(body, Answer) and body.parties]
        return replaced[-1] if replaced else self.application.parties

    @property
    def screening(self) -> Screening | None:
        """The last one of the parties as they are."""
        found: Screening | None = None
        for entry in self.entries:
            match entry.command.body:
                case RecordScreening(screening=screening):
                    found = screening
                case Submit(application=Submission(parties=parties)) | Answer(parties=parties) if parties:
                    found = screening_told(entry.command)
                    if found is not None and len(found.findings) != len(parties):
                        found = None
                case _:
                    pass
        return found

    def said(self, screening: Screening, entries: list[Accepted] | None = None) -> dict[int, bool | None]:
        """Whether each party is listed, by the last word that was said of it; None: that is open."""
        words: dict[str | None, bool] = {}
        for entry in self.entries if entries is None else entries:
            for event in entry.events:
                if isinstance(event, MatchResolved):
                    words[event.pair] = event.verdict is Verdict.TRUE_MATCH
        found: dict[int, bool | None] = {}
        for finding in screening.findings:
            first = {"listed": True, "no_match": False}.get(finding.outcome)
            for match in finding.matches:
                first = words.get(match.pair, first)
            found[finding.party] = first
        return found

    @property
    def standing(self) -> list[Accepted]:
        """The last recommendation and what was said of it, without those that were sent back."""
        chain: list[Accepted] = []
        for place, entry in enumerate(self.entries):
            match entry.command.body:
                case RecordScreening(screening=found) if (
                    None in self.said(found, self.entries[:place]).values()
                ):
                    chain = []
                case Countersign(agrees=False) | SignOff(approves=False) | Reconsider():
                    chain = []
                case Respond(accepts_modifications=True) | DecideAppeal(upholds=False):
                    chain = []
                case Recommend() | Countersign() | SignOff():
                    chain.append(entry)
                case _:
                    pass
        return chain

    def acted_for_applicant(self) -> set[str]:
        ours = self.submitted.by.organisation
        attempts = (by for by in self.attempts if (by.role, by.organisation) == (Role.APPLICANT, ours))
        return {entry.by.person for entry in self.named(*APPLICANTS)} | {by.person for by in attempts}

    def due(self, days: int) -> datetime | None:
        """When a period that runs from the submission ends, by walking the calendar."""
        return walked(self.submitted.at, days, self.holds)

    @property
    def holds(self) -> list[Hold]:
        """Of the case itself; what an agency waits for is held by that agency's clock alone."""
        holds: list[Hold] = []
        asked = 0
        for entry in self.entries:
            match entry.command.body:
                case RequestInformation():
                    asked = len(holds)
                    holds.append(hold(entry.at, None))
                case PlaceHold():
                    holds.append(hold(entry.at, None))
                case Answer(agency=None):
                    holds[asked] = hold(holds[asked].placed_at, entry.at)
                case LiftHold(hold=number):
                    holds[number - 1] = hold(holds[number - 1].placed_at, entry.at)
                case _:
                    pass
        return holds

    def overdue(self, now: datetime, closed_at: datetime | None) -> dict[str, datetime]:
        """The deadlines that came by ``now`` before their action, each with its instant."""
        acted = [entry.at for entry in self.named("request_information", "refer")[:1]]
        before = [h for h in self.holds if not acted or h.placed_at < acted[0]]
        # What came after the initial action is no part of that period.
        initial = walked(self.submitted.at, 9, [_as_of(h, acted) for h in before])
        # The decision to deny resolves an application; what follows has periods of its own.
        noticed = [e.at for entry in self.entries for e in entry.events if isinstance(e, IntentToDenyIssued)]
        ends = [*noticed[:1], *([closed_at] if closed_at else [])]
        referred = [
            entry.at
            for entry in self.named("escalate")
            for event in entry.events
            if isinstance(event, DisputeEscalated) and event.forum is Forum.PRESIDENT
        ]
        came = {
            "initial_action": (initial, [*acted, *ends]),
            "resolution": (self.due(90), [*referred, *ends]),
        }
        return {
            kind: due
            for kind, (due, actions) in came.items()
            if due is not None and due <= now and not any(action < due for action in actions)
        }


def _as_of(held: Hold, instants: list[datetime]) -> Hold:
    """A hold as it stood at the first of ``instants``, if there is one."""
    lifted = held.lifted_at is not None and (not instants or held.lifted_at <= instants[0])
    return hold(held.placed_at, held.lifted_at if lifted else None)

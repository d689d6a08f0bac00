"""Directives at every stage, made the way real ones are: by commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import (
    COMMANDS,
    INTERNAL,
    AttestEvent,
    BeginFanOut,
    IssueDirective,
    RecordProgress,
    RecordSuperseded,
    RescindDirective,
    ResumeFanOut,
    RetryFanOut,
    StopFanOut,
    WithdrawAttestation,
)
from greenlight.law.directive.fan_out import MAX_ROUNDS
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.directive.state import DirectiveState, Stage, dossier_digest
from tests.law.actors import OFFICER
from tests.law.application.directives import AUTHOR
from tests.law.decisions import accepted

DECISIONS = decisions(COMMANDS)

BEGIN = datetime(2019, 10, 10, 14, 0, tzinfo=UTC)
KEY = "order-1"
LATER = BEGIN + timedelta(days=3)
EXPIRES = BEGIN + timedelta(days=30)

NAME_OF: Mapping[type[Body], str] = {body: name for name, body in (*COMMANDS.items(), *INTERNAL.items())}
SENDER: Mapping[type[Body], Actor | None] = {
    IssueDirective: AUTHOR,
    AttestEvent: OFFICER,
    WithdrawAttestation: OFFICER,
    RescindDirective: AUTHOR,
    StopFanOut: OFFICER,
    ResumeFanOut: OFFICER,
    RetryFanOut: OFFICER,
    BeginFanOut: None,
    RecordProgress: None,
    RecordSuperseded: None,
}
"""Who usually sends a command."""

ISSUE = IssueDirective(
    title="Nonsensitive items",
    scope=Scope(),
    posture=Posture.CASE_BY_CASE,
    citation="Order of 2019-10-10",
    reasons="A green light for some approvals.",
)
ATTEST = AttestEvent(statement="They met in Osaka.", source="A communiqué")
WITHDRAW = WithdrawAttestation(reasons="The talks broke down.")
RESCIND = RescindDirective(reasons="Not needed any more.")
FAILED = "application-Z000009"


def issue(**changes: object) -> IssueDirective:
    return ISSUE.model_copy(update=changes)


def progress(
    fan_out: int = 1,
    *,
    cursor: str | None = "Z000050",
    last: bool = False,
    left: int = 50,
    failed: tuple[str, ...] = (),
    batch: int = 1,
) -> RecordProgress:
    return RecordProgress(
        fan_out=fan_out,
        batch=batch,
        cursor=cursor,
        last=last,
        routes={"leave": left},
        out_of_scope=0,
        failed=failed,
    )


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive at an instant, with the events that made it."""

    state: DirectiveState | None = None
    now: datetime = BEGIN
    events: tuple[Event, ...] = ()

    @property
    def opened(self) -> DirectiveState:
        assert self.state is not None, "the directive does not exist yet"
        return self.state

    def later(self, *, days: float = 0) -> "Directive":
        return replace(self, now=self.now + timedelta(days=days))

    def with_events(self, *events: Event) -> "Directive":
        state = self.state
        for event in events:
            state = DIRECTIVE.apply(state, event)
        return replace(self, state=state, events=(*self.events, *events))

    def advanced(self) -> "Directive":
        """With every deadline on record that is due."""
        return self.with_events(*DIRECTIVE.advance(self.state, self.now))

    def command(self, body: Body, by: Actor | None = None) -> Command[Body]:
        name = NAME_OF[type(body)]
        dossier = dossier_digest(self.state) if self.state and name in DECISIONS else None
        return Command(key=KEY, body=body, by=by or SENDER[type(body)], dossier=dossier)

    def next_batch(
        self, *, cursor: str | None, left: int, last: bool = False, failed: tuple[str, ...] = ()
    ) -> RecordProgress:
        """Progress by the batch that comes after those on record."""
        done = self.opened.fan_out.batches if self.opened.fan_out else 0
        return progress(cursor=cursor, left=left, last=last, failed=failed, batch=done + 1)

    def asked(self, body: Body, by: Actor | None = None) -> Decision:
        """The decision on a command, which changes nothing yet."""
        directive = self.advanced()
        return DIRECTIVE.decide(directive.state, directive.command(body, by), directive.now)

    def after(self, body: Body, by: Actor | None = None) -> "Directive":
        """The directive after a command that must be accepted."""
        return self.advanced().with_events(*accepted(self.asked(body, by)))


def issued(**changes: object) -> Directive:
    return Directive().after(issue(**changes))


def conditional(**changes: object) -> Directive:
    return issued(condition="The talks go well", **changes)


def fanning_out(pending: int = 120) -> Directive:
    return issued().after(BeginFanOut(pending=pending))


def failing() -> Directive:
    return fanning_out().after(progress(last=True, failed=(FAILED,)))


def given_up() -> Directive:
    directive = failing()
    for _ in range(MAX_ROUNDS):
        directive = directive.after(directive.next_batch(cursor=None, left=0, failed=(FAILED,)))
    return directive


Story = Callable[[], Directive]

CASES: Mapping[Stage | None, Mapping[str, Story]] = {
    None: {"none": Directive},
    Stage.ISSUED: {
        "for later": lambda: issued(effective=LATER),
        "for later, and over one day": lambda: issued(effective=LATER, expires=EXPIRES),
        "attested before its time": lambda: conditional(effective=LATER).after(ATTEST),
    },
    Stage.AWAITING_EVENT: {
        "not attested": conditional,
        "not attested before its time": lambda: conditional(effective=LATER, expires=EXPIRES),
        "withdrawn": lambda: conditional().after(ATTEST).after(WITHDRAW),
    },
    Stage.IN_FORCE: {
        "at once": issued,
        "attested": lambda: conditional().after(ATTEST),
        "by time": lambda: issued(effective=LATER, expires=EXPIRES).later(days=3).advanced(),
        "fanning out": fanning_out,
        "stopped": lambda: fanning_out().after(progress()).after(StopFanOut()),
        "with a failed one": failing,
        "with one given up": given_up,
        "gone through": lambda: fanning_out().after(progress(last=True)),
    },
    Stage.EXPIRED: {"by time": lambda: issued(expires=EXPIRES).later(days=30).advanced()},
    Stage.RESCINDED: {"in force": lambda: issued().after(RESCIND)},
    Stage.SUPERSEDED: {"in force": lambda: issued().after(RecordSuperseded(by_directive="order-2"))},
}
"""For every stage, stories of directives that are at it."""


def bodies(name: str, directive: Directive) -> tuple[Body, ...]:
    """Bodies of the command ``name``, some of which the law has nothing against where it takes it at all."""
    now = directive.now
    samples: Mapping[str, tuple[Body, ...]] = {
        "issue_directive": (
            ISSUE,
            issue(effective=now + timedelta(days=1)),
            issue(condition="The talks go well"),
            issue(expires=now),
        ),
        "attest_event": (ATTEST,),
        "withdraw_attestation": (WITHDRAW,),
        "rescind_directive": (RESCIND,),
        "stop_fan_out": (StopFanOut(),),
        "resume_fan_out": (ResumeFanOut(),),
        "retry_fan_out": (RetryFanOut(),),
        "begin_fan_out": (BeginFanOut(pending=10),),
        "record_progress": (progress(), progress(last=True), progress(2)),
        "record_superseded": (RecordSuperseded(by_directive="order-2"),),
    }
    return samples[name]

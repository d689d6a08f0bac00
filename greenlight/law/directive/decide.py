"""Decide what a directive's commands mean, or why they are refused."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.directive.commands import (
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
from greenlight.law.directive.events import (
    AttestationWithdrawn,
    DirectiveCameInForce,
    DirectiveIssued,
    DirectiveRescinded,
    DirectiveSuperseded,
    EventAttested,
    FanOutBegun,
    FanOutCompleted,
    FanOutProgressed,
    FanOutResumed,
    FanOutRetried,
    FanOutStopped,
)
from greenlight.law.directive.fan_out import MAX_ROUNDS, fan_out_after
from greenlight.law.directive.refusals import DirectiveRefusal
from greenlight.law.directive.state import DirectiveState


def rule(state: DirectiveState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``."""
    if state is None:
        assert isinstance(command.body, IssueDirective), "nothing else begins a directive"
        return _issue(command.key, command.body, command.sender, now)
    return _outcome(state, command, now)


def barred(state: DirectiveState, name: str, by: Actor) -> Refusal | None:
    """Keep whoever issued a directive from attesting the event that it waits for."""
    if name in {"attest_event", "withdraw_attestation"} and by.person == state.issued_by.person:
        return Refusal(DirectiveRefusal.OWN_DIRECTIVE, DirectiveRefusal.OWN_DIRECTIVE.meaning)
    return None


def _issue(key: str, body: IssueDirective, by: Actor, now: datetime) -> Ruling:
    effective = max(body.effective or now, now)
    if body.expires is not None and body.expires <= effective:
        return Refusal(RefusalCode.TOO_LATE, "the directive would be over before it begins")
    if body.supersedes == key:
        return Refusal(RefusalCode.MALFORMED, "supersedes: a directive cannot supersede itself")
    issued = DirectiveIssued(
        at=now,
        by=by,
        key=key,
        title=body.title,
        scope=body.scope,
        posture=body.posture,
        effective=effective,
        expires=body.expires,
        supersedes=body.supersedes,
        condition=body.condition,
        citation=body.citation,
        reasons=body.reasons,
        ground=body.ground,
    )
    if body.condition is None and effective <= now:
        return (issued, DirectiveCameInForce(at=now))
    return (issued,)


def _outcome(state: DirectiveState, command: Command[Body], now: datetime) -> Ruling:
    match command.body:
        case AttestEvent(statement=statement, source=source):
            attested = EventAttested(at=now, by=command.sender, statement=statement, source=source)
            in_force = (DirectiveCameInForce(at=now),) if state.effective <= now else ()
            return (attested, *in_force)
        case WithdrawAttestation(reasons=reasons):
            if state.attestation is None:
                return Refusal(DirectiveRefusal.NOT_ATTESTED, DirectiveRefusal.NOT_ATTESTED.meaning)
            return (AttestationWithdrawn(at=now, by=command.sender, reasons=reasons),)
        case RescindDirective(reasons=reasons):
            return (DirectiveRescinded(at=now, by=command.sender, reasons=reasons),)
        case RecordSuperseded(by_directive=other):
            return (DirectiveSuperseded(at=now, by_directive=other),)
        case BeginFanOut(pending=pending):
            if not state.fan_out_due:
                return _no_fan_out("there is none to begin")
            return (FanOutBegun(at=now, number=state.times, pending=pending),)
        case RecordProgress() as body:
            return _progress(state, body, now)
        case StopFanOut() | ResumeFanOut() | RetryFanOut() as body:
            return _steer(state, body, command.sender, now)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _steer(
    state: DirectiveState, body: StopFanOut | ResumeFanOut | RetryFanOut, by: Actor, now: datetime
) -> Ruling:
    going_on, last = state.fanning_out, state.fan_out
    match body:
        case StopFanOut(reasons=reasons):
            if going_on is None or going_on.stopped:
                return _no_fan_out("none goes on")
            return (FanOutStopped(at=now, by=by, reasons=reasons),)
        case ResumeFanOut():
            if going_on is None or not going_on.stopped:
                return _no_fan_out("none is stopped")
            return (FanOutResumed(at=now, by=by),)
        case RetryFanOut():
            if last is None or not (last.completed and last.failed) or state.fan_out_due:
                return _no_fan_out("none was completed with cases that could not be reached")
            return (FanOutRetried(at=now, by=by),)


def _progress(state: DirectiveState, body: RecordProgress, now: datetime) -> Ruling:
    """Record what came of a batch, even if the fan-out was stopped while the batch was on its way."""
    going_on = state.fanning_out
    if going_on is None or going_on.number != body.fan_out:
        return _no_fan_out("none of that number goes on")
    if body.batch != going_on.batches + 1:
        # The service was cut off before it heard that it is on record, and says it again.
        return _no_fan_out(f"batch {body.batch} is not the next one")
    progressed = FanOutProgressed(
        at=now,
        number=body.fan_out,
        cursor=body.cursor,
        last=body.last,
        routes=body.routes,
        out_of_scope=body.out_of_scope,
        failed=body.failed,
    )
    after = fan_out_after(going_on, progressed)
    events: tuple[Event, ...] = (progressed,)
    if after.swept and (not after.failed or after.rounds >= MAX_ROUNDS):
        events = (progressed, FanOutCompleted(at=now, number=body.fan_out, failed=after.failed))
    return events


def _no_fan_out(problem: str) -> Refusal:
    return Refusal(DirectiveRefusal.NO_FAN_OUT, f"fan-out: {problem}")

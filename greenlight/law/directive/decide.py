"""What a directive's commands mean, or why they are refused."""

from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body, role_objection
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
from greenlight.law.directive.state import DirectiveState, dossier_digest
from greenlight.law.directive.transitions import TRANSITIONS


def decide(state: DirectiveState | None, command: Command[Body], now: datetime) -> Decision:
    """Decide a command at ``now``. Every deadline due by then must have been recorded before.

    The order of refusals is fixed: the stage, the persons, the dossier, then the matter itself.
    """
    cell = TRANSITIONS[state.stage if state else None][command.name]
    if isinstance(cell, RefusalCode):
        return Refusal(cell, f"{command.name} is not possible: {cell.meaning}")
    if objection := role_objection(command.body.declared, command.by.role if command.by else None):
        return objection
    if state is None:
        assert isinstance(command.body, IssueDirective), "nothing else begins a directive"
        return _issue(command.key, command.body, _sender(command), now)
    own = {"attest_event", "withdraw_attestation"}
    if command.name in own and _sender(command).person == state.issued_by.person:
        return Refusal(RefusalCode.OWN_DIRECTIVE, RefusalCode.OWN_DIRECTIVE.meaning)
    if command.body.declared.decision:
        if command.dossier is None:
            return Refusal(RefusalCode.DOSSIER_MISSING, f"{command.name} must name the dossier's digest")
        if command.dossier != dossier_digest(state):
            return Refusal(RefusalCode.DOSSIER_CHANGED, "the dossier is not the one that was signed")
    return _outcome(state, command, now)


def _issue(key: str, body: IssueDirective, by: Actor, now: datetime) -> Decision:
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
    )
    if body.condition is None and effective <= now:
        return (issued, DirectiveCameInForce(at=now))
    return (issued,)


def _outcome(state: DirectiveState, command: Command[Body], now: datetime) -> Decision:
    match command.body:
        case AttestEvent(statement=statement, source=source):
            attested = EventAttested(at=now, by=_sender(command), statement=statement, source=source)
            in_force = (DirectiveCameInForce(at=now),) if state.effective <= now else ()
            return (attested, *in_force)
        case WithdrawAttestation(reasons=reasons):
            if state.attestation is None:
                return Refusal(RefusalCode.NOT_ATTESTED, RefusalCode.NOT_ATTESTED.meaning)
            return (AttestationWithdrawn(at=now, by=_sender(command), reasons=reasons),)
        case RescindDirective(reasons=reasons):
            return (DirectiveRescinded(at=now, by=_sender(command), reasons=reasons),)
        case RecordSuperseded(by_directive=other):
            return (DirectiveSuperseded(at=now, by_directive=other),)
        case BeginFanOut(pending=pending):
            if not state.fan_out_due:
                return _no_fan_out("there is none to begin")
            return (FanOutBegun(at=now, number=state.times, pending=pending),)
        case RecordProgress() as body:
            return _progress(state, body, now)
        case StopFanOut() | ResumeFanOut() | RetryFanOut() as body:
            return _steer(state, body, _sender(command), now)
        case _:
            raise TypeError(f"{command.name} has no body {type(command.body).__name__}")


def _steer(
    state: DirectiveState, body: StopFanOut | ResumeFanOut | RetryFanOut, by: Actor, now: datetime
) -> Decision:
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


def _progress(state: DirectiveState, body: RecordProgress, now: datetime) -> Decision:
    """What was stopped while a batch was on its way is told of that batch all the same."""
    going_on = state.fanning_out
    if going_on is None or going_on.number != body.fan_out:
        return _no_fan_out("none of that number goes on")
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
    return Refusal(RefusalCode.NO_FAN_OUT, f"fan-out: {problem}")


def _sender(command: Command[Body]) -> Actor:
    return cast(Actor, command.by)

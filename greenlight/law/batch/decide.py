"""What a batch's commands mean, or why they are refused. Whether a case is decided, the case decides."""

import re
from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body, role_objection
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import IDENTIFIER_PATTERN
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.batch.commands import (
    Delivery,
    DiscardBatch,
    OpenBatch,
    SettleCases,
    SignBatch,
)
from greenlight.law.batch.events import (
    BatchCaseDecided,
    BatchCaseFellOut,
    BatchDelivered,
    BatchDiscarded,
    BatchOpened,
    BatchSigned,
)
from greenlight.law.batch.state import BatchState, dossier_digest
from greenlight.law.batch.transitions import TRANSITIONS


def decide(state: BatchState | None, command: Command[Body], now: datetime) -> Decision:
    """Decide a command at ``now``.

    The order of refusals is fixed: the stage, the role, the dossier, then the matter itself.
    """
    cell = TRANSITIONS[state.stage if state else None][command.name]
    if isinstance(cell, RefusalCode):
        return Refusal(cell, f"{command.name} is not possible: {cell.meaning}")
    if objection := role_objection(command.body.declared, command.by.role if command.by else None):
        return objection
    if state is None:
        return _open(command, now)
    if command.body.declared.decision:
        if command.dossier is None:
            return Refusal(RefusalCode.DOSSIER_MISSING, f"{command.name} must name the dossier's digest")
        if command.dossier != dossier_digest(state):
            return Refusal(RefusalCode.DOSSIER_CHANGED, "the dossier is not the one that was signed")
    match command.body:
        case SignBatch() as body:
            if (body.root, body.size) != (state.signed.root, state.signed.size):
                return Refusal(RefusalCode.ROOT_DIFFERS, RefusalCode.ROOT_DIFFERS.meaning)
            return (BatchSigned(at=now, by=_sender(command), signed=state.signed),)
        case DiscardBatch(reasons=reasons):
            return (BatchDiscarded(at=now, by=_sender(command), reasons=reasons),)
        case SettleCases(deliveries=deliveries):
            return _settle(state, deliveries, now)
        case _:
            raise TypeError(f"{command.name} has no body {type(command.body).__name__}")


def _open(command: Command[Body], now: datetime) -> Decision:
    body = cast(OpenBatch, command.body)
    if not re.fullmatch(IDENTIFIER_PATTERN, command.key):
        return Refusal(RefusalCode.MALFORMED, "a key is up to 64 of a-z, 0-9, dot, dash, underscore")
    return (BatchOpened(at=now, by=_sender(command), key=command.key, title=body.title, leaves=body.leaves),)


def _settle(state: BatchState, deliveries: tuple[Delivery, ...], now: datetime) -> Decision:
    """What is known already is not told again: the service may have been cut off and have asked twice."""
    left = set(state.left)
    events: list[Event] = []
    for delivery in deliveries:
        if delivery.case not in left:
            continue
        left.discard(delivery.case)
        events.append(_settled(delivery, now))
    if not events:
        return Refusal(RefusalCode.WRONG_STAGE, "all of that is on record")
    if not left:
        fell_out = len(state.fell_out) + sum(isinstance(event, BatchCaseFellOut) for event in events)
        decided = len(state.leaves) - fell_out
        events.append(BatchDelivered(at=now, decided=decided, fell_out=fell_out))
    return tuple(events)


def _settled(delivery: Delivery, now: datetime) -> Event:
    if delivery.code is None:
        return BatchCaseDecided(at=now, case=delivery.case, command_id=delivery.command_id)
    return BatchCaseFellOut(
        at=now,
        case=delivery.case,
        command_id=delivery.command_id,
        code=delivery.code,
        message=delivery.message or delivery.code,
    )


def _sender(command: Command[Body]) -> Actor:
    return cast(Actor, command.by)

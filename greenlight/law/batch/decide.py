"""Decide what a batch's commands mean, or why they are refused. Each case decides whether it is decided."""

import re
from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import IDENTIFIER_PATTERN
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.batch.commands import DiscardBatch, OpenBatch, SettleCases, SignBatch
from greenlight.law.batch.delivery import Delivery
from greenlight.law.batch.events import (
    BatchCaseDecided,
    BatchCaseFellOut,
    BatchDelivered,
    BatchDiscarded,
    BatchOpened,
    BatchSigned,
)
from greenlight.law.batch.refusals import BatchRefusal
from greenlight.law.batch.state import BatchState


def rule(state: BatchState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``."""
    if state is None:
        return _open(command, now)
    match command.body:
        case SignBatch() as body:
            if (body.root, body.size) != (state.signed.root, state.signed.size):
                return Refusal(BatchRefusal.ROOT_DIFFERS, BatchRefusal.ROOT_DIFFERS.meaning)
            return (BatchSigned(at=now, by=command.sender, signed=state.signed),)
        case DiscardBatch(reasons=reasons):
            return (BatchDiscarded(at=now, by=command.sender, reasons=reasons),)
        case SettleCases(deliveries=deliveries):
            return _settle(state, deliveries, now)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _open(command: Command[Body], now: datetime) -> Ruling:
    body = cast(OpenBatch, command.body)
    if not re.fullmatch(IDENTIFIER_PATTERN, command.key):
        return Refusal(RefusalCode.MALFORMED, "a key is up to 64 of a-z, 0-9, dot, dash, underscore")
    return (BatchOpened(at=now, by=command.sender, key=command.key, title=body.title, leaves=body.leaves),)


def _settle(state: BatchState, deliveries: tuple[Delivery, ...], now: datetime) -> Ruling:
    """Record only what is not known already: the service may have been cut off and have asked twice."""
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

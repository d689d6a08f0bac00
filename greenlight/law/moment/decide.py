"""Decide what a moment's commands mean, or why they are refused."""

from datetime import datetime

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.moment.commands import OpenMoment, RecordMoment
from greenlight.law.moment.events import MomentCame, MomentCompleted, MomentProgressed, OfficerTold
from greenlight.law.moment.state import MomentState, evolve, key_of


def rule(state: MomentState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``."""
    match command.body, state:
        case OpenMoment(instant=instant) as body, None:
            if instant > now or command.key != key_of(instant):
                return Refusal(RefusalCode.WRONG_STAGE, f"{command.key} has not come")
            return (MomentCame(at=now, **dict(body)),)
        case RecordMoment() as body, MomentState():
            return _progress(state, body, now)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _progress(state: MomentState, body: RecordMoment, now: datetime) -> Ruling:
    if body.batch != state.batches + 1:
        # The service was cut off before it heard that it is on record, and says it again.
        return Refusal(RefusalCode.WRONG_STAGE, f"batch {body.batch} is not the next one")
    progressed = MomentProgressed(at=now, **{name: getattr(body, name) for name in _TOLD})
    after = evolve(state, progressed)
    events: tuple[Event, ...] = (progressed,)
    if after.swept and not after.failed:
        completed = MomentCompleted(
            at=now, cases=after.cases, applications=after.applications, licenses=after.licenses
        )
        told = (OfficerTold(at=now, officer=each.officer) for each in after.told)
        events = (progressed, *told, completed)
    return events


_TOLD = ("cursor", "last", "cases", "applications", "licenses", "failed", "told")

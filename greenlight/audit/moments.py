"""Instants that came, and answers that became others by them, held against what was on record by then.

What comes and is learned of rules, terms of reprieves and entries on record is worked out once more. What a
list prints, and what tables say whose bytes are not at hand, cannot be: of those it is told that nothing is
known (``unexamined``).
"""

from contextlib import suppress
from datetime import datetime, timedelta

from greenlight.audit.basis import Basis, Recorded
from greenlight.audit.streams import History
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.streams import moment_stream
from greenlight.law.application.flip.events import AnswerFlipped
from greenlight.law.determination.tables import ControlTables
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.commands import MOST
from greenlight.law.moment.events import MomentCame
from greenlight.law.moment.state import key_of
from greenlight.law.outlook.come import asks, begins_with
from greenlight.law.outlook.coming import Coming

_UNSEEN = timedelta(minutes=1)
"""Who looked so soon after something was confirmed may have missed it: it was being recorded then."""


class Moments:
    """Holds each against the record as it stood before it; they are given in the order of their positions."""

    def __init__(self, history: History, kept: ControlTables) -> None:
        self._history, self._recorded = history, Recorded(history, kept)
        self._last: tuple[datetime, tuple[Coming, ...]] | None = None

    async def objection(self, event: MomentCame, position: int) -> str | None:
        """Say why it was not to be recorded that an instant came so; None if it was."""
        basis = await self._recorded.before(position)
        try:
            return _objection(event, basis)
        except Exception as error:  # noqa: BLE001 - a forged record leads the law where it never goes.
            return f"the law cannot tell what came then: {type(error).__name__}"

    async def flip_objection(self, event: AnswerFlipped, filed: datetime | None, position: int) -> str | None:
        """Say why an answer was not to be recorded as another one from an instant on. ``filed``: when the
        case was, if it is an application."""
        coming = await self._coming(event.instant, position)
        if coming is None:
            return "no such instant is on record as one that came"
        if filed is not None and event.instant <= filed:
            return "an answer changed before the case was filed, by what was known then"
        basis = await self._recorded.before(position)
        # By the time that a case is asked more may be on record of the instant than its moment tells.
        if coming and not begins_with(event.because, (*coming, *basis.came(event.instant))):
            return "its answer changed because of something else than what came then"
        return None

    async def _coming(self, instant: datetime, position: int) -> tuple[Coming, ...] | None:
        """The things that the moment of an instant tells of; nothing, where it cannot be read. None: no such
        moment is on record."""
        if self._last is None or self._last[0] != instant:
            records = await self._history.records(moment_stream(key_of(instant)), 1, position)
            if not records:
                return None
            coming: tuple[Coming, ...] = ()
            # It was a fault where it stands.
            with suppress(UnreadableError, ValueError):
                first = MOMENT.read(records[0])
                coming = first.coming if isinstance(first, MomentCame) else ()
            self._last = instant, coming
        return self._last[1]


def _objection(event: MomentCame, basis: Basis) -> str | None:
    at = event.instant
    came = basis.came(at)
    for each in event.coming:
        named = f"{each.kind} {each.key}"
        if each.at != at:
            return f"{named} is said to change at another instant than the one that came"
        if not asks(each):
            return f"no case is asked anew for {named}"
        if each not in came and not basis.unseen(each):
            return f"nothing on record has {named} change then, or change so"
    for each in basis.changes(at):
        # Of very much that comes at one instant the first is told.
        told = each in event.coming or len(event.coming) == MOST
        if not told and basis.owed(each, event.at - _UNSEEN):
            return f"{each.kind} {each.key} changes then, and that is not said"
    return None

"""A license as it stood in law at any instant, and as known at any instant: from its recorded events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Event
from greenlight.law.application.dossier import Item, Party
from greenlight.law.license.events import LicenseIssued, TransferApproved
from greenlight.law.license.state import LicenseState, evolve
from greenlight.law.license.usage import Used, usage, value_limit


class Told(NamedTuple):
    """An event, and when the log took it in."""

    event: Event
    recorded_at: datetime


class Left(NamedTuple):
    """Of a line: units, and minor units of its currency with the tolerance (15 CFR 750.11)."""

    quantity: int
    value: int


@dataclass(frozen=True, slots=True)
class Standing:
    """The state at an instant, and what is left of each line."""

    state: LicenseState
    left: Mapping[int, Left]


class Holding:
    """A license with the parties of the application that it answers; None where those are not known."""

    def __init__(self, told: Sequence[Told], parties: tuple[Party, ...] | None) -> None:
        """``told``: the license's events in the order of its stream, the issue first."""
        self.parties = parties
        self._told = tuple(each for each in told if not isinstance(each.event, CommandRefused))
        issued = self._told[0].event
        if not isinstance(issued, LicenseIssued):
            raise ValueError(f"a license begins with its issue, not with {type(issued).__name__}")
        self.number, self.items, self.valid_through = issued.number, issued.items, issued.valid_through
        transferees = (e.event.transferee for e in self._told if isinstance(e.event, TransferApproved))
        self.licensees = frozenset({issued.licensee, *transferees})
        self._last_at = max(each.event.at for each in self._told)
        self._last_recorded = max(each.recorded_at for each in self._told)
        self._now: Standing | None = None

    def at(self, at: datetime, known_at: datetime | None) -> Standing | None:
        """The license as it stood; None if it was not issued, or not known to be."""
        if at < self._last_at or (known_at is not None and known_at < self._last_recorded):
            return self._folded(at, known_at)
        if self._now is None:
            self._now = self._folded(at, None)
        return self._now

    def _folded(self, at: datetime, known_at: datetime | None) -> Standing | None:
        state: LicenseState | None = None
        for event, recorded_at in self._told:
            if event.at <= at and (known_at is None or recorded_at <= known_at):
                state = evolve(state, event)
        return None if state is None else Standing(state, _left(state))


def _left(state: LicenseState) -> dict[int, Left]:
    used = usage(state.shipments)
    return {item.line: _of_line(item, used.get(item.line, Used())) for item in state.items}


def _of_line(item: Item, used: Used) -> Left:
    """Once the quantity is shipped nothing more may be, whatever value is left."""
    quantity = max(0, item.quantity - used.quantity)
    return Left(quantity, max(0, value_limit(item) - used.value) if quantity else 0)

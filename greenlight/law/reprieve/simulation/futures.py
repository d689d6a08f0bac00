"""Lives that might be: facts change at random, the service is down at times, the executive may speak.

Lots are drawn from what the caller gives, so that the same seed draws the same futures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from greenlight.kernel.tables.domain import Fact, Input
from greenlight.kernel.tables.space import classes
from greenlight.kernel.time.calendar import agency_date, start_of_day
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.law.reprieve.simulation.rehearsal import Answer, Known, Life, Speech, Word

YEARS = 5
CHANGES_AFTER = 730
"""Days within which a fact changes, any of them as likely as another."""

RENEWED_AFTER = 270
"""Days within which evidence is submitted again, if its fact did not change before."""

UNKNOWN = 0.05
"""The chance that nobody knows any more."""

DOWN_AFTER, DOWN_FOR = 1_095, 120
"""Days within which the service goes down, and hours within which it comes back."""

ANSWERED, ANSWERS = 0.7, 8
ANSWERED_AFTER, ANSWER_DAYS = 20, (30, 45, 90)
"""The chance that the executive answers, within how many days, and by how long a term."""

PROPOSALS = 12
"""To how many a year the executive may say something: more are silently agreed to."""

IMAGINED = "imagined"


class Lots(Protocol):
    def random(self) -> float:
        """A number from 0 to 1, 1 excluded."""
        ...


@dataclass(frozen=True, slots=True)
class Chances:
    """The chances that an executive confirms, replaces or stops what is proposed; else there is silence.

    It is said within the days in which one answers, and so at times too late.
    """

    confirm: float = 0.1
    replace: float = 0.05
    stop: float = 0.02

    def __post_init__(self) -> None:
        if min(self.confirm, self.replace, self.stop) < 0 or self.confirm + self.replace + self.stop > 1:
            raise ValueError("chances are at least 0, and together at most 1")

    def speech(self, lot: float) -> Speech | None:
        for speech, chance in (
            (Speech.CONFIRM, self.confirm),
            (Speech.REPLACE, self.replace),
            (Speech.STOP, self.stop),
        ):
            if lot < chance:
                return speech
            lot -= chance
        return None


class Imagination:
    """Futures of one policy, each from the first term of ``past`` and from what was known first of each fact.

    A fact takes values that the policy's table can tell apart, one of each kind.
    """

    def __init__(
        self, policy: Policy, past: Life, years: int = YEARS, chances: Chances | None = None
    ) -> None:
        self._chances, self._proposals = chances or Chances(), PROPOSALS * years
        self._past = replace(past, acts=(), until=past.begins + timedelta(days=round(365.25 * years)))
        self._first = {known.name: known.value for known in reversed(past.known)}
        self._inputs = [
            (given, policy.origins[given.name], _values(given, policy))
            for given in policy.table.inputs
            if policy.origins[given.name] is not Origin.LAW
        ]

    def draw(self, lots: Lots) -> Life:
        known = [each for source in self._inputs for each in self._known(*source, lots)]
        return replace(
            self._past,
            known=tuple(sorted(known, key=lambda each: each.at)),
            answers=tuple(_answer(lots) for _ in range(ANSWERS)),
            down=tuple(self._down(lots)),
            words=tuple(_word(self._chances, lots) for _ in range(self._proposals)),
        )

    def _known(self, given: Input, origin: Origin, values: Sequence[Fact], lots: Lots) -> Iterator[Known]:
        at, until = self._past.begins, self._past.until
        first = self._first.get(given.name)
        value = first if first is not None and given.admits(first) else _one(values, lots)
        while at < until:
            change = at + _days(CHANGES_AFTER, lots)
            while at < min(change, until):
                yield Known(at, given.name, value, IMAGINED)
                at = at + _days(RENEWED_AFTER, lots) if origin is Origin.EVIDENCE else change
            at = _midnight(change)
            value = None if lots.random() < UNKNOWN and given.may_be_unknown else _one(values, lots)

    def _down(self, lots: Lots) -> Iterator[tuple[datetime, datetime]]:
        at = self._past.begins
        while (at := at + _days(DOWN_AFTER, lots)) < self._past.until:
            end = at + timedelta(hours=1 + int(lots.random() * DOWN_FOR))
            yield at, end
            at = end


def _values(given: Input, policy: Policy) -> list[Fact]:
    return [value for value in classes(given, policy.table.rows) if value is not None]


def _one(values: Sequence[Fact], lots: Lots) -> Fact:
    return values[int(lots.random() * len(values))]


def _days(within: int, lots: Lots) -> timedelta:
    return timedelta(days=1 + int(lots.random() * within))


def _midnight(at: datetime) -> datetime:
    """The start of the day: what is known on a day is known at its beginning."""
    return start_of_day(agency_date(at))


def _answer(lots: Lots) -> Answer | None:
    if lots.random() >= ANSWERED:
        return None
    days = ANSWER_DAYS[int(lots.random() * len(ANSWER_DAYS))]
    return Answer(_days(ANSWERED_AFTER, lots), days)


def _word(chances: Chances, lots: Lots) -> Word | None:
    speech = chances.speech(lots.random())
    if speech is None:
        return None
    return Word(_days(ANSWERED_AFTER, lots), speech, ANSWER_DAYS[int(lots.random() * len(ANSWER_DAYS))])

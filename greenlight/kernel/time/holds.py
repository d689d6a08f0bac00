"""Intervals during which a statutory clock stands still (15 CFR 750.4(b))."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.kernel.time.calendar import agency_date


class HoldKind(StrEnum):
    """Grounds that stop the clock. The text behind each is where the regulation says so."""

    citation: str

    def __new__(cls, value: str, citation: str) -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.citation = citation
        return member

    APPLICANT_INFORMATION = "applicant_information", "15 CFR 750.4(b)(1)"
    PRE_LICENSE_CHECK = "pre_license_check", "15 CFR 750.4(b)(2)"
    GOVERNMENT_ASSURANCES = "government_assurances", "15 CFR 750.4(b)(3)"
    GOVERNMENT_CONSULTATION = "government_consultation", "15 CFR 750.4(b)(4)"
    MULTILATERAL_REVIEW = "multilateral_review", "15 CFR 750.4(b)(5)"
    CONGRESSIONAL_NOTICE_TERRORISM = "congressional_notice_terrorism", "15 CFR 750.4(b)(6)"
    CONGRESSIONAL_NOTICE_WEAPONS = "congressional_notice_weapons", "15 CFR 750.4(b)(7)"
    TECHNOLOGY_CONTROL_PLAN = "technology_control_plan", "15 CFR 750.4(b)(8)"


class Hold(Model):
    """An interval from ``placed_at`` to ``lifted_at``, which is None while the hold lasts."""

    kind: HoldKind
    reason: str
    placed_at: Instant
    placed_by: Identifier
    lifted_at: Instant | None = None
    lifted_by: Identifier | None = None


@dataclass(frozen=True, slots=True)
class HeldDays:
    """The days that holds take: those at whose end the clock stands still.

    So days stay calendar days whatever the hour and whether or not clocks are put back meanwhile, and a
    period never ends while the clock stands still. A day that several holds share counts once.

    ``runs``: ordinals of the first day held and of the day after the last, in order and apart from each
    other; ``lasting``: the first day of the earliest hold that lasts; ``kinds``: of each kind of hold the
    first days and the days after the last (None: it lasts), in the order in which the kinds came.
    """

    runs: tuple[tuple[int, int], ...]
    lasting: int | None
    kinds: tuple[tuple[HoldKind, tuple[tuple[int, int | None], ...]], ...]

    @classmethod
    def of(cls, holds: Iterable[Hold]) -> Self:
        days = sorted(((hold.kind, *_days(hold)) for hold in holds), key=lambda days: days[1])
        kinds: dict[HoldKind, list[tuple[int, int | None]]] = {}
        runs: list[tuple[int, int]] = []
        for kind, first, until in days:
            kinds.setdefault(kind, []).append((first, until))
            if until is None or until == first:
                continue
            if runs and first <= runs[-1][1]:
                runs[-1] = (runs[-1][0], max(runs[-1][1], until))
            else:
                runs.append((first, until))
        lasting = min((first for _, first, until in days if until is None), default=None)
        by_kind = tuple((kind, tuple(own)) for kind, own in kinds.items())
        return cls(runs=tuple(runs), lasting=lasting, kinds=by_kind)

    def extend(self, last_day: date, start: datetime) -> tuple[date | None, int]:
        """Move the last day of a clock running since ``start`` by the days that were held.

        A hold placed after the last day changes nothing any more.

        :returns: the moved last day, or None while a hold that matters lasts; and the number of days held.
        """
        if not self.kinds:
            return last_day, 0
        begin, end, held = agency_date(start).toordinal(), last_day.toordinal(), 0
        for first, until in self.runs:
            if first > end + held:
                break
            held += max(until - max(first, begin), 0)
        if self.lasting is not None and self.lasting <= end + held:
            return None, held
        return date.fromordinal(end + held), held

    def between(self, start: datetime, last_day: date | None) -> tuple[HoldKind, ...]:
        """Which kinds of hold took days from a clock from ``start`` to ``last_day``, None while it stands."""
        begin = agency_date(start).toordinal()
        end = date.max.toordinal() if last_day is None else last_day.toordinal()
        return tuple(
            kind
            for kind, own in self.kinds
            if any(first <= end and (until is None or until > max(first, begin)) for first, until in own)
        )


def _days(hold: Hold) -> tuple[int, int | None]:
    until = None if hold.lifted_at is None else agency_date(hold.lifted_at).toordinal()
    return agency_date(hold.placed_at).toordinal(), until

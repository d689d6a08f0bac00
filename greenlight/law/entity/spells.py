"""When an entity is on a list, as far as the list tells."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from greenlight.kernel.time.calendar import AGENCY_ZONE, agency_date
from greenlight.kernel.unknown import some


class Spell(NamedTuple):
    """From ``since``, None: the list prints no first day; until before ``until``, None: it goes on."""

    since: datetime | None
    until: datetime | None = None


class Period(NamedTuple):
    """The time that is asked about: from ``begin`` until before ``end``."""

    begin: datetime
    end: datetime

    @property
    def last_day(self) -> date:
        return agency_date(self.end - timedelta(microseconds=1))


def at(instant: datetime) -> Period:
    return Period(instant, instant + timedelta(microseconds=1))


def listed(spells: Sequence[Spell], period: Period, seen: date) -> bool | None:
    """Tell whether the entity is on the list at some instant of the period.

    ``seen`` is the day on which the list was retrieved. Who is on it by then without a first day may not have
    been before: None. So it is where no entry is known: a key that no list has says nothing of an entity.
    """
    if not spells:
        return None
    return some(_counts(spell, period, seen) for spell in spells)


def _counts(spell: Spell, period: Period, seen: date) -> bool | None:
    if spell.until is not None and spell.until <= period.begin:
        return False
    if spell.since is None:
        return True if period.last_day >= seen else None
    return spell.since < period.end


def told(spells: Sequence[Spell], period: Period, seen: date) -> str:
    """The same in words, to follow the entity's name."""
    match listed(spells, period, seen):
        case True:
            return _while(spells, period, seen)
        case False:
            return _before_or_after(spells, period)
        case None if spells:
            return "is listed, and the list does not print since when: whether it was by then is not known"
        case None:
            return "is the key of no entry of the list: whether it is listed, the list does not tell"


def _while(spells: Sequence[Spell], period: Period, seen: date) -> str:
    spell = next(spell for spell in spells if _counts(spell, period, seen))
    if spell.since is None:
        parts = ["is listed, since a day that the list does not print"]
    elif spell.since > period.begin:
        parts = [f"is listed for a part of that time, from {_moment(spell.since)} on"]
    else:
        parts = [f"is listed, since {_moment(spell.since)}"]
    if spell.until is not None:
        parts.append(f"until {_moment(spell.until)}")
    later = agency_date(period.begin) > seen and spell.until is None
    return " ".join(parts) + (", as far as the list tells what is to come" if later else "")


def _before_or_after(spells: Sequence[Spell], period: Period) -> str:
    ended = max((s.until for s in spells if s.until and s.until <= period.begin), default=None)
    begins = min((s.since for s in spells if s.since and s.since >= period.end), default=None)
    parts = [f"has not been listed since {_moment(ended)}"] if ended else []
    parts += [f"is not listed until {_moment(begins)}"] if begins else []
    return " and ".join(parts)


def _moment(instant: datetime) -> str:
    """A day in Washington, with the time of day where it is not the day's first moment."""
    there = instant.astimezone(AGENCY_ZONE)
    return f"{there:%Y-%m-%d}" if there.hour == there.minute == 0 else f"{there:%Y-%m-%d, %H:%M %Z}"

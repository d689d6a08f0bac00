"""Entries of lists that do not print since when: what they tell of a day before the list was had.

The official list prints no dates, but notices. A volume of the Federal Register is of one year; so an entry
all of whose notices are of later years than the day may not have been listed by then, and that is open. Of
any other the answer stands, and says of which day the list is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime

from greenlight.kernel.time.calendar import agency_date
from greenlight.law.determination.question import AskedParty, Listed, Owner
from greenlight.law.determination.reason import Reason, Way

_NOTICE = re.compile(r"\b([0-9]{1,3}) FR [0-9]")
_YEAR_BEFORE_THE_FIRST = 1935
"""The first volume is that of 1936."""


def doubt(citation: str, seen: date, day: date) -> str | None:
    """Say why the entry that cites these notices, on the list of one day, may not have been on another's."""
    years = [_YEAR_BEFORE_THE_FIRST + int(volume) for volume in _NOTICE.findall(citation)]
    if not years or min(years) <= day.year:
        return None
    return (
        f"the list of {seen} does not print since when, and cites no notice of a year before {min(years)}:"
        f" whether it was listed by {day} is not known"
    )


def opened(reason: Reason, listed: Listed) -> Reason:
    """The reason that a listing gives, open where it may not have been there on the day."""
    if listed.doubt is None or reason.effect == "clear":
        return reason
    whom = f"{listed.listing} ({listed.source.title})"
    ways = (Way(True, f"{whom} was listed by then"), Way(False, f"{whom} was not listed by then"))
    return replace(
        reason,
        effect="open",
        text=f"{reason.text}; {listed.doubt}",
        settled_by=settles(listed),
        readings=ways if reason.effect == "required" else (),
    )


def settles(listed: Listed) -> str:
    return f"the {listed.source.title} of that day"


def warnings(parties: Iterable[AskedParty], at: datetime, *, with_owners: bool) -> Iterator[str]:
    """Say of which day the list is, once for all the names on it of which it does not print since when."""
    found: dict[str, date] = {}
    for party in parties:
        _note(party.name, party.listings, found)
        if with_owners and party.owners:
            _note_owners(party.owners, found)
    if found:
        yield (
            f"The list is of {max(found.values())}: it does not print since when {' or '.join(found)} is"
            f" listed, and on {agency_date(at)} it may have been otherwise"
        )


def _note_owners(owners: Iterable[Owner], found: dict[str, date]) -> None:
    for owner in owners:
        _note(owner.name, owner.listings, found)
        _note_owners(owner.owners, found)


def _note(name: str, listings: tuple[Listed, ...] | None, found: dict[str, date]) -> None:
    for listed in listings or ():
        if listed.seen is not None and listed.doubt is None:
            found[name] = listed.seen

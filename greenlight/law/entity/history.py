"""Tell what an entry says at any instant, and as known at any instant, from the recorded events alone.

What took effect is reckoned from what was decided and for when: an event that says that something took effect
adds nothing, and one that was noticed late changes nothing. What was decided is known from then on.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.model import Model
from greenlight.law.entity.events import EntityListed, ListingAmended, ListingRemoved
from greenlight.law.entity.listing import Listing
from greenlight.law.entity.spells import Spell


@dataclass(frozen=True, slots=True)
class Version:
    """The entry from ``begins`` until before ``ends``, None: until further notice.

    ``decided_at`` is when it was decided; ``retroactive``: after it began to count.
    """

    listing: Listing
    begins: datetime
    ends: datetime | None
    decided_at: datetime

    @property
    def retroactive(self) -> bool:
        return self.begins < self.decided_at

    def counts(self, at: datetime) -> bool:
        return self.begins <= at and (self.ends is None or at < self.ends)


def versions(events: Iterable[Event], known_at: datetime | None = None) -> tuple[Version, ...]:
    """Every version of the entry in the order in which they count; none that counts at no instant.

    ``known_at``: as it was known at that instant; what was to come then is among them.
    """
    listed: EntityListed | None = None
    amendments: list[ListingAmended] = []
    removed: datetime | None = None
    for event in events:
        if known_at is not None and event.at > known_at:
            continue
        match event:
            case EntityListed():
                listed = event
            case ListingAmended():
                amendments.append(event)
            case ListingRemoved():
                removed = event.effective
            case _:
                pass
    if listed is None:
        return ()
    amendments.sort(key=lambda event: (event.effective, event.number))
    ends = [*(event.effective for event in amendments), None]
    found = [Version(listed.listing, listed.effective, _earlier(ends[0], removed), listed.at)]
    for amended, end in zip(amendments, ends[1:], strict=True):
        listing = amended.amendment.applied(found[-1].listing, amended.citation)
        found.append(Version(listing, amended.effective, _earlier(end, removed), amended.at))
    return tuple(version for version in found if version.ends is None or version.begins < version.ends)


def listing_at(events: Iterable[Event], at: datetime, known_at: datetime | None = None) -> Listing | None:
    """The entry as it is at ``at``, as known at ``known_at``, or now; None if there is none then."""
    return next((each.listing for each in versions(events, known_at) if each.counts(at)), None)


def _earlier(end: datetime | None, removed: datetime | None) -> datetime | None:
    ends = [instant for instant in (end, removed) if instant is not None]
    return min(ends, default=None)


class Entry(Model):
    """The entry that parties are held against under one key: the entity itself, or an affiliate that its
    entry prints.

    ``citation`` is that of the order by which it came to say this, and not of one that changed others.
    """

    key: str
    name: str
    aliases: tuple[str, ...]
    countries: frozenset[str]
    license_requirement: str
    review_policy: str
    citation: str


@dataclass(frozen=True, slots=True)
class Span:
    """A time in which an entry says the same: from ``begins`` until before ``ends``, None: until further
    notice. ``listed``: since when it has been listed without a break."""

    entry: Entry
    listed: datetime
    begins: datetime
    ends: datetime | None

    def counts(self, at: datetime) -> bool:
        return self.begins <= at and (self.ends is None or at < self.ends)


def spans(key: str, events: Iterable[Event], known_at: datetime | None = None) -> tuple[Span, ...]:
    """Of the entity ``key`` and each of its affiliates what counts when, in the order of its beginning."""
    found: list[Span] = []
    going_on: dict[str, Span] = {}
    for version in versions(events, known_at):
        before, going_on = going_on, {}
        for entry in _entries(key, version.listing):
            earlier = before.pop(entry.key, None)
            if earlier is not None and _uncited(earlier.entry) == _uncited(entry):
                going_on[entry.key] = replace(earlier, ends=version.ends)
                continue
            if earlier is not None:
                found.append(earlier)
            listed = earlier.listed if earlier else version.begins
            going_on[entry.key] = Span(entry, listed, version.begins, version.ends)
        found += before.values()
    found += going_on.values()
    return tuple(sorted(found, key=lambda span: (span.begins, span.entry.key)))


def spells(
    key: str, events: Iterable[Event], known_at: datetime | None = None
) -> dict[str, tuple[Spell, ...]]:
    """When the entity of ``key`` and each of its affiliates is listed, by their keys."""
    found: dict[str, list[Spell]] = {}
    for span in spans(key, events, known_at):
        times = found.setdefault(span.entry.key, [])
        if times and times[-1].until == span.begins:
            times[-1] = times[-1]._replace(until=span.ends)
        else:
            times.append(Spell(span.begins, span.ends))
    return {each: tuple(times) for each, times in found.items()}


def _entries(key: str, listing: Listing) -> Iterator[Entry]:
    """An affiliate has the requirement and the policy of the entry that it is printed under."""
    for own, who in ((key, listing), *((each.key, each) for each in listing.affiliates)):
        yield Entry(
            key=own,
            name=who.name,
            aliases=who.aliases,
            countries=who.countries,
            license_requirement=listing.license_requirement,
            review_policy=listing.review_policy.text,
            citation=listing.citation,
        )


def _uncited(entry: Entry) -> Entry:
    return entry.model_copy(update={"citation": ""})

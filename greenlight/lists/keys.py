"""Keys of entries that stay the same from version to version."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from greenlight.lists.entries import Entry
from greenlight.screening.book import Alias

_NOTICE: Final = re.compile(r"[0-9]+ F\.? ?R\.? +[0-9]+")


def keys(entries: Sequence[Entry], aliases: Sequence[tuple[Alias, ...]]) -> tuple[str, ...]:
    """A key for each, all different, whatever the order of the rows. ``aliases``: the other names of each.

    An entry that its list numbers goes by list and number: numbers are not unique across lists. Any other
    goes by a digest of what identifies it: list, name as printed, first day and, where one is printed, the
    first notice in the Federal Register, which tells it from most namesakes whether they are there or not.
    Where several rows share that (a name that one notice lists in several countries, say), each has it with
    a digest of what tells it from the others, whoever those are: name, countries and notice; only where that
    is the same, too, of all that it says. So none takes the key of another that comes or goes, but one that
    was alone has another key from when there are two.
    """
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        sharing[_base(entry)].append(place)
    found = [""] * len(entries)
    for base, places in sharing.items():
        if len(places) == 1:
            found[places[0]] = base
        else:
            _tell_apart(entries, aliases, base, places, found)
    return tuple(found)


def _tell_apart(
    entries: Sequence[Entry],
    aliases: Sequence[tuple[Alias, ...]],
    base: str,
    places: list[int],
    found: list[str],
) -> None:
    said = {place: _suffix(_identity(entries[place])) for place in places}
    several = {suffix for suffix, number in Counter(said.values()).items() if number > 1}
    used: Counter[str] = Counter()
    for place in places:
        suffix = said[place]
        if suffix in several:
            suffix = _suffix(_content(entries[place], aliases[place]))
        used[suffix] += 1
        found[place] = f"{base}-{suffix}" + (f"-{used[suffix]}" if used[suffix] > 1 else "")


def _suffix(said: str) -> str:
    return _digest(said)[:12]


def _base(entry: Entry) -> str:
    if entry.number:
        return f"{entry.source.slug}-{entry.number}"
    identity = (entry.source.slug, entry.printed, entry.started, *_first_notice(entry))
    return f"{entry.source.slug}-{_digest(*identity)[:16]}"


def _first_notice(entry: Entry) -> tuple[str, ...]:
    """The first alone: further ones are added to it when the entry is amended. Empty: none is printed."""
    notice = _NOTICE.search(entry.citation)
    return (" ".join(notice[0].split()),) if notice else ()


def _identity(entry: Entry) -> str:
    name = (entry.printed,) if entry.number else ()
    return "\0".join((*name, *(_first_notice(entry) or (entry.citation,)), *sorted(entry.countries)))


def _content(entry: Entry, aliases: Iterable[Alias]) -> str:
    return "\0".join(
        (
            entry.kind,
            entry.citation,
            str(entry.removed or ""),
            entry.where,
            *(alias.name for alias in aliases),
            entry.note or "",
            entry.terms[0].license_requirement,
            entry.terms[0].review_policy,
        )
    )


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()

"""Keys of entries that stay the same from version to version."""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256

from lists.entries import Entry


def keys(entries: Sequence[Entry]) -> tuple[str, ...]:
    """A key for each, all different, whatever the order of the rows.

    An entry that its list numbers goes by list and number: numbers are not unique across lists. Any other
    goes by a digest of what identifies it: list, name and first day. Where several rows share a key (a name
    that is listed at several addresses, say), they are put in the order of all that they say; the first has
    the key as it is, the others have it with a digest of what they say, and with a number where they say the
    very same.
    """
    sharing: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        sharing[_base(entry)].append(place)
    found = [""] * len(entries)
    for base, places in sharing.items():
        if len(places) == 1:
            found[places[0]] = base
        else:
            _tell_apart(entries, base, places, found)
    return tuple(found)


def _tell_apart(entries: Sequence[Entry], base: str, places: list[int], found: list[str]) -> None:
    said = {place: _content(entries[place]) for place in places}
    used: set[str] = set()
    for nth, place in enumerate(sorted(places, key=lambda place: (said[place], place))):
        key = own = base if nth == 0 else f"{base}-{_digest(said[place])[:12]}"
        again = 2
        while key in used:
            key, again = f"{own}-{again}", again + 1
        used.add(key)
        found[place] = key


def _base(entry: Entry) -> str:
    if entry.number:
        return f"{entry.source.slug}-{entry.number}"
    return f"{entry.source.slug}-{_digest(entry.source.slug, entry.name, entry.started)[:16]}"


def _content(entry: Entry) -> str:
    return "\0".join(
        (
            entry.name,
            entry.kind,
            entry.started,
            entry.citation,
            str(entry.removed or ""),
            *entry.addresses,
            *(alias.name for alias in entry.aliases),
            entry.note or "",
            entry.terms[0].license_requirement,
            entry.terms[0].review_policy,
        )
    )


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()

"""A party and its owners as a filing or a question names them, asked about as the Affiliates Rule asks."""

from collections.abc import Callable, Sequence
from datetime import datetime

from greenlight.law.application.dossier import Party
from greenlight.law.application.ownership import Owning
from greenlight.law.determination.named import NamedParty
from greenlight.law.determination.question import AskedParty, Listings, Met, Owner

ListingsOf = Callable[[str, str | None, datetime], Met]
"""The listings in force at an instant that a name meets, with its country, if that is known."""


def asked_party(party: Party | NamedParty, listings_of: ListingsOf, at: datetime) -> AskedParty:
    """The party, with what it and its owners meet on the lists."""
    owners = None
    if party.owners is not None:
        names = [listings_of(each.name, each.country, at) for each in party.owners]
        owners = asked_owners(party.owners, names)
    return AskedParty.of(party, listings_of(party.name, party.country, at), owners)


def asked_owners(filed: Sequence[Owning], met: Sequence[Met | None]) -> tuple[Owner, ...]:
    """The owners of the party, each with its own. ``met``: at each one's place what its name meets on the
    lists; None, or in doubt, what is not known of it."""
    above: dict[int | None, list[Owner]] = {}
    # Whoever is owned stands above its owners, so that from below each has all of its own when it comes.
    for number, (owner, of) in reversed(list(enumerate(zip(filed, met, strict=True), 1))):
        asked = Owner(
            name=owner.name,
            share=owner.share,
            listings=_known(of),
            owners=tuple(reversed(above.pop(number, []))),
        )
        above.setdefault(owner.through, []).append(asked)
    return tuple(reversed(above.get(None, [])))


def _known(met: Met | None) -> Listings | None:
    return None if met is None or met.doubt else met.listings

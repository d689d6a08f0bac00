"""The owners of a party as an application names them, asked about as the Affiliates Rule asks."""

from collections.abc import Sequence

from greenlight.law.application.ownership import PartyOwner
from greenlight.law.determination.question import Listings, Met, Owner


def asked_owners(filed: Sequence[PartyOwner], met: Sequence[Met | None]) -> tuple[Owner, ...]:
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

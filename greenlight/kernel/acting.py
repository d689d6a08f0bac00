"""The persons who have acted for an applicant or licensee, and those who have acted for an authority.

Nobody is both in one matter: whoever ever acted for a party decides nothing in it, and whoever took part in
it for an authority does not represent a party to it (18 U.S.C. 205(a), 207(a)(1)).
"""

from collections.abc import Collection

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role


def with_actor(persons: frozenset[str], event: Event, organisations: Collection[str]) -> frozenset[str]:
    """``persons`` and whoever ``event`` says acted in the name of one of ``organisations``.

    Every event that names its sender counts, a refusal too: who tried to act for a party takes its side.
    """
    by = getattr(event, "by", None)
    if isinstance(by, Actor) and by.role is Role.APPLICANT and by.organisation in organisations:
        return persons | {by.person}
    return persons


def with_official(persons: frozenset[str], event: Event) -> frozenset[str]:
    """``persons`` and whoever ``event`` says acted for an authority. A refused attempt is no part taken."""
    by = getattr(event, "by", None)
    if isinstance(by, Actor) and by.role is not Role.APPLICANT and not isinstance(event, CommandRefused):
        return persons | {by.person}
    return persons


def both_sides(by: Actor, officials: Collection[str]) -> Refusal | None:
    """Say why somebody may not act for a party, who has acted for an authority in the matter."""
    if by.person not in officials:
        return None
    return Refusal(RefusalCode.BOTH_SIDES, f"{by.officer} has acted for an authority in this case")

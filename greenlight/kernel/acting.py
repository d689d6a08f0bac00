"""The persons who have acted for an applicant or licensee. Whoever ever did decides nothing in the case."""

from collections.abc import Collection

from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor, Role


def with_actor(persons: frozenset[str], event: Event, organisations: Collection[str]) -> frozenset[str]:
    """``persons`` and whoever ``event`` says acted in the name of one of ``organisations``.

    Every event that names its sender counts, a refusal too: who tried to act for a party takes its side.
    """
    by = getattr(event, "by", None)
    if isinstance(by, Actor) and by.role is Role.APPLICANT and by.organisation in organisations:
        return persons | {by.person}
    return persons

"""The words of officers on the hits of a screening, as read models show them."""

from collections.abc import Iterable
from typing import Annotated

from greenlight.kernel.model import Acn, Digest, Instant, Model
from greenlight.kernel.roles import Actor
from greenlight.kernel.row import Child, Column
from greenlight.law.application.screening.language import Resolution, Verdict


class ResolutionRow(Model):
    """A word on a pair, which is a digest of the party and the entry of the list: neither is named here, and
    no word outlives a change of either. A false match that nobody confirmed counts in its own case alone."""

    pair: Digest
    verdict: Verdict
    resolved_by: Actor
    resolved_at: Instant
    remembered_from: Annotated[Acn | None, Column(note="The case in which it was said; NULL: in this one")]
    confirmed_by: Actor | None
    confirmed_at: Instant | None
    counts_until: Annotated[Instant | None, Column(note="Until when it counts in others")]


def resolutions_of(key: str, table: str) -> Child:
    """Words on the pairs of a stream, of which none is ever taken back."""
    first_said = "(pair, resolved_at) WHERE remembered_from IS NULL"
    return Child(table, key=(key, "pair"), kept=True, indexes=(first_said,))


def resolution_rows(resolutions: Iterable[Resolution]) -> tuple[ResolutionRow, ...]:
    """As they are shown, without reasons."""
    return tuple(
        ResolutionRow(
            pair=each.pair,
            verdict=each.verdict,
            resolved_by=each.resolved_by,
            resolved_at=each.resolved_at,
            remembered_from=each.remembered_from,
            confirmed_by=each.confirmation.by if each.confirmation else None,
            confirmed_at=each.confirmation.at if each.confirmation else None,
            counts_until=each.confirmation.until if each.confirmation else None,
        )
        for each in resolutions
    )

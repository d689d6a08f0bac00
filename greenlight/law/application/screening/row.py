"""The words of officers on the hits of a screening, as read models show them."""

from collections.abc import Iterable
from typing import Annotated

from greenlight.kernel.model import Acn, Digest, Instant, Model
from greenlight.kernel.roles import Actor
from greenlight.kernel.row import Child, Column
from greenlight.law.application.screening.language import Resolution, Verdict


class ResolutionRow(Model):
    """A word on a pair, which is a digest of the party and the entry of the list: neither is named here, and
    no word outlives a change of either."""

    pair: Digest
    verdict: Verdict
    resolved_by: Actor
    resolved_at: Instant
    remembered_from: Annotated[Acn | None, Column(note="The case in which it was said; NULL: in this one")]


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
        )
        for each in resolutions
    )

"""The commands of a moment: the service alone gives them."""

from typing import Annotated

from pydantic import Field

from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Instant, PositiveInteger
from greenlight.law.moment.told import Count, Told
from greenlight.law.outlook.coming import Coming
from greenlight.law.outlook.tally import Tally

MOST = 200
"""Things that are told to come at one instant; the first so many."""
Comings = Annotated[tuple[Coming, ...], Field(min_length=1, max_length=MOST)]


class OpenMoment(Body, by=SERVICE):
    """Begin to ask every open case and license anew, once, for an instant that has come, or at which
    something was confirmed. Never sent from outside.

    ``coming`` is what counts from it on, by what was known at it; ``pending`` counts what is open.
    """

    instant: Instant
    coming: Comings
    pending: Count


class RecordMoment(Body, by=SERVICE):
    """Record what came of a batch. Never sent from outside.

    ``batch`` counts the batches: one that is on record comes to nothing. ``cursor`` is the stream that it
    ended with, None for a batch of those with which it had failed; ``last``: no other follows. Of ``cases``
    the tallies tell how many have another answer, which is on record in each; ``told`` tells of these to whom
    they are assigned.
    """

    batch: PositiveInteger
    cursor: StreamId | None
    last: bool
    cases: Count
    applications: Tally
    licenses: Tally
    failed: tuple[StreamId, ...] = ()
    told: tuple[Told, ...] = ()


INTERNAL = commands(OpenMoment, RecordMoment)
"""Commands that only the service gives itself."""

"""The commands that the list takes. Names are imperatives; each model is the body of one command."""

from typing import Annotated, Final, Literal

from pydantic import Field

from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Day, Digest, Name, PositiveInteger
from greenlight.kernel.option import Reasons
from greenlight.kernel.roles import Role
from greenlight.law.screening_list.content import Count

Waiting = Annotated[
    Digest, Field(description="Of the version that waits, as `show` prints it.", examples=["sha256:…"])
]
Days = Annotated[int, Field(ge=1, le=3_650)]
STANDARD_DAYS: Final = 30
"""So long a version is good for, while no two officers have said otherwise."""

Source = Annotated[
    Literal["fetched", "published"],
    Field(
        description="Where the digest is from: of the file that the officer fetched from the publisher"
        " themselves, or as the publisher gives it."
    ),
]


class OpenList(Body, by={Role.LICENSING_OFFICER}, starts=True):
    """Begin to keep the list here; until a version of it is loaded, nothing changes.

    ``max_age_days``: so long after it was downloaded a version says something of parties. Another limit than
    30 days is only proposed.
    """

    title: Name
    max_age_days: Days = STANDARD_DAYS


class LoadList(Body, by={Role.LICENSING_OFFICER}, short="load"):
    """Make a file the current version, or have it wait for a second officer.

    It waits if it is the first, takes an entry off or a name of one, or is doubtful.

    ``digest`` is that of the file, which was stored before; ``retrieved`` the day on which it was downloaded.
    The current version once more, downloaded later, stays current for longer.
    """

    digest: Digest
    retrieved: Day


class ConfirmList(Body, by={Role.LICENSING_OFFICER}, short="confirm"):
    """Make the version current that waits for a second officer, who has its digest from elsewhere."""

    digest: Waiting
    source: Source
    reasons: Reasons


class DiscardList(Body, by={Role.LICENSING_OFFICER}, short="discard"):
    """Give up the version that waits for a second officer."""

    digest: Waiting
    reasons: Reasons


class ProposeAgeLimit(Body, by={Role.LICENSING_OFFICER}):
    """Propose for how many days after its download a version is good; what was proposed before is over."""

    max_age_days: Days


class ConfirmAgeLimit(Body, by={Role.LICENSING_OFFICER}):
    """Have the age limit take effect that another officer proposed."""

    max_age_days: Days
    reasons: Reasons


class BeginRescreening(Body, by=SERVICE):
    """Hold every open case and license against the current version; ``pending`` counts them.

    Never sent from outside.
    """

    pending: Count


class RecordRescreening(Body, by=SERVICE):
    """Record what came of a batch. Never sent from outside.

    ``batch`` counts the batches of the rescreening: one that is on record comes to nothing. ``cursor`` is the
    stream that it ended with, None for a batch of those that had not answered; ``last``: no other follows.
    Of ``cases``, with so many ``parties``, ``differing`` recorded that something else is found.
    """

    number: PositiveInteger
    batch: PositiveInteger
    cursor: StreamId | None
    last: bool
    cases: Count
    parties: Count
    differing: Count
    failed: tuple[StreamId, ...] = ()


COMMANDS = commands(OpenList, LoadList, ConfirmList, DiscardList, ProposeAgeLimit, ConfirmAgeLimit)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(BeginRescreening, RecordRescreening)
"""Commands that only the service gives itself."""

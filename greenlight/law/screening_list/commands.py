"""The commands that the list takes. Names are imperatives; each model is the body of one command."""

from datetime import date
from typing import Annotated

from pydantic import Field

from greenlight.kernel.authority import StreamId
from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Digest, Name, PositiveInteger
from greenlight.kernel.option import Reasons
from greenlight.kernel.roles import Role
from greenlight.law.screening_list.content import Count

Waiting = Annotated[
    Digest, Field(description="Of the version that waits, as `show` prints it.", examples=["sha256:…"])
]
Days = Annotated[int, Field(ge=1, le=3_650)]


class OpenList(Body, by={Role.LICENSING_OFFICER}, starts=True):
    """Begin to keep the list here; until a version of it is loaded, nothing changes.

    ``max_age_days``: so long after it was downloaded a version says something of parties.
    """

    title: Name
    max_age_days: Days = 30


class LoadList(Body, by={Role.LICENSING_OFFICER}, short="load"):
    """Make a file the current version, or have it wait for a second officer where it is doubtful.

    ``digest`` is that of the file, which was stored before; ``retrieved`` the day on which it was downloaded.
    The current version once more, downloaded later, stays current for longer.
    """

    digest: Digest
    retrieved: date


class ConfirmList(Body, by={Role.LICENSING_OFFICER}, short="confirm"):
    """Make the version current that waits for a second officer, in spite of what is doubtful about it."""

    digest: Waiting
    reasons: Reasons


class DiscardList(Body, by={Role.LICENSING_OFFICER}, short="discard"):
    """Give up the version that waits for a second officer."""

    digest: Waiting
    reasons: Reasons


class BeginRescreening(Body, by=SERVICE):
    """Hold every open case and license against the current version; ``pending`` counts them.

    Never sent from outside.
    """

    pending: Count


class RecordRescreening(Body, by=SERVICE):
    """Record what came of a batch. Never sent from outside.

    ``cursor`` is the stream that it ended with, None for a batch of those that had not answered; ``last``: no
    other follows. Of ``cases``, with so many ``parties``, ``differing`` recorded that something else is
    found.
    """

    number: PositiveInteger
    cursor: StreamId | None
    last: bool
    cases: Count
    parties: Count
    differing: Count
    failed: tuple[StreamId, ...] = ()


COMMANDS = commands(OpenList, LoadList, ConfirmList, DiscardList)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(BeginRescreening, RecordRescreening)
"""Commands that only the service gives itself."""

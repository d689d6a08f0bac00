"""Questions that can be asked of the read models, and whose turn it is; rows are beside what they show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.roles import Role

Order = Literal["due", "number", "registered", "stage", "waiting_for", "officer"]

ORDERS: Final[Mapping[Order, tuple[str, ...]]] = {
    "due": ("due", "acn"),
    "number": ("acn",),
    "registered": ("registered_at", "acn"),
    "stage": ("stage", "due", "acn"),
    "waiting_for": ("waiting_for", "due", "acn"),
    "officer": ("assigned_to", "due", "acn"),
}
"""The orders of the docket, by the columns that each goes by; there is an index of each."""


@dataclass(frozen=True, slots=True)
class DocketFilter:
    """The choice of what to list; None leaves a field open. ``open_only``: cases that wait for somebody;
    ``number``: the beginning of a control number; ``among``: these numbers alone;
    ``applicant``, ``agency``: cases of this organisation, or in the matter of this department; ``down``: the
    last of the ``order`` on top; ``after``: those that follow a case, by what it has in the order's
    columns."""

    stage: str | None = None
    waiting_for: str | None = None
    outcome: str | None = None
    officer: str | None = None
    due_before: datetime | None = None
    open_only: bool = False
    number: str | None = None
    applicant: str | None = None
    agency: str | None = None
    among: frozenset[str] | None = None
    order: Order = "due"
    down: bool = False
    after: tuple[datetime | str | None, ...] | None = None


class TaskRow(Model):
    """Somebody's turn. ``case`` is a control number, a license or the key of a reprieve, directive or batch,
    ``organisation`` None where anybody of the role may act; ``deadline`` is the kind of the deadline to be
    met, ``due`` when that is or was; ``parties`` whether one of them may be listed, could not be screened for
    good, or else counts as listed; ``expedited``: it comes before others, as its applicant asked;
    ``stands_until``: until when at the latest nothing is decided of it, by a directive."""

    case: str
    stage: str
    role: Role
    organisation: str | None
    assigned_to: str | None
    due: Instant | None
    deadline: str | None
    parties: Literal["listed", "possible_match", "could_not_screen"] | None
    expedited: bool
    stands_until: Instant | None = None


class Summary(Model):
    """The status of a stream, whatever it is of. ``key`` is the rest of its name."""

    stream: str
    kind: str
    key: str
    stage: str
    waiting_for: str
    closed: bool
    due: Instant | None
    version: int


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Whose tasks to list. ``organisation`` None: of every one. ``officer``: without the cases that were
    assigned to another licensing officer."""

    roles: tuple[Role, ...]
    organisation: str | None = None
    officer: str | None = None

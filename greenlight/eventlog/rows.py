"""What the read models show, a row each, and what can be asked of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import Json

from greenlight.kernel.model import Instant, Model
from greenlight.kernel.roles import Role
from greenlight.law.officer.keys import KeyId


class DocketRow(Model):
    """A case as the docket shows it. ``overdue`` names the deadlines that passed unmet."""

    acn: str
    stage: str
    waiting_for: str
    assigned_to: str | None
    listed: bool | None
    due: Instant | None
    registered_at: Instant
    decided_at: Instant | None
    outcome: str | None
    license_number: str | None
    overdue: str | None
    version: int


@dataclass(frozen=True, slots=True)
class DocketFilter:
    """What to list; None leaves a field open. ``open_only``: cases that wait for somebody."""

    stage: str | None = None
    waiting_for: str | None = None
    outcome: str | None = None
    officer: str | None = None
    due_before: datetime | None = None
    open_only: bool = False


class TaskRow(Model):
    """Somebody's turn. ``case`` is a control number, a license or the key of a reprieve, directive or batch,
    ``organisation`` None where anybody of the role may act; ``deadline`` is the kind of the deadline to be
    met, ``due`` when that is or was; ``parties`` whether one of them may be listed, could not be screened for
    good, or else counts as listed."""

    case: str
    stage: str
    role: Role
    organisation: str | None
    assigned_to: str | None
    due: Instant | None
    deadline: str | None
    parties: Literal["listed", "possible_match", "could_not_screen"] | None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Whose tasks to list. ``organisation`` None: of every one. ``officer``: without the cases that were
    assigned to another licensing officer."""

    roles: tuple[Role, ...]
    organisation: str | None = None
    officer: str | None = None


class LicenseRow(Model):
    """``licensee`` is the organisation that has the license now; ``valid_through`` the last day of validity,
    ``retained_through`` that on which its records are kept at least, in Washington; ``conditions`` counts
    them, ``listed`` the parties that are listed since the grant, ``possible`` those that may be."""

    number: str
    acn: str
    stage: str
    licensee: str
    waiting_for: str
    issued_at: Instant
    valid_through: date
    retained_through: date
    conditions: int
    listed: int
    possible: int
    due: Instant | None
    version: int


class ReprieveRow(Model):
    """A reprieve. ``terms`` counts those that were issued; ``term`` is of those that run the one that ends
    last, or else the one that was over last, ``ends`` the first instant after it. ``decision`` is the open
    one, ``due`` when something comes by itself. ``unpublished`` counts the terms of which no
    publication is on record, those that were over before the last one left out."""

    key: str
    stage: str
    waiting_for: str
    terms: int
    term: int | None
    valid_through: date | None
    ends: Instant | None
    decision: int | None
    due: Instant | None
    unpublished: int
    unpublished_since: Instant | None
    version: int


class EntityRow(Model):
    """A listed entity. It is listed from ``effective`` on, until before ``removal`` where that is decided;
    ``citation`` and ``posture`` are those of the entry as it stands, ``affiliates`` counts them; ``due`` is
    when something that was decided takes effect; ``decided`` counts the orders. It waits for the service
    while cases are still to be held against it."""

    key: str
    stage: str
    waiting_for: str
    effective: Instant
    removal: Instant | None
    citation: str
    posture: str
    affiliates: int
    due: Instant | None
    decided: int
    version: int


class BatchRow(Model):
    """A batch. ``cases`` and ``decided`` count; ``fell_out`` says of streams why the batch does not decide
    them."""

    key: str
    stage: str
    waiting_for: str
    cases: int
    decided: int
    fell_out: Json[dict[str, str]]
    opened_at: Instant
    signed_at: Instant | None
    version: int


class DirectiveRow(Model):
    """A directive. ``times`` counts how often it came in force. ``fan_out`` is the number of its last one, of
    which the counts are: cases gone through, those that remain, those that could not be reached."""

    key: str
    stage: str
    waiting_for: str
    posture: str
    supersedes: str | None
    in_force_since: Instant | None
    times: int
    expires: Instant | None
    due: Instant | None
    fan_out: int | None
    done: int
    remaining: int
    failed: int
    version: int


class ListRow(Model):
    """The list. ``digest`` is that of the current version, of which there are ``entries``; ``held`` that of
    the one that waits for a second officer; ``due`` when the current one grows too old. ``rescreening`` is
    the number of the last one, of which the counts are: cases gone through, those that remain, those that
    recorded other findings, those that did not answer."""

    key: str
    title: str
    stage: str
    waiting_for: str
    max_age_days: int
    digest: str | None
    retrieved: date | None
    since: Instant | None
    entries: int | None
    held: str | None
    due: Instant | None
    rescreening: int | None
    done: int
    remaining: int
    differing: int
    failed: int
    version: int


class KeyRow(Model):
    kid: KeyId
    x: str
    valid_from: Instant
    valid_until: Instant | None
    revoked_at: Instant | None


class RoleRow(Model):
    role: Role
    valid_from: Instant
    valid_until: Instant | None


class OfficerRow(Model):
    officer: str
    person: str
    organisation: str
    version: int
    keys: tuple[KeyRow, ...]
    roles: tuple[RoleRow, ...]

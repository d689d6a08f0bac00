"""Readings over many cases: the docket, licenses, whose turn it is, and the counts of all of them."""

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from starlette.responses import Response

from greenlight.answers.moves import as_they_stand
from greenlight.answers.outlook import AHEAD, READ_AS
from greenlight.answers.rules import READ_AS as RULES
from greenlight.answers.rules import RulesAt
from greenlight.door.operation import Asked, Operation, answered
from greenlight.door.reading import Now, Position
from greenlight.eventlog.rows import DocketFilter, TaskFilter, TaskRow
from greenlight.eventlog.statistics import Statistics, count_statistics
from greenlight.kernel.model import Acn, Identifier, Instant, LicenseNumber, Model
from greenlight.kernel.roles import LICENSING, REVIEWING, Role
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.state import Stage
from greenlight.law.application.view import DocketRow
from greenlight.law.license.state import Stage as LicenseStage
from greenlight.law.license.view import LicenseRow
from greenlight.law.outlook.forecast import Outlook
from greenlight.law.rule.aggregate import RULE
from greenlight.serving.house import POSITION
from greenlight.serving.problems import malformed

MAX_PAGE = 200

Limit = Annotated[int, Field(ge=1, le=MAX_PAGE, description="At most so many.")]
Cursor = Annotated[
    str | None,
    Field(pattern=r"^[A-Za-z0-9_-]{1,200}$", description="From the page before: what comes behind it."),
]
Word = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class DocketQuery(Now):
    stage: Stage | None = None
    waiting_for: Annotated[Word | None, Field(description="Cases that wait for this role.")] = None
    outcome: Word | None = None
    officer: Annotated[Identifier | None, Field(description="Cases assigned to this officer.")] = None
    due_before: Instant | None = None
    open_only: Annotated[bool, Field(description="Cases that wait for somebody.")] = False
    limit: Limit = 50
    cursor: Cursor = None


class Docket(Model):
    """Applications, those due first on top; ``cursor`` leads to the next page, None: there is none."""

    cases: tuple[DocketRow, ...]
    cursor: str | None


class LicensesQuery(Now):
    stage: LicenseStage | None = None
    licensee: Identifier | None = None
    limit: Limit = 50
    cursor: Cursor = None


class Licenses(Model):
    """Licenses by number; ``cursor`` leads to the next page, None: there is none."""

    licenses: tuple[LicenseRow, ...]
    cursor: str | None


class Tasks(Model):
    """The tasks of the caller, the overdue first, then by deadline; at most 1,000. ``stands_until``: nothing
    can be done about it before, for the case stands still by a directive."""

    tasks: tuple[TaskRow, ...]


class StatisticsQuery(Model):
    position: Position = None
    as_of: Instant | None = None


class OutlookQuery(Now):
    until: Annotated[
        Instant | None, Field(description="Up to this instant, an instant to come; left out: for a year.")
    ] = None


_AFTER_CASE: TypeAdapter[tuple[Instant | None, Acn]] = TypeAdapter(tuple[Instant | None, Acn])
_AFTER_LICENSE: TypeAdapter[tuple[LicenseNumber]] = TypeAdapter(tuple[LicenseNumber])


def _cursor(*place: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(place, default=_written).encode()).decode().rstrip("=")


def _written(value: object) -> str:
    assert isinstance(value, datetime), "a cursor has texts and instants"
    return value.isoformat()


def _place(cursor: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise malformed("cursor: it is not one that was given out") from None


async def _docket(asked: Asked) -> Response:
    query: DocketQuery = asked.query
    caller = asked.caller
    after = None
    if query.cursor is not None:
        try:
            after = _AFTER_CASE.validate_json(_place(query.cursor))
        except ValidationError:
            raise malformed("cursor: it is not one that was given out") from None
    wanted = DocketFilter(
        stage=query.stage,
        waiting_for=query.waiting_for,
        outcome=query.outcome,
        officer=query.officer,
        due_before=query.due_before,
        open_only=query.open_only,
        applicant=caller.organisation if caller.role is Role.APPLICANT else None,
        agency=caller.organisation if caller.role in REVIEWING else None,
        after=after,
    )
    rows = await asked.house.reader.docket(wanted, query.limit + 1)
    shown = rows[: query.limit]
    await _noted(asked, (application_stream(row.acn) for row in shown), "docket")
    more = len(rows) > len(shown)
    return answered(Docket(cases=shown, cursor=_cursor(shown[-1].due, shown[-1].acn) if more else None))


async def _licenses(asked: Asked) -> Response:
    query: LicensesQuery = asked.query
    caller = asked.caller
    after = ""
    if query.cursor is not None:
        try:
            (after,) = _AFTER_LICENSE.validate_json(_place(query.cursor))
        except ValidationError:
            raise malformed("cursor: it is not one that was given out") from None
    rows = await asked.house.reader.licenses(
        stage=query.stage,
        licensee=query.licensee,
        party=caller.organisation if caller.role is Role.APPLICANT else None,
        agency=caller.organisation if caller.role in REVIEWING else None,
        after=after,
        limit=query.limit + 1,
    )
    shown = rows[: query.limit]
    await _noted(asked, (license_stream(row.number) for row in shown), "licenses")
    more = len(rows) > len(shown)
    return answered(Licenses(licenses=shown, cursor=_cursor(shown[-1].number) if more else None))


async def _tasks(asked: Asked) -> Response:
    caller = asked.caller
    assigned = caller.officer if caller.role is Role.LICENSING_OFFICER else None
    rows = await asked.house.reader.tasks(TaskFilter((caller.role,), caller.organisation, assigned))
    await _noted(asked, await asked.house.reader.streams_of(rows), "tasks")
    return answered(Tasks(tasks=as_they_stand(rows)))


async def _statistics(asked: Asked) -> Response:
    query: StatisticsQuery = asked.query
    return answered(await count_statistics(asked.house.reader.source, query.as_of or datetime.now(UTC)))


async def _outlook(asked: Asked) -> Response:
    now = datetime.now(UTC)
    until: datetime = asked.query.until or now + AHEAD
    if until <= now:
        raise malformed("until: is over; give an instant to come")
    found = await asked.house.standing.outlook(now, until)
    changed = {row.stream for moment in found.moments for row in moment.rows or ()}
    await _noted(asked, sorted(changed), READ_AS)
    return answered(found, {POSITION: str(found.position)})


async def _rules(asked: Asked) -> Response:
    standing = asked.house.standing
    await standing.at_least(asked.query.position)
    found = standing.rules_at(datetime.now(UTC))
    await _noted(asked, found.streams, RULES)
    return answered(found, {POSITION: str(standing.position)})


async def _noted(asked: Asked, streams: Iterable[str], what: str) -> None:
    await asked.house.access.note_all(asked.caller, streams, what)


_WITH_CASES = LICENSING | REVIEWING | {Role.APPLICANT}

OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "docket",
        "GET",
        "/docket",
        "Applications, those due first on top: all, or those of the caller's organisation, or those that were"
        " referred to it.",
        _docket,
        Docket,
        DocketQuery,
        roles=_WITH_CASES,
    ),
    Operation(
        "licenses",
        "GET",
        "/licenses",
        "Licenses, who has them and until when they are valid: all, or those of the caller's organisation.",
        _licenses,
        Licenses,
        LicensesQuery,
        roles=_WITH_CASES,
    ),
    Operation(
        "tasks",
        "GET",
        "/tasks",
        "What waits for the caller in their role and organisation.",
        _tasks,
        Tasks,
        Now,
    ),
    Operation(
        "statistics",
        "GET",
        "/statistics",
        "What was received and what became of it, by item class and by month.",
        _statistics,
        Statistics,
        StatisticsQuery,
        roles=LICENSING,
    ),
    Operation(
        "outlook",
        "GET",
        "/outlook",
        "What is known to change by rules, tables, reprieves, directives and lists, and which open cases and"
        " licenses have another answer from then on. Nothing is decided by it.",
        _outlook,
        Outlook,
        OutlookQuery,
        roles=LICENSING,
    ),
    Operation(
        "rules",
        "GET",
        "/rules",
        "The rules that answers are by, each with how it stands, how certain that is and what would settle it"
        " where it is open.",
        _rules,
        RulesAt,
        Now,
        roles=RULE.open_to,
    ),
)

"""The docket: applications page by page, with the filters in the address."""

import base64
import json
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import Field, TypeAdapter, ValidationError
from starlette.responses import Response

from greenlight.desk.asked import WITH_CASES, Asked
from greenlight.eventlog.rows import DocketFilter
from greenlight.kernel.model import Acn, Identifier, Instant, Model
from greenlight.kernel.problems import first_problem
from greenlight.kernel.roles import REVIEWING, Role
from greenlight.kernel.streams import application_stream
from greenlight.law.application.state import Stage
from greenlight.law.application.view import OUTCOMES
from greenlight.serving.problems import malformed

PAGE = 50
_AFTER: TypeAdapter[tuple[Instant | None, Acn]] = TypeAdapter(tuple[Instant | None, Acn])
WAITED_FOR = (*(role.value for role in Role), "screening", "service", "nobody")

Word = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class Wanted(Model):
    """The filters, as the address has them."""

    number: Annotated[str, Field(pattern=r"^[A-Z][0-9]{0,6}$")] | None = None
    stage: Stage | None = None
    waiting_for: Word | None = None
    outcome: Word | None = None
    officer: Identifier | None = None
    open: bool = False
    after: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,200}$")] | None = None


async def docket(asked: Asked) -> Response:
    """A page of the docket."""
    asked.must_be(WITH_CASES)
    wanted = _wanted(asked)
    caller, reader = asked.caller, asked.house.reader
    chosen = DocketFilter(
        number=wanted.number,
        stage=wanted.stage,
        waiting_for=wanted.waiting_for,
        outcome=wanted.outcome,
        officer=wanted.officer,
        open_only=wanted.open,
        applicant=caller.organisation if caller.role is Role.APPLICANT else None,
        agency=caller.organisation if caller.role in REVIEWING else None,
        after=_place(wanted.after) if wanted.after else None,
    )
    rows = await reader.docket(chosen, PAGE + 1)
    shown = rows[:PAGE]
    total = await asked.house.reader.docket_size(chosen)
    await asked.house.access.note_all(caller, (application_stream(row.acn) for row in shown), "docket")
    more = _cursor(shown[-1].due, shown[-1].acn) if len(rows) > PAGE else None
    kept = wanted.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    return asked.page(
        "docket.html",
        cases=shown,
        total=total,
        wanted=wanted,
        kept=bool(kept),
        first=f"/docket?{urlencode(_flags(kept))}" if wanted.after else None,
        more=f"/docket?{urlencode(_flags({**kept, 'after': more}))}" if more else None,
        stages=tuple(Stage),
        waited_for=WAITED_FOR,
        outcomes=OUTCOMES,
    )


def _wanted(asked: Asked) -> Wanted:
    given = {name: value.strip() for name, value in asked.request.query_params.items() if value.strip()}
    if "number" in given:
        given["number"] = given["number"].upper()
    try:
        return Wanted.model_validate_strings(given)
    except ValidationError as error:
        raise malformed(first_problem(error)) from None


def _flags(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: "yes" if value is True else value for name, value in kept.items()}


def _cursor(due: datetime | None, acn: str) -> str:
    place = json.dumps([due.isoformat() if due else None, acn])
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def _place(cursor: str) -> tuple[datetime | None, str]:
    try:
        return _AFTER.validate_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        raise malformed("The address of that page is not one that was given out.") from None

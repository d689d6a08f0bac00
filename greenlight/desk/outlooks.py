"""The outlook: what is known to change on a day to come, and which cases of the reader that is about."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from pydantic import ValidationError
from starlette.responses import Response

from greenlight.answers.outlook import AHEAD, READ_AS
from greenlight.answers.outlook_picture import MEANS, MOST, befalls, picture
from greenlight.desk.asked import Asked
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import Day, Model
from greenlight.kernel.problems import first_problem
from greenlight.kernel.roles import LICENSING
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.outlook.forecast import Came, Moment, Outlook, Row, Tally
from greenlight.serving.problems import malformed

SHOWN = 200
"""Cases that are told one by one of an instant; further ones are counted."""
AGAIN_SECONDS = 5
"""After which one that was worked out for somebody else is mostly over."""


class Whose(StrEnum):
    """The cases that are shown: those assigned to the reader, or all."""

    MINE = "mine"
    ALL = "all"


class Wanted(Model):
    """The filters, as the address has them. ``until``: a day, meaning its end; left out: for a year."""

    until: Day | None = None
    whose: Whose = Whose.MINE


class Told(NamedTuple):
    """An instant as the page tells it: its counts in words, and its rows as far as there is room."""

    moment: Moment
    applications: str
    licenses: str
    rows: tuple[Row, ...]
    more: int


class Gone(NamedTuple):
    """An instant that has come, as the page tells it."""

    came: Came
    applications: str
    licenses: str


async def outlook(asked: Asked) -> Response:
    """The page. While one is worked out for somebody else it says so, and nothing waits for it."""
    asked.must_be(LICENSING)
    given = {name: value.strip() for name, value in asked.request.query_params.items() if value.strip()}
    try:
        wanted = Wanted.model_validate_strings(given, context=ENTERED)
    except ValidationError as error:
        raise malformed(first_problem(error)) from None
    now = datetime.now(UTC)
    until = end_of_day(wanted.until) - timedelta(microseconds=1) if wanted.until else now + AHEAD
    if until <= now:
        raise malformed("until: is over; give a day to come")
    standing = asked.house.standing
    found = None if standing.foresees else await standing.outlook(now, until)
    if found is not None and wanted.whose is Whose.MINE:
        found = found.of_officer(asked.caller.officer)
    told = _told(found) if found else ()
    streams = sorted({row.stream for each in told for row in each.rows})
    await asked.house.access.note_all(asked.caller, streams, READ_AS)
    response = asked.page(
        "outlook.html",
        200 if found else 503,
        found=found,
        told=told,
        came=tuple(map(_came, found.came)) if found else (),
        drawn=picture(found) if found else None,
        wanted=wanted,
        day=agency_date(until),
        means=MEANS,
        most=MOST,
    )
    if found is None:
        response.headers["Retry-After"] = str(AGAIN_SECONDS)
    return response


def _told(found: Outlook) -> tuple[Told, ...]:
    return tuple(_moment(each, each.rows or ()) for each in found.moments)


def _moment(moment: Moment, rows: tuple[Row, ...]) -> Told:
    more = max(0, len(rows) - SHOWN)
    return Told(moment, _counts(moment.applications), _counts(moment.licenses), rows[:SHOWN], more)


def _came(came: Came) -> Gone:
    return Gone(came, _counts(came.applications), _counts(came.licenses))


def _counts(tally: Tally) -> str:
    """The counts that are not nothing: ``3 get another answer, 1 is not seen by the service``."""
    told = [befalls(number, change) for change in MEANS if (number := getattr(tally, change.value))]
    if tally.proposals:
        told.append(f"{tally.proposals} proposed to be returned")
    return ", ".join(told) or "none"

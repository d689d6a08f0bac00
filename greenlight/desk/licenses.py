"""Licenses, and the counts of all that was received and decided."""

from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import urlencode

from pydantic import Field, ValidationError
from starlette.responses import Response

from greenlight.desk.asked import WITH_CASES, Asked
from greenlight.eventlog.statistics import count_statistics
from greenlight.kernel.model import Identifier, LicenseNumber, Model
from greenlight.kernel.problems import first_problem
from greenlight.kernel.roles import LICENSING, REVIEWING, Role
from greenlight.kernel.streams import license_stream
from greenlight.law.license.state import Stage
from greenlight.serving.problems import malformed

PAGE = 50


class Wanted(Model):
    """The filters, as the address has them."""

    number: LicenseNumber | None = None
    stage: Stage | None = None
    licensee: Identifier | None = None
    after: Annotated[str, Field(pattern=r"^(D[0-9]{6})?$")] = ""


async def licenses(asked: Asked) -> Response:
    """A page of licenses: all, or those of the reader's organisation, or of cases in its matter."""
    asked.must_be(WITH_CASES)
    given = {name: value.strip() for name, value in asked.request.query_params.items() if value.strip()}
    try:
        wanted = Wanted.model_validate_strings(given)
    except ValidationError as error:
        raise malformed(first_problem(error)) from None
    caller = asked.caller
    rows = await asked.house.reader.licenses(
        number=wanted.number,
        stage=wanted.stage,
        licensee=wanted.licensee,
        party=caller.organisation if caller.role is Role.APPLICANT else None,
        agency=caller.organisation if caller.role in REVIEWING else None,
        after=wanted.after,
        limit=PAGE + 1,
    )
    shown = rows[:PAGE]
    await asked.house.access.note_all(caller, (license_stream(row.number) for row in shown), "licenses")
    kept = wanted.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    more = urlencode({**kept, "after": shown[-1].number}) if len(rows) > PAGE else None
    return asked.page(
        "licenses.html", licenses=shown, wanted=wanted, stages=tuple(Stage), more=more and f"/licenses?{more}"
    )


async def statistics(asked: Asked) -> Response:
    """The counts, as they stand now."""
    asked.must_be(LICENSING)
    counted = await count_statistics(asked.house.reader.source, datetime.now(UTC))
    return asked.page("statistics.html", counted=counted)

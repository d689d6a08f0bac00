"""The docket: applications page by page, sorted and filtered by the address.

Words of parties and goods are confidential, and stand in no address: they are kept in the session of whoever
typed them, under a name that says nothing of them.
"""

import base64
import csv
import io
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import to_json
from starlette.responses import Response

from greenlight.answers.search import Sought
from greenlight.desk.asked import WITH_CASES, Asked, gone_to
from greenlight.eventlog.rows import ORDERS, DocketFilter, Order
from greenlight.kernel.codes.countries import COUNTRIES
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import Country, Identifier, Instant, Model
from greenlight.kernel.problems import first_problem
from greenlight.kernel.roles import REVIEWING, Role
from greenlight.kernel.streams import application_stream
from greenlight.kernel.time.calendar import last_day
from greenlight.law.application.state import Stage
from greenlight.law.application.view import OUTCOMES, DocketRow
from greenlight.serving.problems import Problem, malformed

PAGE = 50
TABLE_PAGE = 1_000
WAITED_FOR = (*(role.value for role in Role), "screening", "service", "nobody")
_INSTANTS = frozenset({"due", "registered_at"})
"""Columns of the orders; the others have words."""
_INSTANT: TypeAdapter[Instant] = TypeAdapter(Instant)
_CELLS = TypeAdapter(list[Annotated[str, Field(pattern=r"^[A-Za-z0-9._:+-]{1,80}$")] | None])

Word = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]


class Wanted(Model):
    """The filters and the order, as the address has them; ``search``: by that name, what was typed of parties
    and goods."""

    number: Annotated[str, Field(pattern=r"^[A-Z][0-9]{0,6}$")] | None = None
    country: Country | None = None
    stage: Stage | None = None
    waiting_for: Word | None = None
    outcome: Word | None = None
    officer: Identifier | None = None
    open: bool = False
    search: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")] | None = None
    sort: Order = "due"
    way: Literal["up", "down"] = "up"
    after: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,300}$")] | None = None


class Typed(Model):
    """The words typed of parties and goods."""

    party: Annotated[str, Field(max_length=200)] = ""
    goods: Annotated[str, Field(max_length=200)] = ""


async def docket(asked: Asked) -> Response:
    """A page of the docket."""
    asked.must_be(WITH_CASES)
    wanted = _wanted(dict(asked.request.query_params))
    typed = _typed(asked, wanted)
    chosen = await _chosen(asked, wanted, typed)
    reader = asked.house.reader
    rows = await reader.docket(chosen, PAGE + 1)
    shown = rows[:PAGE]
    total = await reader.docket_size(chosen)
    await _note(asked, shown)
    more = _cursor(shown[-1], wanted.sort) if len(rows) > PAGE else None
    kept = _address(wanted)
    return asked.page(
        "docket.html",
        cases=shown,
        total=total,
        wanted=wanted,
        typed=typed,
        kept=any(name not in {"sort", "way"} for name in kept),
        first=_to(kept) if wanted.after else None,
        more=_to({**kept, "after": more}) if more else None,
        table=_to(kept, "/docket.csv"),
        sorts={order: _to({**kept, "sort": order, "way": _other_way(wanted, order)}) for order in ORDERS},
        stages=tuple(Stage),
        waited_for=WAITED_FOR,
        outcomes=OUTCOMES,
        countries=COUNTRIES,
        orders=ORDERS,
    )


async def filtered(asked: Asked) -> Response:
    """Take the form of the filters, and lead to the address of what they ask for."""
    asked.must_be(WITH_CASES)
    given = {name: value for name, value in asked.form.pairs if name in _FILTERS}
    wanted = _wanted(given)
    try:
        typed = Typed(party=asked.form.one("party").strip(), goods=asked.form.one("goods").strip())
    except ValidationError as error:
        raise malformed(first_problem(error)) from None
    search = None
    if typed != Typed():
        search = asked.session.remember((typed.party, typed.goods))
    return gone_to(_to(_address(wanted.model_copy(update={"search": search}))))


async def table(asked: Asked) -> Response:
    """The docket that the filters ask for, as CSV."""
    asked.must_be(WITH_CASES)
    wanted = _wanted(dict(asked.request.query_params))
    chosen = await _chosen(asked, wanted, _typed(asked, wanted))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    async for rows in _pages(asked, chosen):
        await _note(asked, rows)
        writer.writerows(_cells(row) for row in rows)
    head = {"Content-Disposition": 'attachment; filename="docket.csv"'}
    return Response(text.getvalue(), 200, head, "text/csv; charset=utf-8")


_FILTERS = frozenset(Wanted.model_fields) - {"search", "after"}
_COLUMNS = (
    *("case", "stage", "outcome", "waits for", "officer", "listed party", "registered"),
    *("due", "overdue", "license"),
)


def _cells(row: DocketRow) -> tuple[str, ...]:
    """A case in a line: instants in UTC, the last day by which something is due as Washington has it."""
    return (
        row.acn,
        row.stage,
        row.outcome or "",
        row.waiting_for,
        row.assigned_to or "",
        {True: "yes", False: "no", None: ""}[row.listed],
        row.registered_at.isoformat(timespec="seconds"),
        last_day(row.due).isoformat() if row.due else "",
        row.overdue or "",
        row.license_number or "",
    )


async def _pages(asked: Asked, chosen: DocketFilter) -> AsyncGenerator[tuple[DocketRow, ...]]:
    while True:
        rows = await asked.house.reader.docket(chosen, TABLE_PAGE)
        yield rows
        if len(rows) < TABLE_PAGE:
            return
        chosen = replace(chosen, after=_place_of(rows[-1], chosen.order))


async def _note(asked: Asked, rows: tuple[DocketRow, ...]) -> None:
    await asked.house.access.note_all(asked.caller, (application_stream(row.acn) for row in rows), "docket")


async def _chosen(asked: Asked, wanted: Wanted, typed: Typed) -> DocketFilter:
    """The choice, of what is open to whoever asks: an organisation's own, or a department's."""
    sought = Sought(typed.party, typed.goods, wanted.country)
    among = await asked.desk.search.numbers(asked.house.reader.source, sought) if sought.asks else None
    caller = asked.caller
    return DocketFilter(
        number=wanted.number,
        stage=wanted.stage,
        waiting_for=wanted.waiting_for,
        outcome=wanted.outcome,
        officer=wanted.officer,
        open_only=wanted.open,
        applicant=caller.organisation if caller.role is Role.APPLICANT else None,
        agency=caller.organisation if caller.role in REVIEWING else None,
        among=among,
        order=wanted.sort,
        down=wanted.way == "down",
        after=_place(wanted.after, wanted.sort) if wanted.after else None,
    )


def _wanted(typed: dict[str, str]) -> Wanted:
    given = {name: value.strip() for name, value in typed.items() if value.strip()}
    if "number" in given:
        given["number"] = given["number"].upper()
    try:
        return Wanted.model_validate_strings(given, context=ENTERED)
    except ValidationError as error:
        raise malformed(first_problem(error)) from None


def _typed(asked: Asked, wanted: Wanted) -> Typed:
    """The words typed of parties and goods.

    :raises Problem: it is not kept any more, or was somebody else's.
    """
    if wanted.search is None:
        return Typed()
    words = asked.session.searches.get(wanted.search)
    if words is None:
        detail = "What was searched for there is kept no longer: go to the docket and search again."
        raise Problem(404, "no_search", detail)
    return Typed(party=words[0], goods=words[1])


def _address(wanted: Wanted) -> dict[str, Any]:
    """The filters and the order as an address has them."""
    said = wanted.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    return {name: "yes" if value is True else value for name, value in said.items()}


def _to(kept: dict[str, Any], path: str = "/docket") -> str:
    said = {
        name: value for name, value in kept.items() if (name, value) not in {("sort", "due"), ("way", "up")}
    }
    return f"{path}?{urlencode(said)}" if said else path


def _other_way(wanted: Wanted, order: Order) -> str:
    """The way to sort by a column once it is clicked: up first."""
    return "down" if wanted.sort == order and wanted.way == "up" else "up"


def _cursor(row: DocketRow, order: Order) -> str:
    return base64.urlsafe_b64encode(to_json(_place_of(row, order))).decode().rstrip("=")


def _place_of(row: DocketRow, order: Order) -> tuple[datetime | str | None, ...]:
    return tuple(getattr(row, column) for column in ORDERS[order])


def _place(cursor: str, order: Order) -> tuple[datetime | str | None, ...]:
    try:
        cells = _CELLS.validate_json(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return tuple(
            _INSTANT.validate_python(cell) if cell and column in _INSTANTS else cell
            for column, cell in zip(ORDERS[order], cells, strict=True)
        )
    except ValueError:
        raise malformed("The address of that page is not one that was given out.") from None

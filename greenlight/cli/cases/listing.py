"""The docket page by page, licenses, and cases of every other kind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from greenlight.cli.base.options import Csv, DueBefore, Json, stream_named
from greenlight.cli.base.output import fail, faint, local, print_rows, say, words
from greenlight.cli.base.session import REFUSED, USAGE, Session, run
from greenlight.cli.cases.privy import PartyNames, parties_of
from greenlight.kernel.roles import Role
from greenlight.kernel.time.calendar import last_day, plain_date
from greenlight.law.registry import AnyAggregate, aggregate_of, with_workflow

if TYPE_CHECKING:
    from datetime import datetime

    from greenlight.eventlog.read import Reader
    from greenlight.eventlog.rows import DocketFilter, Summary
    from greenlight.law.application.view import DocketRow
    from greenlight.law.license.view import LicenseRow

_LOOK = "Look"
APPLICATION = "application"

Limit = Annotated[int, typer.Option(min=1, max=1_000, help="At most so many.")]


def add_to(app: typer.Typer) -> None:
    app.command("list", rich_help_panel=_LOOK)(list_)
    app.command(rich_help_panel=_LOOK)(licenses)


class _Page(NamedTuple):
    """Some of all rows that were asked for; ``parties``: by stream, those of whom may see them."""

    rows: "Sequence[DocketRow]"
    total: int
    parties: Mapping[str, PartyNames]


def list_(
    stage: Annotated[str | None, typer.Option(help="Only cases at this stage.")] = None,
    waiting_for: Annotated[str | None, typer.Option(help="Only cases that wait for this role.")] = None,
    officer: Annotated[str | None, typer.Option(help="Only cases assigned to this officer.")] = None,
    outcome: Annotated[str | None, typer.Option(help="Only cases with this outcome.")] = None,
    applicant: Annotated[str | None, typer.Option(help="Only cases of this organisation.")] = None,
    agency: Annotated[str | None, typer.Option(help="Only cases in the matter of this department.")] = None,
    due_before: DueBefore = None,
    open_only: Annotated[bool, typer.Option("--open", help="Only cases that wait for somebody.")] = False,
    limit: Limit = 50,
    after: Annotated[
        str | None, typer.Option(metavar="ACN", help="Only what follows this case: the next page.")
    ] = None,
    parties: Annotated[
        bool, typer.Option("--parties", help="With applicant and parties of the cases that are open to --as.")
    ] = False,
    reader: Annotated[
        str | None,
        typer.Option("--as", metavar="OFFICER", help="With --parties: read as this officer, with their key."),
    ] = None,
    kind: Annotated[
        str, typer.Option(help="What to list: what the names of such streams begin with.")
    ] = APPLICATION,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List applications, or cases of another kind, page by page: those that wait for somebody, by what is due
    soonest, then the others.

    Who was shown the parties of a case is noted in the access records.

    Example: starter.py list --waiting-for countersigner --due-before 2026-12-24
    """
    _one_of("--kind", kind, [each.kind for each in with_workflow()])
    _one_of("--stage", stage, _stages(next(each for each in with_workflow() if each.kind == kind)))
    _one_of("--waiting-for", waiting_for, _WAITED_FOR)
    if outcome is not None:
        from greenlight.law.application.view import OUTCOMES

        _one_of("--outcome", outcome, OUTCOMES)
    if parties and reader is None:
        raise fail(USAGE, "--parties takes --as OFFICER: they are shown to whom the case is open")
    if kind != APPLICATION:
        if officer or outcome or due_before or applicant or agency or after or parties:
            raise fail(
                USAGE,
                "--officer, --outcome, --applicant, --agency, --due-before, --after and --parties are for"
                " applications",
            )
        _list_others(kind, stage, waiting_for, open_only, limit, json, csv)
        return
    from greenlight.eventlog.rows import DocketFilter

    if after is not None:
        stream_named(aggregate_of("application-"), after)
    wanted = DocketFilter(
        stage=stage,
        waiting_for=waiting_for,
        officer=officer,
        outcome=outcome,
        due_before=due_before,
        open_only=open_only,
        applicant=applicant,
        agency=agency,
    )
    page = run(lambda session: _page(session, wanted, limit, after, reader if parties else None))
    if json and parties:
        _print_with_parties(page)
        return
    of_parties: dict[str, Callable[[DocketRow], str]] = (
        {
            "applicant": lambda row: _of(page, row).applicant,
            "parties": lambda row: "\n".join(_of(page, row).parties) or "–",
        }
        if parties
        else {}
    )
    print_rows(
        page.rows,
        json,
        f"{_share(len(page.rows), page.total)} {'application' if page.total == 1 else 'applications'}",
        {
            "ACN": lambda row: row.acn,
            "stage": lambda row: (
                words(row.outcome or row.stage)
                + (" (overdue)" if row.overdue and row.waiting_for else "")
                + (f" (stands until {plain_date(last_day(row.frozen_until))})" if row.frozen_until else "")
            ),
            "waits for": lambda row: words(row.waiting_for),
            **of_parties,
            "officer": lambda row: row.assigned_to or "–",
            "listed": lambda row: {True: "yes", False: "no", None: "?"}[row.listed],
            "due": lambda row: plain_date(last_day(row.due)) if row.due else "–",
            "license": lambda row: row.license_number or "–",
        },
        csv=csv,
        drop=("license", "officer", "listed", "waits for"),
    )
    if not json and not csv and page.rows and len(page.rows) == limit < page.total:
        say(faint(f"The next page: --after {page.rows[-1].acn}"))


def _of(page: _Page, row: "DocketRow") -> PartyNames:
    return page.parties.get(f"application-{row.acn}", PartyNames("–", ()))


def _print_with_parties(page: _Page) -> None:
    from greenlight.cli.base.output import print_json

    print_json(
        [
            {**row.model_dump(mode="json"), **_of(page, row)._asdict(), "parties": [*_of(page, row).parties]}
            for row in page.rows
        ]
    )


async def _page(
    session: Session, wanted: "DocketFilter", limit: int, after: str | None, reader_as: str | None
) -> _Page:
    async with session.reader() as reader:
        total = await reader.docket_size(wanted)
        rows = await _open_first(reader, wanted, limit, after)
        named: Mapping[str, PartyNames] = {}
        if reader_as:
            named = await parties_of(session, reader, reader_as, [row.acn for row in rows])
    return _Page(rows, total, named)


async def _open_first(
    reader: "Reader", wanted: "DocketFilter", limit: int, after: str | None
) -> "tuple[DocketRow, ...]":
    """A page of the cases that wait for somebody, those due first on top, and then of those that do not: a
    case may have its outcome and still be due some day, long before all others in a rehearsal."""
    place = await _place(reader, after) if after is not None else None
    if wanted.open_only or wanted.waiting_for is not None:
        return await reader.docket(replace(wanted, after=place and place.after), limit)
    rows: tuple[DocketRow, ...] = ()
    if place is None or place.is_open:
        rows = await reader.docket(replace(wanted, open_only=True, after=place and place.after), limit)
    if len(rows) < limit:
        behind = place.after if place is not None and not place.is_open else None
        closed = replace(wanted, waiting_for=NOBODY, after=behind)
        rows += await reader.docket(closed, limit - len(rows))
    return rows


class _Place(NamedTuple):
    """The place of a case in the docket."""

    is_open: bool
    after: "tuple[datetime | str | None, ...]"


async def _place(reader: "Reader", acn: str) -> _Place:
    from greenlight.eventlog.rows import DocketFilter

    after = await reader.docket_place(acn)
    if after is None:
        raise fail(REFUSED, f"refused: no_such_case: there is no application-{acn}")
    waits = await reader.docket(DocketFilter(open_only=True, among=frozenset({acn})), 1)
    return _Place(bool(waits), after)


def _share(shown: int, total: int) -> str:
    return str(total) if shown == total else f"{shown} of {total}"


NOBODY = "nobody"
"""Whom a case waits for that has its outcome."""
_WAITED_FOR = (*Role, "screening", "service", NOBODY)


def _one_of(option: str, given: str | None, known: Iterable[str]) -> None:
    """Hold what was given against all that there is: nothing found would read as if there were none."""
    if given is not None and given not in (names := tuple(known)):
        raise fail(USAGE, f"{option}: there is no {given}; it is one of {', '.join(names)}")


def _stages(aggregate: AnyAggregate) -> tuple[str, ...]:
    return tuple(str(stage) for stage in aggregate.transitions if stage is not None)


def _list_others(
    kind: str,
    stage: str | None,
    waiting_for: str | None,
    open_only: bool,
    limit: int,
    json: bool,
    csv: bool,
) -> None:
    asked = {"stage": stage, "waiting_for": waiting_for}

    async def action(session: Session) -> "tuple[tuple[Summary, ...], int]":
        async with session.reader() as reader:
            rows = await reader.summaries(kind, **asked, open_only=open_only, limit=limit)
            return rows, await reader.summaries_size(kind, **asked, open_only=open_only)

    rows, total = run(action)
    print_rows(
        rows,
        json,
        f"{_share(len(rows), total)} {'case' if total == 1 else 'cases'}",
        {
            "case": lambda row: row.stream,
            "stage": lambda row: words(row.stage),
            "waits for": lambda row: words(row.waiting_for),
            "due": lambda row: local(row.due) if row.due else "–",
            "events": lambda row: str(row.version),
        },
        csv=csv,
        drop=("events",),
    )


def licenses(
    stage: Annotated[str | None, typer.Option(help="Only licenses at this stage.")] = None,
    licensee: Annotated[str | None, typer.Option(help="Only licenses of this organisation.")] = None,
    limit: Limit = 50,
    after: Annotated[
        str, typer.Option(metavar="LICENSE", help="Only what follows this number: the next page.")
    ] = "",
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List licenses: who has them, until when they are valid and their records are kept.

    Example: starter.py licenses --stage active --licensee acme
    """
    _one_of("--stage", stage, _stages(aggregate_of("license-")))

    async def action(session: Session) -> "tuple[tuple[LicenseRow, ...], int]":
        async with session.reader() as reader:
            rows = await reader.licenses(stage=stage, licensee=licensee, after=after, limit=limit)
            return rows, await reader.licenses_size(stage=stage, licensee=licensee)

    rows, total = run(action)
    print_rows(
        rows,
        json,
        f"{_share(len(rows), total)} {'license' if total == 1 else 'licenses'}",
        {
            "license": lambda row: row.number,
            "ACN": lambda row: row.acn,
            "stage": lambda row: words(row.stage),
            "licensee": lambda row: row.licensee,
            "waits for": lambda row: words(row.waiting_for),
            "valid through": lambda row: plain_date(row.valid_through),
            "records kept through": lambda row: plain_date(row.retained_through),
        },
        csv=csv,
        drop=("records kept through", "ACN"),
    )
    if not json and not csv and rows and len(rows) == limit < total:
        say(faint(f"The next page: --after {rows[-1].number}"))

"""Reports that a statute asks for, read from the log as it was known at an instant."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Csv, Json, instant
from greenlight.cli.base.output import (
    counted,
    fail,
    local,
    print_csv,
    print_facts,
    print_json,
    print_table,
    say,
)
from greenlight.cli.base.session import REFUSED, USAGE, Session, read_settings, run
from greenlight.cli.cases.privy import proven_reader
from greenlight.cli.cases.proof import write
from greenlight.cli.law.controls import control_tables, readable
from greenlight.cli.law.determination import shipped_rules
from greenlight.kernel.codes.entered import FIRST_YEAR, LAST_YEAR
from greenlight.kernel.streams import application_stream, license_stream

if TYPE_CHECKING:
    from greenlight.law.reported import Report, Row

report = typer.Typer(help="Reports that a statute asks for.", no_args_is_help=True)

SINCE = "listed since"
"""The column of those that were listed after the grant alone."""

READ_AS = "report"
"""The name of the reading, in the access records."""


def add_to(app: typer.Typer) -> None:
    app.add_typer(report, name="report", rich_help_panel="Look")


@report.command()
def congress(
    year: Annotated[int, typer.Option(min=FIRST_YEAR, max=LAST_YEAR, help="Submitted or decided in it.")],
    known_at: Annotated[
        datetime | None,
        typer.Option(
            parser=instant,
            metavar="DAY|INSTANT",
            help="By what was recorded up to this instant, or by the end of this day in Washington."
            " Default: now.",
        ),
    ] = None,
    officer: Annotated[
        str | None,
        typer.Option("--as", metavar="OFFICER", help="Show the rows, too, to this officer, with their key."),
    ] = None,
    pdf: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it as PDF into this file.")] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Report the applications and authorisations with a party in a country of group D:5 that is on the Entity
    List or the Military End-User List (Public Law 119-34).

    Aggregates are public. Rows are confidential (50 U.S.C. 4820(h)): they are shown with --as, to whom every
    case is open, and each is noted as a reading. A row names the events that it rests on, with their
    positions and hashes in the published log; --json has their proofs, too, as `proof` writes them. Who is
    listed is as each case's own screening and resolution has it.

    Authorisations are told beside applications: licenses in force in the year whose party was listed after
    the grant, since when, and by which version of the list, as the record of the license has it.

    Of end-use checks the log knows those before a license, by which the clock stood still; what was looked at
    after a shipment is on no record.

    Example: starter.py report congress --year 2026 --known-at 2027-01-31 --as olga --pdf congress.pdf
    """
    # What is still to be recorded by the end of today is not known yet.
    now = datetime.now(UTC)
    at = min(known_at or now, now)
    found = run(lambda session: _found(session, year, at, officer))
    if pdf is not None:
        from greenlight.letters.congress import pdf as printed

        write(pdf, printed(found))
    if json:
        print_json(found)
    elif csv:
        _print_csv(found)
    else:
        print_report(found)
        if pdf is not None:
            say(f"{pdf} is written.")


async def _found(session: Session, year: int, at: datetime, officer: str | None) -> "Report":
    from greenlight.eventlog.congress import congress as reported
    from greenlight.kernel.past import UnreadableError

    async with session.reader() as reader:
        known = shipped_rules().replaced(await reader.rules())
    with readable():
        tables = control_tables(None).on_record(known.tables).chosen(at, at).tables
    try:
        found = await reported(session.database_url, year, at, tables)
    except UnreadableError as error:
        raise fail(REFUSED, str(error)) from None
    return found.public if officer is None else await _noted(session, found, officer)


async def _noted(session: Session, found: "Report", officer: str) -> "Report":
    """The report with its rows proven, for whom they are open to, once it is noted who reads them.

    :raises Refused: they are not open to the officer.
    """
    from greenlight.client import Refused
    from greenlight.eventlog.access import AccessLog
    from greenlight.eventlog.congress import proven
    from greenlight.eventlog.prove import Prover, UnprovableError
    from greenlight.kernel.refusal import RefusalCode
    from greenlight.law.application.aggregate import APPLICATION
    from greenlight.tlog.folder import TileFolder

    async with session.reader() as reader:
        caller = await proven_reader(session, reader, officer)
    if caller.role not in APPLICATION.open_to:
        raise Refused(RefusalCode.WRONG_ROLE, f"not every case is open to {officer}: leave out --as")
    prover = Prover(session.database_url, TileFolder(read_settings().tile_path))
    try:
        report = await proven(found, prover)
    except UnprovableError as error:
        raise fail(REFUSED, str(error)) from None
    except OSError as error:
        raise fail(USAGE, f"what was published cannot be read: {error.strerror}") from None
    finally:
        await prover.close()
    rows = (*(report.rows or ()), *(report.authorisations or ()))
    licenses = [row.license_number for row in report.authorisations or () if row.license_number]
    read = {
        *map(application_stream, (*(row.acn for row in rows), *(report.unsettled or ()))),
        *map(license_stream, (*licenses, *(report.unsettled_licenses or ()))),
    }
    async with AccessLog(session.database_url) as access:
        await access.note_all(caller, sorted(read), READ_AS)
    return report


def _aggregates(found: "Report") -> Mapping[str, str]:
    from greenlight.law.sources import BY_SLUG
    from greenlight.letters.congress import value_in_words

    counts = found.aggregates
    return {
        "Applications": str(counts.applications),
        **{name.capitalize(): str(number) for name, number in counts.by_decision.items()},
        **{f"On the {BY_SLUG[slug].title}": str(number) for slug, number in counts.by_list.items()},
        **{f"In {country}": str(number) for country, number in counts.by_country.items()},
        "Licenses": str(counts.licenses),
        "Listed after the grant": str(counts.listed_after),
        "Pre-license checks": str(counts.checks),
        "Not known": str(counts.unsettled + counts.listed_after_unsettled),
        "Value": value_in_words(found),
    }


def print_report(found: "Report") -> None:
    """The aggregates, and the rows where the reader may see them."""
    say(
        f"Report to Congress on {found.year}, known at {local(found.known_at)}: the log up to position "
        f"{found.position}, the control tables of {found.tables_of}."
    )
    print_facts(_aggregates(found))
    if found.rows is not None:
        columns = _columns()
        own = {name: cell for name, cell in columns.items() if name != SINCE}
        rows = [[cell(row) for cell in own.values()] for row in found.rows]
        drop = ("hashes", "positions", "events", "checks", "list", "reasons", "license", "submitted")
        print_table(counted(len(rows), "application"), [*own], rows, drop=drop)
        later = [[cell(row) for cell in columns.values()] for row in found.authorisations or ()]
        if later:
            print_table(
                f"{counted(len(later), 'license')} listed after the grant", [*columns], later, drop=drop
            )
        unsettled = (*(found.unsettled or ()), *(found.unsettled_licenses or ()))
        if unsettled:
            say(f"Not known whether they belong here: {', '.join(unsettled)}.")


def _print_csv(found: "Report") -> None:
    if found.rows is None:
        print_csv(("aggregate", "value"), _aggregates(found).items())
        return
    columns = _columns()
    rows = (*found.rows, *(found.authorisations or ()))
    print_csv([*columns], [[cell(row) for cell in columns.values()] for row in rows])


def _columns() -> "Mapping[str, Callable[[Row], str]]":
    from greenlight.letters.congress import check_in_words, place_in_words, reasons_in_words, since_in_words
    from greenlight.letters.words import Sum, amount

    return {
        "application": lambda row: row.acn,
        "applicant": lambda row: row.applicant,
        "items": lambda row: "; ".join(f"{each.classification} {each.description}" for each in row.items),
        "reasons": lambda row: "; ".join(map(reasons_in_words, row.items)),
        "listed party": lambda row: "; ".join(map(place_in_words, row.covered)),
        "list": lambda row: "; ".join(
            sorted({each.source_list for party in row.covered for each in party.listings})
        ),
        "end user": lambda row: "; ".join(map(place_in_words, row.end_users)),
        "value": lambda row: "; ".join(amount(Sum(**dict(value))) for value in row.values),
        "decision": lambda row: row.decision or "pending",
        "license": lambda row: row.license_number or "–",
        "checks": lambda row: "; ".join(map(check_in_words, row.checks)),
        "submitted": lambda row: row.submitted.isoformat(),
        "decided": lambda row: row.decided.isoformat() if row.decided else "–",
        "events": lambda row: " ".join(
            f"{each.stream}:{each.event}" if each.stream else str(each.event) for each in row.evidence
        ),
        "positions": lambda row: " ".join(str(each.position) for each in row.evidence),
        "hashes": lambda row: " ".join(each.leaf or "–" for each in row.evidence),
        SINCE: lambda row: "; ".join(map(since_in_words, row.covered)),
    }

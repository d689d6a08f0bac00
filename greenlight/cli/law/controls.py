"""The control tables at the command line: kept by the day whose law they print, listed, shown, checked."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue

from greenlight.cli.base.options import As, CommandId, Csv, Json, KnownAt, last_moment
from greenlight.cli.base.output import (
    fail,
    local,
    print_csv,
    print_entries,
    print_facts,
    print_json,
    say,
    warn,
)
from greenlight.cli.base.replay import as_far_as_read
from greenlight.cli.base.send import send
from greenlight.cli.base.session import REFUSED, USAGE, is_served, read_settings, run
from greenlight.kernel.body import Body
from greenlight.kernel.time.calendar import agency_date, end_of_day

if TYPE_CHECKING:
    from greenlight.law.determination.tables import Tables
    from greenlight.law.rule.rules import OnRecord
    from greenlight.law.rule.state import RuleState
    from greenlight.reference.errors import ReferenceDataError
    from greenlight.reference.kept_controls import KeptIssue, KeptTables

controls = typer.Typer(
    help="The control tables: made from the official files, kept by their day, checked, looked up.",
    no_args_is_help=True,
)

Folder = Annotated[
    Path | None,
    typer.Option("--tables", help="Folder of control tables. Default: those kept here, and the service's."),
]
Day = Annotated[
    datetime | None,
    typer.Option("--date", parser=last_moment, metavar="DAY|INSTANT", help="In force then. Default: now."),
]

_DAY = timedelta(days=1)


def add_to(app: typer.Typer) -> None:
    app.add_typer(controls, name="controls")


def control_tables(folder: Path | None) -> "KeptTables":
    """Those that are kept in a folder that was named; else those kept here, beside the service's."""
    from greenlight.reference.kept_controls import KeptTables

    return KeptTables(read_settings().tables) if folder is None else KeptTables(folder, shipped=None)


@contextmanager
def readable() -> Generator[None]:
    """End the command where tables cannot be read, or are not as they were kept, and say what to do."""
    from greenlight.reference.errors import ReferenceDataError

    try:
        yield
    except ReferenceDataError as error:
        raise fail(USAGE, str(error)) from None


@controls.command("import")
def import_(
    ccl: Annotated[Path, typer.Option(help="The Commerce Control List, official JSON.")],
    chart: Annotated[Path, typer.Option(help="The Commerce Country Chart, official JSON.")],
    groups: Annotated[Path, typer.Option(help="The Country Groups, official JSON.")],
    to: Annotated[
        Path | None, typer.Option("--out", help="Folder to keep them in. Default: where the service looks.")
    ] = None,
) -> None:
    """Keep the control tables of the day of three official files. Where a service runs, questions go by
    them once two officers have attested them (`controls attest`).

    The same again changes nothing. Others of the same day correct what is kept of it.

    Example: starter.py controls import --ccl ccl.json --chart chart.json --groups groups.json
    """
    from greenlight.reference.errors import ReferenceDataError
    from greenlight.reference.official_controls import tables_of

    kept = control_tables(to)
    try:
        issue, new = kept.keep(tables_of(ccl, chart, groups), datetime.now(UTC))
        tables = kept.tables(issue)
    except ReferenceDataError as error:
        raise fail(REFUSED, str(error)) from None
    except OSError as error:
        raise fail(USAGE, f"{kept.folder}: {error}") from None
    what = f"{len(tables.entries)} entries, {len(tables.destinations)} destinations of {tables.issued}"
    say(f"{what}: kept in {issue.folder}" if new else f"{what}: kept already, since {local(issue.known)}")


@controls.command()
def attest(
    day: Annotated[str, typer.Argument(metavar="DAY", help="The day whose law they print.")],
    as_: As,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Attest the control tables that were kept last of a day, by their digest; once another officer confirms
    it, who has imported the official files as well, answers go by them. What was discarded or taken back is
    attested anew.

    Example: starter.py controls attest 2025-03-01 --as olga
    """
    from greenlight.kernel.streams import rule_stream
    from greenlight.law.rule.acts import Act, ActKind, Certainty, Printed
    from greenlight.law.rule.commands import AttestAct, OpenRule
    from greenlight.law.rule.worlds import counting

    with readable():
        kept = control_tables(None)
        of_day = [each for each in kept.issues if each.issued.isoformat() == day]
        if not of_day:
            known = ", ".join(dict.fromkeys(each.issued.isoformat() for each in kept.issues))
            raise fail(USAGE, f"{day}: no tables of that day are kept here; there are those of {known}")
        issue = of_day[-1]
        source = kept.tables(issue).sources.controls
    act = Act(
        kind=ActKind.ADOPTED,
        citation=source,
        effective=end_of_day(issue.issued - _DAY),
        certainty=Certainty.PRIMARY,
        text=f"The control tables of {day} are those whose files have the digest {issue.version}.",
    )
    # The kind is said, for what is not is not sent.
    printed = Printed(kind="tables", issued=issue.issued, version=issue.version)
    stream = rule_stream(printed.key)
    there = _on_record(stream)
    said: Body = OpenRule(title=f"Control tables of {day}", governs=printed, acts=(act,))
    if there and there.governs == printed and not counting(there.attestations):
        said = AttestAct(act=act)
    send(stream, said, as_, command_id, json)
    if not json:
        say(f"They have the digest {issue.version}")
        number = there.numbers + 1 if there else 1
        say(f"Another officer confirms it:  starter.py rule confirm {printed.key} {number} --as OFFICER")


def _on_record(stream: str) -> "RuleState | None":
    """The rule as it stands, if it was opened."""
    from greenlight.law.rule.aggregate import RULE

    return run(lambda session: as_far_as_read(session, RULE, stream))[0]


@controls.command("list")
def list_(folder: Folder = None, json: Json = False, csv: Csv = False) -> None:
    """List the versions of the control tables that are kept, each with the day whose law it prints and, where
    a service runs, since when it is on record.

    Exit code 1 where one is not as it was kept, or on record and not kept here.

    Example: starter.py controls list
    """
    named = {each.printed.version: each for each in _named(folder)}
    with readable():
        kept = control_tables(folder)
        found = [(issue, kept.fault(issue)) for issue in kept.issues]
    gone = [each for version, each in named.items() if version not in {issue.version for issue, _ in found}]
    if json:
        print_json([_told(issue, fault, named.get(issue.version)) for issue, fault in found])
    else:
        rows = [
            (
                issue.issued.isoformat(),
                "comes with the service" if issue.shipped else local(issue.known),
                f"on record since {local(of.known)}"
                if (of := named.get(issue.version)) and of.counts(None)
                else "",
                "" if fault is None else "damaged",
                issue.version,
            )
            for issue, fault in found
        ]
        columns = ("law of", "kept since", "on record", "fault", "digest")
        if csv:
            print_csv(columns, rows)
        else:
            print_entries("Control tables", columns, rows)
    for _, fault in found:
        if fault is not None:
            warn(str(fault))
    for each in gone:
        warn(f"on record and not kept here: the tables of {each.printed.issued}, {each.printed.version}")
    if gone or any(fault for _, fault in found):
        raise typer.Exit(REFUSED)


def _named(folder: Path | None) -> "tuple[OnRecord, ...]":
    """The versions that the log names, where a service runs and nobody names a folder."""
    from greenlight.cli.law.determination import rules

    return rules().tables if folder is None and is_served() else ()


def _told(
    issue: "KeptIssue", fault: "ReferenceDataError | None", named: "OnRecord | None"
) -> dict[str, JsonValue]:
    return {
        "issued": issue.issued.isoformat(),
        "known": issue.known.isoformat().replace("+00:00", "Z"),
        "number": issue.number,
        "shipped": issue.shipped,
        "digest": issue.version,
        "files": dict(issue.files),
        "folder": str(issue.folder),
        "on_record": named.known.isoformat().replace("+00:00", "Z") if named and named.counts(None) else None,
        "damaged": None if fault is None else str(fault),
    }


@controls.command()
def show(at: Day = None, known_at: KnownAt = None, folder: Folder = None, json: Json = False) -> None:
    """Show the control tables in force on a day, and what they print otherwise than those before.

    Example: starter.py controls show --date 2026-08-01
    """
    day = agency_date(at or datetime.now(UTC))
    named = {each.printed.version: each for each in _named(folder)}
    with readable():
        kept = control_tables(folder)
        if folder is None and is_served():
            kept = kept.on_record([*named.values()])
        found = kept.at(day, known_at)
        tables = kept.tables(found.issue)
        before = kept.at(found.issue.issued - _DAY, known_at)
        earlier = before.issue if before.of_the_day else None
        changed = {} if earlier is None else _changes(kept.tables(earlier), tables)
    counts = {"entries": len(tables.entries), "destinations": len(tables.destinations)}
    if json:
        print_json(
            {
                **_told(found.issue, None, named.get(found.issue.version)),
                **counts,
                "sources": [tables.sources.controls, tables.sources.chart, tables.sources.groups],
                "of_the_day": found.of_the_day,
                "warnings": [*found.missing],
                "following": found.following and found.following.issued.isoformat(),
                "since": earlier and earlier.issued.isoformat(),
                "changed": {what: [*names] for what, names in changed.items()},
            }
        )
        return
    issue, following = found.issue, found.following
    print_facts(
        {
            "Law of": issue.issued.isoformat(),
            "Asked about": f"{day}{f', the next that is kept is of {following.issued}' if following else ''}",
            "Kept since": "it comes with the service" if issue.shipped else local(issue.known),
            "Digest": issue.version,
            "Folder": str(issue.folder),
            "Entries": str(counts["entries"]),
            "Destinations": str(counts["destinations"]),
            "Sources": f"{tables.sources.controls}\n{tables.sources.chart}\n{tables.sources.groups}",
            "Take care": "\n".join(found.missing),
        }
    )
    if earlier is not None:
        nothing = "" if any(changed.values()) else " nothing"
        say(f"Printed otherwise than by the tables of {earlier.issued}:{nothing}")
        print_facts({what: ", ".join(names) for what, names in changed.items() if names})


def _changes(before: "Tables", after: "Tables") -> dict[str, list[str]]:
    """The entries and destinations that are new, gone and printed otherwise."""
    return {
        f"{what}_{how}": names
        for what, one, other in (
            ("entries", before.entries, after.entries),
            ("destinations", before.destinations, after.destinations),
        )
        for how, names in _differences(one, other).items()
    }


def _differences(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[str]]:
    return {
        "new": sorted(after.keys() - before.keys()),
        "gone": sorted(before.keys() - after.keys()),
        "changed": sorted(each for each in after.keys() & before.keys() if before[each] != after[each]),
    }


@controls.command()
def check(folder: Folder = None, json: Json = False) -> None:
    """Say what of the control tables is understood, and which words are not: those leave answers open.

    Example: starter.py controls check
    """
    from greenlight.law.determination.requirement import OPEN

    with readable():
        tables = control_tables(folder).chosen(datetime.now(UTC), None).tables
    lines = [(entry, control) for entry in tables.entries.values() for control in entry.controls]
    scopes = [(entry.eccn, control.text) for entry, control in lines if not control.scope.understood]
    refers = sorted({control.refers for _, control in lines if control.requirement == OPEN})
    silent = [eccn for eccn, entry in tables.entries.items() if not entry.controls]
    if json:
        print_json(
            {
                "issued": tables.issued.isoformat(),
                "entries": len(tables.entries),
                "destinations": len(tables.destinations),
                "controls": len(lines),
                "scopes_not_understood": [{"entry": eccn, "control": text} for eccn, text in scopes],
                "references_not_understood": [*refers],
                "entries_without_controls": [*silent],
            }
        )
        return
    print_facts(
        {
            "Issued": tables.issued.isoformat(),
            "Entries": f"{len(tables.entries)}, {len(silent)} of which state no control",
            "Destinations": str(len(tables.destinations)),
            "Controls": f"{len(lines)}; of {len(scopes)} it is not understood for which items they are",
            "References": f"{len(refers)} that do not say for which destinations:",
        }
    )
    for text in refers:
        say(f"  {text}")

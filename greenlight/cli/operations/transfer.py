"""Carrying a whole log from one database to another."""

from contextlib import nullcontext
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, open_content
from greenlight.cli.base.output import counted, fail, print_json, progress, raw_output, say, warn
from greenlight.cli.base.session import REFUSED, USAGE, Session, run

if TYPE_CHECKING:
    from greenlight.eventlog.carried import End, Header
    from greenlight.eventlog.transfer import Restored

_MARGIN = 1_000
"""License numbers that are left out, unless somebody says otherwise: more than are given out between two
backups. deploy/restore.sh has the same."""

app = typer.Typer(
    name="log",
    help="Carry the whole event log from one database to another: export, import, skip-numbers.",
    no_args_is_help=True,
    rich_help_panel="Operate the service",
)


@app.command("export")
def export_log(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A new file, or - for standard output.")],
    json: Json = False,
) -> None:
    """Write the whole log into a file, as JSON lines: events, proofs, commands, letters, files of the list,
    and the secret of the tree. Whoever has it can read all of it.

    Others go on recording meanwhile; the file has what stood when the command began. It needs the owner's
    address (GREENLIGHT_OWNER_URL).

    Example: starter.py log export log.jsonl
    """
    from greenlight.eventlog.carried import TransferError
    from greenlight.eventlog.transfer import export
    from greenlight.tlog.durable import placing

    def written(content: IO[bytes]) -> "tuple[Header, End]":
        async def action(session: Session) -> "tuple[Header, End]":
            try:
                with progress("Exporting") as steps:
                    return await export(session.target.owner_url, content, steps.at)
            except TransferError as error:
                raise fail(USAGE, f"{file}: {error}") from None

        return run(action)

    if file != "-" and Path(file).exists():
        raise fail(USAGE, f"{file} is there already")
    try:
        with placing(Path(file)) if file != "-" else nullcontext(raw_output()) as content:
            header, end = written(content)
    except OSError as error:
        raise fail(USAGE, f"{file} cannot be written: {error.strerror}") from None
    if file != "-":
        _told(header, end, "are in", file, json=json)
    else:
        warn(f"{counted(header.position, 'event')} of {header.log}, sha256:{end.sha256}")


@app.command("import")
def import_log(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `log export` wrote.")],
    skip_numbers: Annotated[
        int,
        typer.Option(
            min=0, help="License numbers to leave out, 1000 if not said; 0 if none was given out since."
        ),
    ] = _MARGIN,
    json: Json = False,
) -> None:
    """Put an exported log into a database that is migrated and holds nothing, all or nothing.

    Positions, signatures and the tree stay, so that checkpoints which were published of it hold. Let no
    worker run on the database that it came from any more. License numbers go on after a gap: those that
    were given out after the export are not given again. It needs the owner's address (GREENLIGHT_OWNER_URL).

    A case whose events cannot be read is carried like all others, but not shown; it is named, and the exit
    code is 1 then.

    Example: starter.py log import log.jsonl
    """
    from greenlight.eventlog.carried import TransferError
    from greenlight.eventlog.migrate import MigrationError
    from greenlight.eventlog.transfer import restore

    async def action(session: Session) -> "Restored":
        try:
            with open_content(file) as content, progress("Importing") as steps:
                return await restore(session.target.owner_url, content, steps.at, margin=skip_numbers)
        except (TransferError, MigrationError) as error:
            raise fail(REFUSED, str(error)) from None

    done = run(action)
    _told(done.header, done.end, "came from", str(file), json=json)
    for each in done.unreadable:
        warn(f"carried, but not shown: {each}")
    if not json:
        if done.number is not None:
            say(f"The next license number is {done.number}: {skip_numbers} were left out.")
        say("Check it with `starter.py verify`, and start its workflows with `starter.py resume --all`.")
    if done.unreadable:
        raise fail(
            REFUSED, f"the log is imported whole; {counted(len(done.unreadable), 'stream')} cannot be read"
        )


@app.command("skip-numbers")
def skip_numbers(
    margin: Annotated[
        int,
        typer.Argument(metavar="[HOW-MANY]", min=1, help="More than were given out since; 1000 if not said."),
    ] = _MARGIN,
    json: Json = False,
) -> None:
    """Leave license numbers out, after the log was taken back in time: those that it gave out since are in
    letters that somebody holds, and must not be given to another.

    `log import` and deploy/restore.sh do it by themselves; say it after a recovery to a point in time, or
    where an asynchronous standby took over. Let no worker run meanwhile. It needs the owner's address
    (GREENLIGHT_OWNER_URL).

    Example: starter.py log skip-numbers 2000
    """
    from greenlight.eventlog.database import connection
    from greenlight.eventlog.numbers import NumbersError, leave_out

    async def action(session: Session) -> str:
        async with connection(session.target.owner_url, application="greenlight-numbers") as database:
            try:
                return await leave_out(database, margin)
            except NumbersError as error:
                raise fail(REFUSED, str(error)) from None

    number = run(action)
    if json:
        print_json({"next": number, "left_out": margin})
    else:
        say(f"The next license number is {number}: {margin} were left out.")


def _told(header: "Header", end: "End", how: str, file: str, *, json: bool) -> None:
    if json:
        print_json(
            {
                "log": header.log,
                "position": header.position,
                "rows": {name: content.rows for name, content in header.tables.items()},
                "sha256": end.sha256,
                "file": file,
            }
        )
    else:
        say(f"{counted(header.position, 'event')} of {header.log} {how} {file}, sha256:{end.sha256}")

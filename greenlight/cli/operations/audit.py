"""Commands that prove: verify the log, rebuild what is derived from it, write the contract's documents."""

from pathlib import Path
from typing import Annotated

import typer

from greenlight.cli.base.options import Json
from greenlight.cli.base.output import fail, print_json, print_table, progress, say
from greenlight.cli.base.session import REFUSED, Session, read_settings, run

_PROVE = "Prove"


def add_to(app: typer.Typer) -> None:
    for command in (verify, rebuild, schemas):
        app.command(rich_help_panel=_PROVE)(command)


def verify(
    checkpoints: Annotated[
        Path | None, typer.Option(help="File of signed checkpoints. Default: the one in the data folder.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(help="Key that signed them, public or private. Default: the one in the data folder."),
    ] = None,
    json: Json = False,
) -> None:
    """Walk the event log: hash chain, signatures, order; and hold it against the signed checkpoints.

    Example: starter.py verify --checkpoints /mnt/elsewhere/checkpoints.jsonl --key checkpoint.pem
    """
    from greenlight.eventlog import checkpoint
    from greenlight.eventlog.verify import Verification
    from greenlight.eventlog.verify import verify as walk
    from greenlight.signing.keys import KeyFileError, load_public

    settings = read_settings()
    path, key_path = checkpoints or settings.checkpoint_path, key or settings.checkpoint_key_file

    async def action(session: Session) -> tuple[Verification, str | None]:
        with progress("Walking the log") as steps:
            verified = await walk(session.target.database_url, progress=steps.at)
        if not path.exists():
            return verified, f"there is no checkpoint file {path}" if checkpoints else None
        try:
            public = load_public(key_path)
            return verified, await checkpoint.compare(session.target.database_url, path, public)
        except (checkpoint.CheckpointFileError, KeyFileError, OSError) as error:
            return verified, str(error)

    verified, contradiction = run(action)
    sound = verified.fault is None and contradiction is None
    if json:
        print_json({**verified.model_dump(mode="json"), "checkpoints": contradiction, "sound": sound})
    elif sound:
        compared = f", and so do the checkpoints in {path}" if path.exists() else "; there are no checkpoints"
        of = " of a rehearsal" if verified.head.kind.driven else ""
        say(f"{verified.head.position} events{of}: chain, signatures and order hold{compared}")
    if verified.fault is not None:
        raise fail(REFUSED, f"position {verified.fault.position}: {verified.fault.reason}")
    if contradiction is not None:
        raise fail(REFUSED, f"checkpoints: {contradiction}")


def rebuild(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare only; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Build the tables that lists and searches read anew from the events; say where they differed."""
    from greenlight.eventlog.rebuild import Rebuild, RebuildError
    from greenlight.eventlog.rebuild import rebuild as build

    async def action(session: Session) -> Rebuild:
        try:
            return await build(session.target.owner_url, swap=not dry_run)
        except RebuildError as error:
            raise fail(REFUSED, str(error)) from None

    done = run(action)
    if json:
        print_json(done)
    else:
        columns = ("table", "before", "after")
        print_table(
            f"Read models at position {done.position}",
            columns,
            ((table.table, table.before[:20], table.after[:20]) for table in done.tables),
        )
        for difference in done.differences:
            say(f"  {difference.table} {difference.key}: {difference.served} → {difference.rebuilt}")
    if done.differences and dry_run:
        raise fail(REFUSED, "these tables differ from the events: run starter.py rebuild")


def schemas(
    write: Annotated[bool, typer.Option("--write", help="Bring docs/ up to date.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail where docs/ is stale.")] = False,
    json: Json = False,
) -> None:
    """Print the JSON Schemas of all messages, or write them and the pages of the reference to docs/.

    Example: starter.py schemas --write
    """
    import json as jsonlib

    from greenlight.cli.operations import documents

    if write or check:
        changed = documents.write() if write else documents.stale()
        if json:
            print_json([str(path) for path in changed])
        elif changed:
            say(("written: " if write else "stale: ") + ", ".join(map(str, changed)))
        else:
            say("docs/ is up to date")
        if check and changed and not write:
            raise fail(REFUSED, "docs/ is stale: run starter.py schemas --write")
        return
    files = documents.documents()
    print_json({path.stem: jsonlib.loads(text) for path, text in files.items() if path.suffix == ".json"})

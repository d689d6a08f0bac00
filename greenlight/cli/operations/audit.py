"""Commands that prove: verify the log, rebuild what is derived from it, write the contract's documents."""

from base64 import urlsafe_b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, read_content, unread
from greenlight.cli.base.output import (
    counted,
    fail,
    local,
    print_facts,
    print_json,
    print_table,
    progress,
    say,
    warn,
)
from greenlight.cli.base.session import REFUSED, USAGE, Session, look, read_settings, run

if TYPE_CHECKING:
    from greenlight.answers.audited import Audited
    from greenlight.eventlog.read import Reader
    from greenlight.eventlog.rebuild import Rebuild

_PROVE = "Prove"


def add_to(app: typer.Typer) -> None:
    for command in (verify, audited, rebuild, schemas):
        app.command(rich_help_panel=_PROVE)(command)


def verify(
    tiles: Annotated[
        Path | None, typer.Option(help="Folder of the published log. Default: the one in the data folder.")
    ] = None,
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="A checkpoint that was kept elsewhere. May be given again.")
    ] = None,
    key: Annotated[
        Path | None,
        typer.Option(help="Key that signed them, public or private. Default: the one in the data folder."),
    ] = None,
    after: Annotated[
        Path | None,
        typer.Option(
            help="A checkpoint that the auditor cosigned: signatures and law only of what came after it."
        ),
    ] = None,
    auditor: Annotated[
        Path | None,
        typer.Option(help="The auditor's key, public or private. Default: the one in the data folder."),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="What could not be examined, for want of tables, is code 1, too.")
    ] = False,
    json: Json = False,
) -> None:
    """Check the event log: who signed what, its order, whether the law has all of it so; and hold every event
    against what was published of it. Every fault is told.

    Example: starter.py verify --tiles /mnt/elsewhere/tiles --key checkpoint.pem

    Example: starter.py verify --after .greenlight/tiles/checkpoint
    """
    from greenlight.audit.cosign import KEY, cosigned
    from greenlight.audit.fault import Fault
    from greenlight.audit.walk import Audit, audit, first_of_each
    from greenlight.eventlog.published import PublishedLog
    from greenlight.eventlog.verify import Verification
    from greenlight.eventlog.verify import verify as walk
    from greenlight.law.officer.keys import PublicKey
    from greenlight.signing.keys import KeyFileError, load_public
    from greenlight.tlog.folder import TileFolder
    from greenlight.tlog.note import NoteError

    settings = read_settings()
    path, key_path = tiles or settings.tile_path, key or settings.checkpoint_key_file
    folder = TileFolder(path)

    def signer() -> PublicKey:
        if key is not None or key_path.exists() or not (known := folder.read_keys()):
            return load_public(key_path)
        warn(f"{key_path} is not here: the key in {path}/keys.txt is taken, worth no more than that folder")
        return PublicKey(x=urlsafe_b64encode(known[0].public).decode().rstrip("="))

    published: PublishedLog | None = None
    first = 0
    try:
        # What comes before --after is what was cosigned, if the events lead to its root.
        kept = [read_content(each) for each in (*(checkpoint or ()), *([after] if after else ()))]
        if after:
            first = cosigned(kept[-1], load_public(auditor or settings.auditor_path / KEY))
        if folder.newest() is not None or kept:
            published = PublishedLog(folder, signer(), kept)
        elif tiles:
            raise fail(USAGE, f"there is no published log in {path}")
    except OSError as error:
        raise unread(error) from None
    except (KeyFileError, NoteError) as error:
        raise fail(USAGE, str(error)) from None

    async def action(session: Session) -> tuple[Verification, Audit]:
        url = session.database_url
        with progress("Walking the log") as steps:
            walked = await walk(url, published, signatures=False, progress=steps.at)
        with progress("Holding it to the law") as steps:
            return walked, await audit(url, after=first, progress=steps.at, tables=settings.tables)

    walked, audited = run(action)
    of_the_walk = () if walked.fault is None else (Fault(**walked.fault.model_dump()),)
    faults = first_of_each((*of_the_walk, *audited.faults))
    if json:
        print_json(
            {
                "head": walked.head.model_dump(mode="json"),
                "published": walked.published,
                "after": first,
                "faults": [fault.model_dump(mode="json") for fault in faults],
                "unexamined": [each.model_dump(mode="json") for each in audited.unexamined],
                "sound": not faults,
            }
        )
    elif not faults:
        of = " of a rehearsal" if walked.head.kind.driven else ""
        compared = "; nothing was published of it"
        if published is not None:
            compared = f", and its first {walked.published or 0} are those published in {path}"
        held = f" (those after {first})" if first else ""
        say(f"{walked.head.position} events{of}: signatures{held}, law and order hold{compared}")
    for fault in faults:
        warn(f"position {fault.position}: {fault.reason}")
    for each in audited.unexamined:
        warn(each.told)
    if faults or (strict and audited.unexamined):
        raise typer.Exit(REFUSED)


def audited(
    tiles: Annotated[
        Path | None, typer.Option(help="Folder of the published log. Default: the one in the data folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Show what is published of the log, who cosigned it, and how the auditor says that it stands. Code 1: a
    fault is open.

    Example: starter.py audited
    """
    from greenlight.answers.audited import Audited
    from greenlight.answers.audited import audited as read
    from greenlight.tlog.folder import TileFolder

    folder = TileFolder(tiles or read_settings().tile_path)

    async def question(reader: "Reader") -> Audited:
        head = await reader.head()
        try:
            return read(folder, head)
        except OSError as error:
            raise unread(error) from None

    found = look(question)
    if json:
        print_json(found)
    else:
        print_facts(_facts_of(found))
        print_table(
            "Checkpoints, the newest first",
            ("events", "auditor", "cosigned by"),
            (
                (str(each.size), each.wrong or local(each.audited_at), ", ".join(each.cosigners) or "nobody")
                for each in found.checkpoints
            ),
        )
    if found.word is not None and found.word.faults:
        raise typer.Exit(REFUSED)


def _facts_of(found: "Audited") -> dict[str, str | None]:
    word = found.word
    if word is None:
        return {"log": found.log, "events": str(found.events), "auditor": found.missing}
    return {
        "log": found.log,
        "events": str(found.events),
        "auditor": f"said {local(word.at)}",
        "checked": f"up to position {word.checked}; {counted(found.behind or 0, 'event')} since then",
        "cosigned": f"the checkpoint of {counted(word.cosigned, 'event')}" if word.cosigned else "none yet",
        "open faults": ", ".join(f"position {each}" for each in word.faults) or "none",
        "known faults": f"{word.acknowledged}, acknowledged by two people",
    }


def rebuild(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Compare only; change nothing.")] = False,
    json: Json = False,
) -> None:
    """Build the tables that lists and searches read anew from the events; say where they differed.

    A case whose events cannot be read is named, and what is shown of it left as it is; all others are set
    right. The exit code is 1 then.
    """
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
        _say_rebuilt(done, dry_run)
    for each in done.unreadable:
        warn(f"left as it is shown: {each}")
    if done.differences and dry_run:
        raise fail(REFUSED, "these tables differ from the events: run starter.py rebuild")
    if done.unreadable:
        raise fail(
            REFUSED, f"{counted(len(done.unreadable), 'stream')} cannot be read: ask starter.py verify"
        )


def _say_rebuilt(done: "Rebuild", dry_run: bool) -> None:
    """Tell whether what is shown is what the events lead to, and where it is, or was, not."""
    differing = [table.table for table in done.tables if table.before != table.after]
    found = f"{counted(len(done.tables), 'table')}, as the events up to position {done.position} have them"
    if not differing:
        kept = "nothing was to be changed" if not dry_run else "nothing would be changed"
        say(f"{found}: {kept}.")
        return
    what = "would be set right" if dry_run else "were set right"
    say(f"{found}, but for {', '.join(differing)}: {counted(len(done.differences), 'row')} {what}.")
    for difference in done.differences:
        say(f"  {difference.table} {difference.key}: {difference.served} → {difference.rebuilt}")


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

"""Commands on the documents that filings name: describe, bring, list, get and check them, and clean up."""

from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue

from greenlight.cli.base.options import Acn, As, Csv, Json, read_content, stream_named
from greenlight.cli.base.output import (
    Steps,
    counted,
    fail,
    print_csv,
    print_json,
    print_table,
    progress,
    say,
    words,
)
from greenlight.cli.base.session import REFUSED, USAGE, Session, read_settings, run
from greenlight.cli.cases.privy import proven_reader
from greenlight.kernel.streams import stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.attachments import MAX_BYTES, SUFFIXES, Attachment, digest_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from greenlight.answers.attachments import Attached, Document, Sources
    from greenlight.answers.caller import Caller
    from greenlight.attached.checked import Checked
    from greenlight.attached.store import Kept, Store

app = typer.Typer(
    name="attachments",
    help="Describe, bring and get the documents that a filing names.",
    no_args_is_help=True,
)

_COLUMNS = ("number", "title", "type", "bytes", "brought")


def add_to(root: typer.Typer) -> None:
    root.add_typer(app, rich_help_panel="Look")


Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="PDF, PNG, JPEG, TXT or CSV.")]
FileOf = Annotated[Path, typer.Argument(metavar="FILE", help="The document, as the filing names it.")]
NumberOf = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, help="The attachment's number in the filing, from 1.")
]


@app.command()
def describe(files: Files) -> None:
    """Print the member `attachments` of a filing for these files: title, type, size and digest of each.

    Example: starter.py attachments describe plan.pdf invoice.pdf
    """
    print_json([_described(file) for file in files])


@app.command()
def bring(acn: Acn, file: FileOf, reader: As) -> None:
    """Bring the bytes of a document that the filing names. Once more with the same bytes changes nothing.

    Example: starter.py attachments bring A123456 plan.pdf --as acme
    """
    stream, content = stream_named(APPLICATION, acn), _read(file)
    number, new = run(lambda session: _brought(session, stream, content, reader))
    say(f"{'Brought' if new else 'There already'}: attachment {number} of {acn}")


@app.command(name="list")
def listed(acn: Acn, reader: As, json: Json = False, csv: Csv = False) -> None:
    """List the documents that the filing names, and which of them were brought. Each look is noted.

    Example: starter.py attachments list A123456 --as olga
    """
    stream = stream_named(APPLICATION, acn)
    found = run(lambda session: _listed(session, stream, reader))
    if json:
        print_json(found)
        return
    rows = [
        (str(each.number), each.title, each.type.value, str(each.size), "yes" if each.there else "not yet")
        for each in found.attachments
    ]
    if csv:
        print_csv(_COLUMNS, rows)
    elif not rows:
        say(f"The filing of {acn} names no attachments.")
    else:
        print_table(f"{counted(len(rows), 'attachment')} of {acn}", _COLUMNS, rows)


@app.command()
def get(
    acn: Acn,
    number: NumberOf,
    reader: As,
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Write it to this file.")],
) -> None:
    """Get a document of a filing, byte for byte. It is noted who had it.

    Example: starter.py attachments get A123456 1 --as olga --out plan.pdf
    """
    if out.exists():
        raise fail(USAGE, f"{out} is there already: name another file, or move it away")
    stream = stream_named(APPLICATION, acn)
    found = run(lambda session: _document(session, stream, number, reader))
    try:
        with out.open("xb") as file:
            file.write(found.content)
    except OSError as error:
        raise fail(USAGE, f"{out} cannot be written: {error.strerror}") from None
    say(f"{out}: {found.named.title}, {counted(found.named.size, 'byte')}")


@app.command()
def check(
    had: Annotated[
        Path | None,
        typer.Option(
            "--had", metavar="FILE", help="Of a backup, what it had: attachments.list; - for stdin."
        ),
    ] = None,
    without_keys: Annotated[
        bool,
        typer.Option("--without-keys", help="What is encrypted under a key that is not here is no fault."),
    ] = False,
    json: Json = False,
) -> None:
    """Read every document that a filing names to its end, and tell by number which is not as it was brought.

    The log does not know which were brought: a backup says it. Exit code 1 where one is damaged, locked or,
    though a backup had it, not there.

    Example: starter.py attachments check --had backups/20270104T020000Z/attachments.list
    """
    from greenlight.attached.checked import State
    from greenlight.attached.checked import had as of_backup

    listed = of_backup(read_content(had).decode("utf-8", "replace")) if had else frozenset[tuple[str, str]]()
    with progress("Reading attachments") as steps:
        found = run(lambda session: _checked(session, listed, steps))
    sound = {State.WHOLE, State.NOT_BROUGHT} | ({State.LOCKED} if without_keys else set[State]())
    faults = [each for each in found if each.state not in sound]
    count = {state: sum(each.state is state for each in found) for state in State}
    if json:
        counted_by: dict[str, JsonValue] = {state.value: number for state, number in count.items()}
        told_of: list[JsonValue] = [
            {"stream": each.stream, "number": each.number, "state": each.state.value} for each in faults
        ]
        print_json({"named": len(found), **counted_by, "faults": told_of})
    else:
        told = ", ".join(f"{number} {words(state)}" for state, number in count.items() if number)
        say(f"{counted(len(found), 'attachment')} named{': ' if told else ''}{told}")
    if faults:
        said = (
            f"{stream_key(each.stream)}: attachment {each.number} is {each.state.value}" for each in faults
        )
        raise fail(REFUSED, "\n".join(said))


@app.command()
def clean(
    days: Annotated[int, typer.Option(min=1, help="Leave what was brought within so many days.")] = 30,
    apply: Annotated[bool, typer.Option("--apply", help="Remove it, and do not only tell.")] = False,
) -> None:
    """Tell what the store has that no filing names, as after a log was restored; with --apply, remove it.

    Example: starter.py attachments clean --apply
    """
    found = run(lambda session: _cleaned(session, days, apply))
    for each in found:
        say(f"{each.stream}: {each.digest}")
    what = counted(len(found), "document") + " that no filing names"
    say(f"{what} {'removed' if apply else 'would be removed: --apply'}" if found else f"0 {what[2:]}")


def _described(file: Path) -> Attachment:
    kind = SUFFIXES.get(file.suffix.lower())
    if kind is None:
        raise fail(USAGE, f"{file}: of no type that is taken: name one that ends in {', '.join(SUFFIXES)}")
    content = _read(file)
    return Attachment(title=file.name, type=kind, size=len(content), digest=digest_of(content))


def _read(file: Path) -> bytes:
    content = read_content(file)
    if not 0 < len(content) <= MAX_BYTES:
        raise fail(USAGE, f"{file}: has {len(content)} bytes; an attachment has 1 to {MAX_BYTES}")
    return content


async def _brought(session: Session, stream: str, content: bytes, officer: str) -> "tuple[int, bool]":
    from greenlight.answers.attachments import awaited
    from greenlight.attached.store import OtherBytesError, StoreError
    from greenlight.client import Refused
    from greenlight.kernel.refusal import Refusal, RefusalCode

    async with _asking(session, officer) as (of, caller):
        found = await _of(of, caller, stream)
        digest = digest_of(content)
        number = next((each.number for each in found.attachments if each.digest == digest), None)
        if number is None:
            raise Refused(RefusalCode.OTHER_BYTES, f"the filing names no attachment with the digest {digest}")
        named = await awaited(of, caller, stream, number)
        if isinstance(named, Refusal):
            raise Refused(named.code, named.message)
        try:
            return number, await of.store.put(caller.log, stream, named, content)
        except OtherBytesError as error:
            raise Refused(RefusalCode.OTHER_BYTES, str(error)) from error
        except StoreError as error:
            raise fail(REFUSED, str(error)) from error


async def _listed(session: Session, stream: str, officer: str) -> "Attached":
    async with _asking(session, officer) as (of, caller):
        return await _of(of, caller, stream)


async def _of(of: "Sources", caller: "Caller", stream: str) -> "Attached":
    from greenlight.answers.attachments import attached
    from greenlight.client import Refused
    from greenlight.kernel.refusal import Refusal

    found = await attached(of, caller, stream)
    if isinstance(found, Refusal):
        raise Refused(found.code, found.message)
    return found


async def _document(session: Session, stream: str, number: int, officer: str) -> "Document":
    from greenlight.answers.attachments import document
    from greenlight.attached.store import StoreError
    from greenlight.client import Refused
    from greenlight.kernel.refusal import Refusal

    async with _asking(session, officer) as (of, caller):
        try:
            found = await document(of, caller, stream, number)
        except StoreError as error:
            raise fail(REFUSED, str(error)) from error
    if isinstance(found, Refusal):
        raise Refused(found.code, found.message)
    return found


async def _checked(session: Session, had: frozenset[tuple[str, str]], steps: Steps) -> "tuple[Checked, ...]":
    from greenlight.attached.checked import checked
    from greenlight.attached.store import StoreError

    store, found = _store(session), list["Checked"]()
    async with session.reader() as reader:
        try:
            async with aclosing(checked(store, reader, had)) as each_one:
                async for each in each_one:
                    found.append(each)
                    steps.at(len(found))
        except StoreError as error:
            raise fail(REFUSED, str(error)) from error
    return tuple(found)


async def _cleaned(session: Session, days: int, apply: bool) -> "tuple[Kept, ...]":
    from greenlight.attached.store import StoreError
    from greenlight.attached.unnamed import unnamed

    store = _store(session)
    async with session.reader() as reader:
        try:
            found = await unnamed(store, reader, datetime.now(UTC), days)
        except StoreError as error:
            raise fail(REFUSED, str(error)) from error
    for each in found if apply else ():
        await store.drop(each)
    return found


def _store(session: Session) -> "Store":
    from greenlight.connection.attachments import store_of

    return store_of(read_settings(), session.target.sealing)


@asynccontextmanager
async def _asking(session: Session, officer: str) -> "AsyncGenerator[tuple[Sources, Caller]]":
    """All that is asked for attachments, and who asks, by their key."""
    from greenlight.answers.attachments import Sources
    from greenlight.answers.scope import Scope
    from greenlight.eventlog.access import AccessLog

    url = session.database_url
    async with session.reader() as reader, Scope(url) as scope, AccessLog(url) as access:
        caller = await proven_reader(session, reader, officer)
        yield Sources(reader, scope, access, _store(session)), caller

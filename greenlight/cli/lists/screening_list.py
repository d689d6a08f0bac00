"""Commands on the list that parties are held against: check, load, confirm, discard and compare."""

import sys
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import JsonValue, ValidationError

from greenlight.cli.base.before_signing import introduced
from greenlight.cli.base.options import As, CommandId, Json, faulty, instant, read_content
from greenlight.cli.base.output import (
    ask,
    bold,
    doubtful,
    fail,
    local,
    print_facts,
    print_json,
    progress,
    say,
    warn,
    words,
)
from greenlight.cli.base.send import send
from greenlight.cli.base.session import REFUSED, USAGE, Session, listing_book, run
from greenlight.cli.base.telling import telling
from greenlight.cli.generated import add_commands
from greenlight.cli.lists.list_report import (
    differences,
    print_content,
    print_difference,
    print_report,
    report,
)
from greenlight.kernel.canonical import digest_bytes
from greenlight.kernel.streams import list_stream
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import ConfirmList, LoadList, OpenList
from greenlight.law.screening_list.refusals import ListRefusal

if TYPE_CHECKING:
    from greenlight.answers.versions import Books
    from greenlight.kernel.commit import Receipt
    from greenlight.law.screening_list.state import ListState, ListVersion
    from greenlight.lists.read import Reading
    from greenlight.screening.book import ListingBook

KEY = "csl"
TITLE = "Consolidated Screening List"

app = typer.Typer(
    name="lists",
    help="Check, load, confirm and discard versions of the list that parties are held against.",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(metavar="FILE", help="The official CSV, in either layout.")]
Retrieved = Annotated[
    str | None,
    typer.Option(
        metavar="DAY", help="When it was downloaded, by which it grows old. Asked for, if it is not said."
    ),
]


@app.command()
def check(
    file: File,
    examples: Annotated[
        bool, typer.Option("--examples", help="With the lines where names have a form.")
    ] = False,
    json: Json = False,
) -> None:
    """Read a file as `load` would; say what is in it and what is wrong with it. Needs no service.

    Entries by list, and what was taken off the names, by its form. Code 1: it would be doubtful as the first.

    Example: starter.py lists check consolidated.csv --examples
    """
    from greenlight.lists.plausibility import plausibility

    found = _read(file, read_content(file), _today())
    doubts = plausibility(None, found)
    if json:
        said: dict[str, JsonValue] = {**report(found), "doubts": [doubt.said for doubt in doubts]}
        print_json(said)
    else:
        print_report(found, examples=examples)
        _print_doubts(doubt.said for doubt in doubts)
    if doubts:
        raise typer.Exit(REFUSED)


def load(
    file: File,
    as_: As,
    retrieved: Retrieved = None,
    max_age_days: Annotated[
        int,
        typer.Option(
            help="If the list is new here: propose that a version is good for so many days.",
            min=1,
            max=3_650,
        ),
    ] = 30,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Make a file the current version, or have it wait for another officer to confirm it.

    It waits if it is the first, has less entries or names than the one before, or is doubtful.

    Every open case and license is held against it then. The same file again changes nothing, unless it was
    downloaded later: then it is good for longer.

    Example: starter.py lists load consolidated.csv --retrieved 2026-07-31 --as olga
    """
    content, day = read_content(file), _day(file, retrieved)
    with progress(f"reading {file}"):
        found = _read(file, content, day)

    async def action(session: Session) -> "tuple[Receipt | None, ListState]":
        return await _loaded(
            session,
            as_,
            content,
            LoadList(digest=found.book.version, retrieved=day),
            max_age_days,
            command_id,
        )

    receipt, state = run(action)
    version = _version(state, found.book.version)
    if json:
        said: dict[str, JsonValue] = {
            "receipt": receipt.model_dump(mode="json") if receipt else None,
            "stage": state.stage.value,
            "version": version.model_dump(mode="json") if version else None,
            "report": report(found),
        }
        print_json(said)
        return
    print_report(found)
    if receipt is None:
        say(f"{file} is the current version already: nothing changed")
    elif version is not None:
        print_content(version.content)
        if state.held is version:
            _print_reasons(version)
            say(
                doubtful(f"It waits for another officer than {version.loaded_by.officer}"),
                ", who fetches the file, too: starter.py lists confirm FILE",
            )
        else:
            say("It is current; every open case and license is held against it now")


def confirm(
    as_: As,
    reasons: Annotated[str, typer.Option(help="Why.")],
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", help="The official CSV, as you fetched it yourself."),
    ] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DIGEST", help="Instead: the digest that the publisher gives of it.")
    ] = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Make the version current that waits, if it has the bytes of your own file, or the publisher's digest.

    What another officer loaded is not looked at: only so two have to be deceived.

    Example: starter.py lists confirm consolidated.csv --reasons "Three were delisted" --as oscar
    """
    if (file is None) == (published is None):
        raise fail(USAGE, "give your own FILE, or the publisher's digest with --published")
    digest = digest_bytes(read_content(file)) if file else published
    try:
        body = ConfirmList.model_validate(
            {"digest": digest, "source": "fetched" if file else "published", "reasons": reasons}
        )
    except ValidationError as error:
        raise faulty(error) from None
    send(list_stream(KEY), body, as_, command_id, json)


add_commands(app, LIST, {"open_list": None, "load_list": load, "confirm_list": confirm}, key=KEY)


@app.command()
def show(
    at: Annotated[
        datetime | None,
        typer.Option(parser=instant, metavar="DAY|INSTANT", help="As it was then, a day meaning its end."),
    ] = None,
    json: Json = False,
) -> None:
    """Show what is current, what waits for a second officer, and how far the rescreening is.

    Example: starter.py lists show --at 2026-09-01
    """
    state = run(lambda session: _state(session, at))
    if json:
        print_json(state)
        return
    say(bold(list_stream(KEY)), f" is {words(state.stage)}" + (f" at {local(at)}" if at else ""))
    found = state.rescreening
    told = run(lambda session: telling(session, list_stream(KEY))) if found and at is None else None
    print_facts(
        {
            "List": state.title,
            "Current": _named(state.current),
            "Since": local(state.since) if state.since else None,
            "Good for": f"{state.max_age_days} days",
            "Limit waits": state.proposed_limit
            and f"{state.proposed_limit.max_age_days} days, proposed by {state.proposed_limit.by.officer}",
            "Waits": _named(state.held),
            "Rescreening": found
            and f"{found.number}: {found.cases} cases with {found.parties} parties, {found.left} left,"
            f" {found.differing} with other findings",
            "Workflows": told,
            "Not decided": ", ".join(found.failed) if found else None,
        }
    )
    if state.held:
        _print_reasons(state.held)
    if state.current:
        print_content(state.current.content)


@app.command()
def diff(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Default: the version that waits.")
    ] = None,
    old: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Default: the current version.")
    ] = None,
    json: Json = False,
) -> None:
    """Compare entries: what FILE, or the version that waits, has otherwise than the current version.

    Example: starter.py lists diff consolidated.csv
    """
    from greenlight.lists.difference import difference

    new = _book(file) if file else None
    before = _book(old) if old else None
    if new is None or before is None:
        kept, waiting = run(_stored)
        before = before or kept
        new = new or waiting
    if new is None:
        raise fail(REFUSED, "no version waits: give a FILE")
    found = difference(before, new)
    if json:
        print_json(differences(found))
    else:
        print_difference(found)


async def _loaded(
    session: Session,
    officer: str,
    content: bytes,
    command: LoadList,
    max_age_days: int,
    command_id: str | None,
) -> "tuple[Receipt | None, ListState]":
    """The receipt, None where the file is current already; and the list after it."""
    from greenlight.client import Refused
    from greenlight.client.signer import new_command_id
    from greenlight.eventlog.database import connection
    from greenlight.eventlog.lists import store_content

    client = await session.client(officer)
    introduced(session, list_stream(KEY), command)
    session.waiting.command_id = command_id = command_id or new_command_id()
    async with session.reader() as reader:
        if not await reader.lists(KEY):
            opening = OpenList(title=TITLE, max_age_days=max_age_days)
            # Done once, by whatever command line: so it has an id of its own.
            await client.open_list(KEY, opening, command_id=f"open-{list_stream(KEY)}")
    # The file is there before anything is said of it; nothing is current by that.
    async with connection(session.target.writer_url, application="greenlight-cli") as database:
        await store_content(database, content)
    receipt = None
    try:
        receipt = await client.decide(list_stream(KEY), command, command_id=command_id)
    except Refused as refused:
        if refused.code != str(ListRefusal.ALREADY_CURRENT):
            raise
    return receipt, await _state(session, None)


async def _state(session: Session, at: datetime | None) -> "ListState":
    from greenlight.cli.base.replay import replayed

    state, _ = await replayed(session, LIST, list_stream(KEY), at)
    return state


async def _stored(session: Session) -> "Books":
    """The current version and the one that waits, read from what is stored."""
    from greenlight.answers.errors import ListMissingError
    from greenlight.answers.versions import stored_versions

    state = await _state(session, None)
    async with session.reader() as reader:
        try:
            return await stored_versions(reader, state, listing_book())
        except ListMissingError as error:
            raise fail(REFUSED, str(error)) from None


def _version(state: "ListState", digest: str) -> "ListVersion | None":
    return next(
        (each for each in (state.held, state.current) if each and each.content.digest == digest), None
    )


def _read(file: Path, content: bytes, retrieved: date) -> "Reading":
    from greenlight.lists.errors import ListFileError
    from greenlight.lists.read import read_list

    try:
        return read_list(content, list_id=KEY, retrieved=retrieved, shipped=listing_book())
    except ListFileError as error:
        raise fail(REFUSED, f"{file}: {error}") from None


def _book(file: Path) -> "ListingBook":
    return _read(file, read_content(file), _today()).book


def _today() -> date:
    from greenlight.kernel.time.calendar import agency_date

    return agency_date(datetime.now(UTC))


def _day(file: Path, given: str | None) -> date:
    """When it was downloaded: as said, or as asked. A file does not say it: copying it makes it younger."""
    if given is None:
        if not sys.stdin.isatty():
            raise fail(USAGE, f"--retrieved: say on which day {file} was downloaded, such as 2026-07-31")
        given = ask(f"On which day was {file} downloaded (YYYY-MM-DD)?")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise fail(USAGE, f"--retrieved {given}: a day, such as 2026-07-31") from None


def _print_doubts(doubts: Iterable[str]) -> None:
    for doubt in doubts:
        warn(f"doubtful: {doubt}")


def _print_reasons(held: "ListVersion") -> None:
    for reason in held.content.takes_two:
        warn(f"takes a second officer: {reason}")


def _named(version: "ListVersion | None") -> str | None:
    if version is None:
        return None
    by = f", confirmed by {version.confirmed_by.officer}" if version.confirmed_by else ""
    return (
        f"{version.content.digest}\n{version.content.entries} entries, downloaded on {version.retrieved},"
        f" loaded by {version.loaded_by.officer}{by}"
    )

"""Following what happens: every event by its position, at a terminal, in a pipe, or as a table in a file."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from greenlight.cli.base.options import Json
from greenlight.cli.base.output import counted, fail, local, print_json, print_line, progress, say, warn
from greenlight.cli.base.session import REFUSED, USAGE, Session, run

if TYPE_CHECKING:
    from greenlight.eventlog.following import Fact
    from greenlight.feed.export import Exported

After = Annotated[int, typer.Option(min=0, metavar="POSITION", help="Only what comes after this position.")]
Until = Annotated[
    int | None, typer.Option(min=0, metavar="POSITION", help="Up to this position. Default: the last one.")
]
Types = Annotated[
    list[str] | None, typer.Option("--type", metavar="TYPE", help="Only events of this type. Repeat.")
]
Streams = Annotated[
    list[str] | None,
    typer.Option(
        "--stream",
        metavar="STREAM|KIND",
        help="Only events of this stream (application-A123456), or of all of a kind (license). Repeat.",
    ),
]


def add_to(app: typer.Typer) -> None:
    for command in (events, export):
        app.command(rich_help_panel="Operate the service")(command)


def events(
    after: After = 0,
    until: Until = None,
    types: Types = None,
    streams: Streams = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with what is recorded from now on, until Ctrl-C.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print each as a CloudEvent, one a line.")] = False,
) -> None:
    """Print what happened, in its one order. Nothing is missed: whoever goes on after the last position that
    they saw has every event once.

    A connection that breaks is made anew. Whoever has no password of the database asks the front door
    (GET /events).

    Example: starter.py events --follow --json --stream application
    """
    from greenlight.eventlog.following import BehindError, Follower, Wanted
    from greenlight.eventlog.following import follow as following
    from greenlight.feed.cloudevents import CloudEvent

    wanted = Wanted(frozenset(types or ()), frozenset(streams or ()))
    if follow and until is not None:
        raise fail(USAGE, "--follow has no end: leave out --until")

    def shown(event: "Fact", origin: str) -> bool:
        if json:
            return print_line(CloudEvent(event, origin).text)
        say(f"{event.position:>8}  {local(event.recorded_at)}  {event.stream}  {event.type}")
        return True

    async def action(session: Session) -> None:
        async with Follower(session.database_url, application="greenlight-cli") as follower:
            head = await follower.head()
            if after > head.position:
                raise fail(REFUSED, f"the log stands at {head.position}, before {after}")
            if not follow:
                end = head.position if until is None else min(until, head.position)
                async for page in follower.pages(after, wanted, until=end):
                    if not all(shown(event, head.origin) for event in page.events):
                        return
                return
        try:
            async for page in following(
                session.database_url,
                after,
                wanted,
                lost=lambda error: warn(f"the event log is not available, trying again: {error}"),
                application="greenlight-cli",
            ):
                if not all(shown(event, head.origin) for event in page.events):
                    return
        except BehindError as error:
            raise fail(REFUSED, str(error)) from None

    run(action, endless=follow)


def export(
    out: Annotated[Path, typer.Option(metavar="FILE", help="A new file.")],
    form: Annotated[
        Literal["csv", "parquet"] | None,
        typer.Option("--format", help="Default: as the name of the file ends."),
    ] = None,
    after: After = 0,
    until: Until = None,
    types: Types = None,
    streams: Streams = None,
    json: Json = False,
) -> None:
    """Write events into a table for a warehouse, by position: each file begins where the one before it ended,
    so that no row is lost and none comes twice. The last position is said; the next file goes on after it.

    The columns are position, stream, version, type, at (legal time), recorded_at, command_id and record
    (JSON). The file is there whole or not at all, and only its owner reads it. Parquet needs the extra
    `parquet` of the package.

    Example: starter.py export --after 120000 --out events-120000.parquet
    """
    from greenlight.eventlog.following import Follower, Wanted
    from greenlight.feed.export import ExportError
    from greenlight.feed.export import export as write

    chosen = form or ("parquet" if out.suffix == ".parquet" else "csv" if out.suffix == ".csv" else None)
    if chosen is None:
        raise fail(USAGE, f"{out}: say --format csv or parquet")
    if out.exists():
        raise fail(USAGE, f"{out} is there already")
    wanted = Wanted(frozenset(types or ()), frozenset(streams or ()))

    async def action(session: Session) -> "Exported":
        async with Follower(session.database_url, application="greenlight-cli") as follower:
            head = (await follower.head()).position
            if after > head:
                raise fail(REFUSED, f"the log stands at {head}, before {after}")
            end = head if until is None else min(until, head)
            with progress("Exporting", end - after) as steps:

                async def pages():
                    async for page in follower.pages(after, wanted, until=end):
                        steps.at(page.reached - after)
                        yield page.events, page.reached

                return await write(pages(), after, chosen, out)

    try:
        done = run(action)
    except ExportError as error:
        raise fail(USAGE, str(error)) from None
    if json:
        print_json({"file": str(out), "rows": done.rows, "after": after, "position": done.position})
    else:
        say(f"{counted(done.rows, 'event')} up to position {done.position} are in {out}.")
        say(f"The next file goes on with --after {done.position}.")

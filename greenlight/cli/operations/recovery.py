"""Starting workflows again from the log, after Temporal lost them."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from greenlight.cli.base.options import Json, stream_of
from greenlight.cli.base.output import bad, fail, print_json, progress, say, warn
from greenlight.cli.base.session import USAGE, Session, run

if TYPE_CHECKING:
    from temporalio.client import Client

AT_ONCE = 20


class Started(NamedTuple):
    """A workflow that was started; ``taken_from``: what told that another on its id was a foreign one."""

    stream: str
    taken_from: str | None = None


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Operate the service")(resume)


def resume(
    cases: Annotated[
        list[str] | None, typer.Argument(metavar="CASE", help="Control or license numbers.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every case that has no outcome yet.")] = False,
    json: Json = False,
) -> None:
    """Start workflows again for cases that the log has: after a loss of Temporal's data, or a termination.

    A case whose workflow runs is left alone, so this may be done at any time and again. A foreign workflow on
    the id of a case is ended and told of, and the case's own started in its place.

    Example: starter.py resume --all
    """
    if every == bool(cases):
        raise fail(USAGE, "give control or license numbers, or --all")
    named = [stream_of(case) for case in cases or ()]

    async def action(session: Session) -> list[Started]:
        import asyncio

        from greenlight.connection.target import connect

        async with session.reader() as reader:
            streams = await reader.open_streams() if every else named
        temporal = await connect(session.target)
        gate = asyncio.Semaphore(AT_ONCE)
        with progress("Starting workflows", len(streams)) as steps:

            async def one(stream: str) -> Started | None:
                async with gate:
                    started = await _start(session, temporal, stream)
                steps.advance()
                return started

            return [each for each in await asyncio.gather(*map(one, streams)) if each]

    started = run(action)
    for each in started:
        if each.taken_from is not None:
            warn(bad(f"{each.stream} was taken back from a foreign workflow: {each.taken_from}"))
    if json:
        print_json([each.stream for each in started])
        return
    say(f"{len(started)} workflows started; those that ran were left alone")
    for each in started:
        say(f"  {each.stream}", " (taken back)" if each.taken_from is not None else "")


async def _start(session: Session, temporal: "Client", stream: str) -> Started | None:
    """Start a workflow for the case, unless it has one of its own that runs."""
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from greenlight.service.foreign import foreign, start_again, terminated

    async def records(stream: str) -> list[str]:
        async with session.reader() as reader:
            return [event.record async for event in reader.stream(stream)]

    try:
        await start_again(temporal, stream)
    except WorkflowAlreadyStartedError:
        found = await foreign(temporal, records, stream)
        if found is None:
            return None
        await terminated(temporal, found)
        with suppress(WorkflowAlreadyStartedError):
            # Another, a worker perhaps, may have been as quick.
            await start_again(temporal, stream)
        return Started(stream, found.reason)
    return Started(stream)

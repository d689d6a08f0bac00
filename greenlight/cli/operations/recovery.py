"""Starting workflows again from the log, after Temporal lost them."""

from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from greenlight.cli.base.options import Json, stream_of
from greenlight.cli.base.output import bad, fail, print_json, progress, say, warn
from greenlight.cli.base.replay import insist_on
from greenlight.cli.base.session import USAGE, Session, run
from greenlight.cli.operations.namespace import our_holder

if TYPE_CHECKING:
    from temporalio.client import Client

    from greenlight.service.foreign import Unlike

AT_ONCE = 20


class Started(NamedTuple):
    """A workflow that was started; ``instead_of``: one that was not what the log has, and was ended.
    ``paused``: none was, for an operator paused the one that there is."""

    stream: str
    instead_of: "Unlike | None" = None
    paused: bool = False


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

    A case whose workflow runs, or is paused, is left alone, so this may be done at any time and again. A
    foreign workflow on the id of a case, or one that is ahead of a log that was restored, is ended and told
    of, and the case's own started in its place.

    Example: starter.py resume --all
    """
    if every == bool(cases):
        raise fail(USAGE, "give control or license numbers, or --all")
    named = [stream_of(case) for case in cases or ()]

    async def action(session: Session) -> list[Started]:
        import asyncio

        from greenlight.connection.namespace import check
        from greenlight.connection.target import connect

        async with session.reader() as reader:
            streams = await reader.open_streams() if every else named
        for stream in named:
            await insist_on(session, stream)
        temporal = await connect(session.target)
        await check(temporal, await our_holder(session))
        gate = asyncio.Semaphore(AT_ONCE)
        with progress("Starting workflows", len(streams)) as steps:

            async def one(stream: str) -> Started | None:
                async with gate:
                    started = await _start(session, temporal, stream)
                steps.advance()
                return started

            return [each for each in await asyncio.gather(*map(one, streams)) if each]

    found = run(action)
    for each in found:
        if each.paused:
            warn(f"{each.stream} is paused by an operator, and was left so")
    started = [each for each in found if not each.paused]
    for each in started:
        if (other := each.instead_of) is not None:
            told = "was ahead of the log" if other.ahead else "was taken back from a foreign workflow"
            warn(bad(f"{each.stream} {told}: {other.reason}"))
    if json:
        print_json([each.stream for each in started])
        return
    say(f"{len(started)} workflows started; those that ran were left alone")
    for each in started:
        other = each.instead_of
        say(f"  {each.stream}", "" if other is None else " (begun anew)" if other.ahead else " (taken back)")


async def _start(session: Session, temporal: "Client", stream: str) -> Started | None:
    """Start a workflow for the case, unless it has one of its own that runs."""
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from greenlight.connection.executions import is_paused
    from greenlight.service.foreign import start_again, terminated, unlike

    async def records(stream: str) -> list[str]:
        async with session.reader() as reader:
            return [event.record async for event in reader.stream(stream)]

    try:
        await start_again(temporal, stream)
    except WorkflowAlreadyStartedError:
        found = await unlike(temporal, records, stream)
        if found is None:
            return Started(stream, paused=True) if await is_paused(temporal, stream) else None
        await terminated(temporal, found)
        with suppress(WorkflowAlreadyStartedError):
            # Another, a worker perhaps, may have been as quick.
            await start_again(temporal, stream)
        return Started(stream, found)
    return Started(stream)

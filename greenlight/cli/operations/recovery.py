"""Starting workflows again from the log, after Temporal lost them."""

from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, stream_of
from greenlight.cli.base.output import fail, print_json, progress, say
from greenlight.cli.base.session import USAGE, Session, run

if TYPE_CHECKING:
    from temporalio.client import Client

AT_ONCE = 20


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

    A case whose workflow runs is left alone, so this may be done at any time and again.

    Example: starter.py resume --all
    """
    if every == bool(cases):
        raise fail(USAGE, "give control or license numbers, or --all")
    named = [stream_of(case) for case in cases or ()]

    async def action(session: Session) -> list[str]:
        import asyncio

        from greenlight.connection.target import connect

        async with session.reader() as reader:
            streams = await reader.open_streams() if every else named
        temporal = await connect(session.target)
        gate = asyncio.Semaphore(AT_ONCE)
        with progress("Starting workflows", len(streams)) as steps:

            async def one(stream: str) -> str | None:
                async with gate:
                    started = await _start(temporal, stream)
                steps.advance()
                return stream if started else None

            return [stream for stream in await asyncio.gather(*map(one, streams)) if stream]

    started = run(action)
    if json:
        print_json([*started])
        return
    say(f"{len(started)} workflows started; those that ran were left alone")
    for stream in started:
        say(f"  {stream}")


async def _start(temporal: "Client", stream: str) -> bool:
    """Start a workflow for the case, and tell whether it had none that runs."""
    from temporalio.common import WorkflowIDReusePolicy
    from temporalio.exceptions import WorkflowAlreadyStartedError

    from greenlight.kernel.messages import Resume
    from greenlight.law.contract import TASK_QUEUE, workflow_type

    try:
        await temporal.start_workflow(
            workflow_type(stream),
            Resume(),
            id=stream,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=f"{stream}, taken over from the log",
        )
    except WorkflowAlreadyStartedError:
        return False
    return True

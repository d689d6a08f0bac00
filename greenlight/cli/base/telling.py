"""Counts of the workflows that have heard what was decided in their cases."""

from greenlight.cli.base.session import Session


async def telling(session: Session, stream: str) -> str | None:
    """Say it for people; None where the workflow of the stream does not say it, or does not run."""
    from temporalio.client import WorkflowQueryFailedError, WorkflowQueryRejectedError
    from temporalio.service import RPCError

    from greenlight.connection.target import connect
    from greenlight.kernel.messages import Told

    client = await connect(session.target)
    try:
        # One of the SDK's overloads leaves a type open; the one used here does not.
        found = await client.get_workflow_handle(stream).query("telling", result_type=Told)  # pyright: ignore[reportUnknownMemberType]
    except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        return None
    if not found.told and not found.left:
        return "none to be told since its own workflow began, or began anew"
    return f"{found.told} told, {found.left} to be told"

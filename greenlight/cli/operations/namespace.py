"""Commands on the Temporal namespace: whose it is, taking it over for a restored log, letting others call."""

from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json
from greenlight.cli.base.output import fail, print_json, say
from greenlight.cli.base.session import REFUSED, USAGE, Session, run

if TYPE_CHECKING:
    from temporalio.client import Client

    from greenlight.connection.namespace import Holder

app = typer.Typer(
    name="namespace",
    help="See whose Temporal's namespace is, take it over for a restored log, let other namespaces in.",
    no_args_is_help=True,
)


@app.command()
def show(json: Json = False) -> None:
    """Tell which event log, in which database, the namespace belongs to, and which one is asked here."""
    from greenlight.connection.namespace import holder

    async def action(session: Session) -> "tuple[str, Holder | None, Holder]":
        client, ours = await _both(session)
        return client.namespace, await holder(client), ours

    namespace, found, ours = run(action)
    if json:
        print_json(
            {
                "namespace": namespace,
                "log": found and found.log,
                "database": found and found.database,
                "ours": found == ours,
            }
        )
        return
    say(f"namespace {namespace} is that of {found}" if found else f"namespace {namespace} is nobody's yet")
    if found is not None and found != ours:
        say(f"DATABASE_URL leads to {ours}")


@app.command()
def adopt(
    namespace: Annotated[
        str, typer.Argument(metavar="NAMESPACE", help="The namespace that TEMPORAL_NAMESPACE names, in full.")
    ],
    force: Annotated[
        bool, typer.Option("--force", help="Also where a worker asked for work there a moment ago.")
    ] = False,
    json: Json = False,
) -> None:
    """Make the namespace that of the log that DATABASE_URL leads to: after a restore, or a move to another
    database. Stop what works on the other database first; two that act in one namespace disturb each other.

    Example: starter.py namespace adopt licensing
    """
    from greenlight.connection.namespace import adopt as take
    from greenlight.connection.namespace import at_work, holder
    from greenlight.law.contract import TASK_QUEUE

    async def action(session: Session) -> "tuple[Holder | None, Holder]":
        client, ours = await _both(session)
        if client.namespace != namespace:
            raise fail(USAGE, f"TEMPORAL_NAMESPACE names {client.namespace}, not {namespace}")
        if await holder(client) == ours:
            return ours, ours
        if not force and (workers := await at_work(client, TASK_QUEUE)):
            raise fail(
                REFUSED,
                f"refused: workers run in namespace {namespace} ({', '.join(workers)}): stop them, wait two "
                "minutes, and try again; or add --force",
            )
        return await take(client, ours), ours

    before, ours = run(action)
    if json:
        print_json({"namespace": namespace, "log": ours.log, "database": ours.database})
    elif before == ours:
        say(f"namespace {namespace} is that of {ours} already")
    else:
        was = f"that of {before}" if before else "nobody’s"
        say(f"namespace {namespace} was {was}, and is that of {ours}")


@app.command()
def endpoint(
    name: Annotated[str, typer.Argument(help="Its name: letters, digits and hyphens.")] = "licensing",
    move: Annotated[
        bool, typer.Option("--move", help="Also where it leads elsewhere: its callers then come here.")
    ] = False,
    json: Json = False,
) -> None:
    """Have a Nexus endpoint lead here, by which workflows of other namespaces file applications and send
    commands. There is one of a name in a cluster; the same again is harmless.

    Example: starter.py namespace endpoint licensing
    """
    from temporalio.service import RPCError

    from greenlight.connection.endpoint import EndpointTakenError, ensure_endpoint
    from greenlight.connection.target import connect

    async def action(session: Session) -> "tuple[str, bool]":
        client = await connect(session.target)
        try:
            return client.namespace, await ensure_endpoint(client, name, move=move)
        except EndpointTakenError as error:
            raise fail(REFUSED, f"refused: {error}; to have it lead here, add --move") from error
        except RPCError as error:
            raise fail(REFUSED, f"refused by Temporal: {error.message}") from error

    namespace, new = run(action)
    if json:
        print_json({"endpoint": name, "namespace": namespace, "changed": new})
    else:
        say(f"endpoint {name} leads to namespace {namespace}" + ("" if new else " already"))


async def _both(session: Session) -> "tuple[Client, Holder]":
    from greenlight.connection.target import connect

    return await connect(session.target), await our_holder(session)


async def our_holder(session: Session) -> "Holder":
    """The log that is asked here, as a namespace names whose it is."""
    from greenlight.connection.namespace import Holder

    async with session.reader() as reader:
        place = await reader.place()
    return Holder(place.log, place.database)

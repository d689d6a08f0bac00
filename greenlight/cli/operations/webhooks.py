"""Subscribers by webhook: who is told of events as they happen, how far, and what they did not take."""

import re
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import As, Csv, Json
from greenlight.cli.base.output import (
    Words,
    bad,
    counted,
    fail,
    good,
    local,
    print_facts,
    print_json,
    print_rows,
    say,
)
from greenlight.cli.base.session import REFUSED, USAGE, Session, read_settings, run
from greenlight.cli.operations.feed import Streams, Types
from greenlight.kernel.roles import Role

if TYPE_CHECKING:
    from greenlight.eventlog.subscribers import DeadLetter, Subscriber, Subscribers

_FORM = r"^wh_[0-9a-f]{16}$"


def _id(webhook: str) -> str:
    if not re.fullmatch(_FORM, webhook):
        raise fail(
            USAGE,
            f"WEBHOOK: {webhook}: an id is wh_ and sixteen of 0-9 a-f; starter.py webhooks list has them",
        )
    return webhook


Webhook = Annotated[
    str,
    typer.Argument(
        metavar="WEBHOOK",
        help="Its id, as `webhooks list` prints it: wh_0123456789abcdef.",
        callback=_id,
    ),
]

app = typer.Typer(
    name="webhooks",
    help="Have events told to an address, signed (Standard Webhooks): add, list, show, pause, replay, dead …",
    no_args_is_help=True,
    rich_help_panel="Operate the service",
)


def _subscribers(session: Session) -> "Subscribers":
    from greenlight.eventlog.subscribers import Subscribers

    return Subscribers(session.target.writer_url, application="greenlight-cli")


def _secret(subscriber: str) -> str:
    """The secret by which the messages to it are signed."""
    from greenlight.feed.secrets import load_key, secret_of
    from greenlight.signing.keys import KeyFileError

    try:
        return secret_of(load_key(read_settings().webhook_key_file), subscriber)
    except KeyFileError as error:
        raise fail(USAGE, str(error)) from None


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="Where each event is posted to, by https.")],
    officer: As,
    role: Annotated[
        Role | None, typer.Option(help="In which role they hear, where they hold several.")
    ] = None,
    types: Types = None,
    streams: Streams = None,
    after: Annotated[
        int | None,
        typer.Option(min=0, metavar="POSITION", help="Tell what comes after it. Default: from now on."),
    ] = None,
    json: Json = False,
) -> None:
    """Have events posted to an address, one after the other, each as a CloudEvent. The officer signs for it;
    the address hears what they may read, for as long as they have the role and the key is not revoked.

    The secret by which the receiver knows that messages are ours is printed. The same message comes again
    until it is answered with 2xx, always under the same webhook-id: let the receiver keep those.

    Example: starter.py webhooks add https://erp.example.com/licenses --as acme --stream application
    """
    import secrets

    from greenlight.eventlog.following import Wanted
    from greenlight.eventlog.subscribers import SUBSCRIBE, SubscriptionRefusedError, asked
    from greenlight.feed.addresses import AddressError, checked
    from greenlight.feed.secrets import digest_of
    from greenlight.kernel.streams import officer_stream

    identity = f"wh_{secrets.token_hex(8)}"
    wanted = Wanted(frozenset(types or ()), frozenset(streams or ()))
    try:
        checked(url, private=read_settings().webhook_private)
    except AddressError as error:
        raise fail(USAGE, f"{url}: {error}") from None
    secret = _secret(identity)

    async def action(session: Session) -> None:
        signer = await session.signer(officer)
        chosen = role or await _sole_role(session, officer)
        command = signer.sign(SUBSCRIBE, officer_stream(officer), asked(identity, url, wanted), role=chosen)
        async with _subscribers(session) as subscribers:
            if after is not None and after > (head := (await subscribers.head()).position):
                raise fail(REFUSED, f"the log stands at {head}, before {after}")
            try:
                await subscribers.add(
                    identity, url, wanted, token=command.token, secret=digest_of(secret), after=after
                )
            except SubscriptionRefusedError as error:
                raise fail(REFUSED, f"refused: {error.code}: {error}") from None

    run(action)
    if json:
        print_json({"id": identity, "url": url, "secret": secret})
    else:
        print_facts({"Webhook": identity, "Secret": secret})
        say("Give the secret to the receiver, and to nobody else; `webhooks show --secret` prints it again.")


async def _sole_role(session: Session, officer: str) -> Role:
    async with session.reader() as reader:
        roles = {held.role for row in await reader.officers(officer) for held in row.roles}
    if len(roles) != 1:
        raise fail(USAGE, f"{officer} holds {', '.join(sorted(roles)) or 'no role'}: say which with --role")
    return roles.pop()


@app.command("list")
def list_webhooks(json: Json = False, csv: Csv = False) -> None:
    """List all webhooks, on whose behalf they hear, and how far they are.

    Example: starter.py webhooks list --json
    """

    async def action(session: Session) -> "tuple[Subscriber, ...]":
        async with _subscribers(session) as subscribers:
            return await subscribers.all()

    print_rows(
        run(action),
        json,
        "Webhooks",
        {
            "webhook": lambda each: each.id,
            "address": lambda each: each.url,
            "for": lambda each: f"{each.officer} ({each.role})",
            "up to": lambda each: str(each.position),
            "is": lambda each: _standing(each),
            "dead": lambda each: str(each.dead),
        },
        csv=csv,
        drop=("up to", "dead"),
    )


def _standing(each: "Subscriber") -> Words:
    if each.paused is not None:
        return bad("paused")
    return bad("failing") if each.failures else good("well")


@app.command()
def show(
    webhook: Webhook,
    secret: Annotated[
        bool, typer.Option("--secret", help="With the secret that its messages are signed with.")
    ] = False,
    json: Json = False,
) -> None:
    """Show how a webhook stands: how far it is, what failed last, when it is tried again.

    Example: starter.py webhooks show wh_0123456789abcdef
    """

    async def action(session: Session) -> "Subscriber":
        async with _subscribers(session) as subscribers:
            found = await subscribers.one(_id(webhook))
        if found is None:
            raise _none(webhook)
        return found

    found = run(action)
    told = _secret(found.id) if secret else None
    if json:
        print_json({**found.model_dump(mode="json"), **({"secret": told} if told else {})})
        return
    print_facts(
        {
            "Webhook": found.id,
            "Address": found.url,
            "For": f"{found.officer} of {found.organisation}, {found.role}",
            "Types": ", ".join(found.types) or "all",
            "Streams": ", ".join(found.streams) or "all",
            "Since": local(found.created_at),
            "Up to position": str(found.position),
            "Paused": found.paused,
            "Failing since": found.failing_since and f"{local(found.failing_since)}, {found.failures} times",
            "Last failure": found.error,
            "Tried again at": found.next_try and local(found.next_try),
            "Dead": counted(found.dead, "event") if found.dead else None,
            "Secret": told,
        }
    )


@app.command()
def remove(webhook: Webhook) -> None:
    """Tell an address nothing any more, and forget it with its dead letters.

    Example: starter.py webhooks remove wh_0123456789abcdef
    """

    async def action(session: Session) -> None:
        async with _subscribers(session) as subscribers:
            if not await subscribers.remove(_id(webhook)):
                raise _none(webhook)

    run(action)
    say(f"{webhook} is removed.")


@app.command()
def pause(
    webhook: Webhook,
    reason: Annotated[str, typer.Option(help="Why, for whoever looks.")] = "by an operator",
) -> None:
    """Send nothing to an address until it is resumed. It misses nothing.

    Example: starter.py webhooks pause wh_0123456789abcdef --reason "they move house"
    """

    async def action(session: Session) -> None:
        async with _subscribers(session) as subscribers:
            if not await subscribers.pause(_id(webhook), reason):
                raise _none(webhook)

    run(action)
    say(f"{webhook} is paused.")


@app.command()
def resume(webhook: Webhook) -> None:
    """Go on with an address where it was paused, or failed, and at once. After the log was carried to another
    database, its webhooks are told from there once somebody says so.

    Example: starter.py webhooks resume wh_0123456789abcdef
    """

    async def action(session: Session) -> None:
        async with _subscribers(session) as subscribers:
            if not await subscribers.resume(_id(webhook)):
                raise _none(webhook)

    run(action)
    say(f"{webhook} goes on.")


@app.command()
def replay(
    webhook: Webhook,
    after: Annotated[
        int, typer.Option(min=0, metavar="POSITION", help="Everything after this position is told again.")
    ],
) -> None:
    """Tell an address everything after a position again, under the same webhook-ids; what of it was dead is
    tried again.

    Example: starter.py webhooks replay wh_0123456789abcdef --after 1200
    """

    async def action(session: Session) -> None:
        async with _subscribers(session) as subscribers:
            if await subscribers.one(_id(webhook)) is None:
                raise _none(webhook)
            if not await subscribers.replay(webhook, after):
                raise fail(REFUSED, f"the log has not reached the position {after}")

    run(action)
    say(f"{webhook} goes on after position {after}.")


@app.command()
def dead(webhook: Webhook, json: Json = False, csv: Csv = False) -> None:
    """List the events that an address would not take, with its last answer. `webhooks replay` tries them
    again; `events --after` prints them.

    Example: starter.py webhooks dead wh_0123456789abcdef
    """

    async def action(session: Session) -> "tuple[DeadLetter, ...]":
        async with _subscribers(session) as subscribers:
            if await subscribers.one(_id(webhook)) is None:
                raise _none(webhook)
            return await subscribers.dead(webhook)

    print_rows(
        run(action),
        json,
        "Dead letters",
        {
            "position": lambda each: str(each.position),
            "tries": lambda each: str(each.tries),
            "given up": lambda each: local(each.at),
            "last answer": lambda each: each.error,
        },
        csv=csv,
        drop=("tries",),
    )


def _none(webhook: str) -> Exception:
    return fail(REFUSED, f"there is no webhook {webhook}")

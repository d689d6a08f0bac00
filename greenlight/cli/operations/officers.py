"""Commands on the register of officers: who may sign what, from when to when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from greenlight.cli.base.before_signing import introduced
from greenlight.cli.base.options import As, Csv, Json, faulty, valid
from greenlight.cli.base.output import counted, fail, local, print_json, print_rows, say, words
from greenlight.cli.base.send import roles_at
from greenlight.cli.base.session import REFUSED, USAGE, Session, look, read_settings, run
from greenlight.cli.operations.cards import read_card
from greenlight.cli.operations.registration import asked_for
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import Digest, Identifier
from greenlight.kernel.problems import every_problem
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.card import Card
from greenlight.law.officer.commands import (
    AddKey,
    Asked,
    ConfirmChange,
    DiscardChange,
    GrantRole,
    RevokeKey,
    RevokeRole,
    RoleTerm,
    StateParticulars,
)
from greenlight.law.officer.particulars import Particulars

if TYPE_CHECKING:
    from greenlight.law.officer.view import KeyRow, OfficerRow

app = typer.Typer(
    name="officer",
    help="Keep the register of officers: key, prove, found, add, describe, grant, confirm, revoke, list.",
    no_args_is_help=True,
)


def _identifier(name: str) -> Callable[[str | None], str | None]:
    return valid(Identifier, name)


Officer = Annotated[
    str,
    typer.Argument(metavar="OFFICER", help="The officer whom it is about.", callback=_identifier("officer")),
]
CardFile = Annotated[Path, typer.Argument(metavar="CARD", help="What `officer prove` printed.")]
Change = Annotated[
    str,
    typer.Argument(
        metavar="CHANGE",
        help="The digest of the change, as `officer list` prints it.",
        callback=valid(Digest, "CHANGE"),
    ),
]


Person = Annotated[
    str, typer.Option(help="Id of the human being behind the account.", callback=_identifier("--person"))
]
Organisation = Annotated[
    str, typer.Option(help="Id of the organisation they act for.", callback=_identifier("--organisation"))
]


Name = Annotated[str | None, typer.Option(help="The officer's own name, as letters have it.")]
Title = Annotated[str | None, typer.Option(help="Their title, such as Director.")]
Called = Annotated[
    str | None, typer.Option(help="The organisation's registered name; it files under no other.")
]
Address = Annotated[
    list[str] | None, typer.Option(help="A line of the organisation's postal address; repeat.")
]
EMail = Annotated[str | None, typer.Option(help="The mailbox to which the organisation's letters go.")]


@app.command()
def key(officer: Officer, person: Person, organisation: Organisation, json: Json = False) -> None:
    """Make your private key in your key folder (GREENLIGHT_KEY_FOLDER), on your own machine. It stays there;
    one that is there is left as it is.

    Example: starter.py officer key olga --person p-17 --organisation agency
    """
    from greenlight.client.keyring import Keyring, KeyringError

    keyring = Keyring(read_settings().keys)
    there = officer in keyring.officers()
    try:
        signer = keyring.obtain(officer, person, organisation)
    except KeyringError as error:
        raise fail(USAGE, str(error)) from None
    file = keyring.folder / f"{officer}.pem"
    if json:
        print_json({"officer": officer, "kid": signer.key.public.kid, "file": str(file), "made": not there})
        return
    say(f"{file} {'is there already' if there else 'is made'}: the key {signer.key.public.kid}")
    say("Keep a copy where nobody else reads it. For the card that a registrar needs, say officer prove.")


@app.command()
def prove(
    officer: Officer,
    person: Person,
    organisation: Organisation,
    role: Annotated[
        list[Role] | None,
        typer.Option(help="A role to be held from then on; repeat. None for a further key."),
    ] = None,
    name: Name = None,
    title: Title = None,
    called: Called = None,
    address: Address = None,
    email: EMail = None,
) -> None:
    """Print what a registrar needs to register your key: the card. Run it where your key is; it stays there.

    The key in the key folder is used, or made there.

    Example: starter.py officer prove olga --person p-17 --organisation agency --role licensing_officer
    """
    from greenlight.client.keyring import Keyring, KeyringError

    roles, said = tuple(role or ()), _particulars(name, title, called, address, email)
    try:
        signer = Keyring(read_settings().keys).obtain(officer, person, organisation)
    except KeyringError as error:
        raise fail(USAGE, str(error)) from None
    print_json(
        Card(
            officer=officer,
            person=person,
            organisation=organisation,
            roles=roles,
            public_key=signer.key.public.x,
            possession=signer.possession(roles),
            particulars=said,
        )
    )


@app.command()
def found(
    cards: Annotated[list[Path], typer.Argument(metavar="CARD…", help="What `officer prove` printed.")],
    json: Json = False,
) -> None:
    """Begin a new register with its first officers, at once: two registrars or more, and nobody else.

    Nobody could sign for them. After that, what one registrar proposes another confirms.

    Example: starter.py officer found registrar.json deputy.json
    """
    founders = {card.officer: card.registration for card in map(read_card, cards)}

    async def action(session: Session) -> Receipt:
        from greenlight.eventlog.recorder import Recorder
        from greenlight.eventlog.registry import bootstrap

        async with Recorder(session.target.writer_url) as recorder:
            return _accepted(await bootstrap(recorder, founders))

    receipt = run(action)
    if json:
        print_json(receipt)
    else:
        say(f"recorded: the register begins with {', '.join(founders)}")


@app.command()
def add(card: CardFile, as_: As, json: Json = False) -> None:
    """Propose an officer. They are registered when another registrar confirms it.

    Example: starter.py officer add olga.json --as registrar
    """
    given = read_card(card)
    _propose(given.officer, given.registration, as_, json)


@app.command()
def describe(
    officer: Officer,
    as_: As,
    name: Name = None,
    title: Title = None,
    called: Called = None,
    address: Address = None,
    email: EMail = None,
    json: Json = False,
) -> None:
    """Propose what letters call an officer, and where their organisation's letters go.

    It replaces all that was said before, when another registrar confirms it.

    Example: starter.py officer describe olga --name "Olga Lind" --title "Licensing Officer" --as registrar
    """
    said = _particulars(name, title, called, address, email)
    if said is None:
        raise fail(USAGE, "say at least one of --name, --title, --called, --address and --email")
    _propose(officer, StateParticulars(particulars=said), as_, json)


@app.command()
def grant(
    officer: Officer,
    as_: As,
    role: Annotated[Role | None, typer.Option(help="A role, from when it is confirmed.")] = None,
    card: Annotated[
        Path | None, typer.Option(help="A further key, by what `officer prove` printed without roles.")
    ] = None,
    json: Json = False,
) -> None:
    """Propose a role, or a further key, for an officer. They have it when another registrar confirms it.

    Example: starter.py officer grant olga --role countersigner --as registrar
    """
    if (role is None) == (card is None):
        raise fail(USAGE, "give either --role or --card")
    if role is not None:
        _propose(officer, GrantRole(grant=RoleTerm(role=role)), as_, json)
    elif card is not None:
        given = read_card(card)
        if given.officer != officer:
            raise fail(USAGE, f"--card: it is of {given.officer}")
        _propose(officer, AddKey(key=given.key, possession=given.possession), as_, json)


@app.command()
def confirm(officer: Officer, change: Change, as_: As, json: Json = False) -> None:
    """Have a change take effect that another registrar proposed, and that is not for yourself.

    Example: starter.py officer confirm olga sha256:… --as deputy
    """
    _register(officer, ConfirmChange(change=change), as_, json)


@app.command()
def discard(officer: Officer, change: Change, as_: As, json: Json = False) -> None:
    """Give up a change that waits for a second registrar.

    Example: starter.py officer discard olga sha256:… --as deputy
    """
    _register(officer, DiscardChange(change=change), as_, json)


@app.command()
def revoke(
    officer: Officer,
    as_: As,
    role: Annotated[Role | None, typer.Option(help="A role, from now on.")] = None,
    key: Annotated[str | None, typer.Option(help="Id of a key (see list), from now on.")] = None,
    json: Json = False,
) -> None:
    """Take a role or a key away, at once. What was signed before stays.

    Example: starter.py officer revoke olga --role countersigner --as registrar
    """
    if (role is None) == (key is None):
        raise fail(USAGE, "give either --role or --key")
    if role is not None:
        _register(officer, RevokeRole(role=role), as_, json)
    elif key is not None:
        try:
            body = RevokeKey(kid=key)
        except ValidationError as error:
            raise faulty(error, "--key") from None
        _register(officer, body, as_, json)


@app.command("list")
def list_(json: Json = False, csv: Csv = False) -> None:
    """List the officers with the roles and keys they hold now, and what waits for a second registrar.

    --json shows the past as well.
    """
    rows, now = look(lambda reader: reader.officers()), datetime.now(UTC)
    if json:
        print_json(rows)
        return
    registered = [row for row in rows if row.person]
    print_rows(
        registered,
        json,
        counted(len(registered), "officer"),
        {
            "officer": lambda row: row.officer,
            "person": lambda row: row.person or "",
            "organisation": lambda row: row.organisation or "",
            "roles": lambda row: ", ".join(map(words, roles_at(row, now))),
            "keys": lambda row: "\n".join(key.kid for key in row.keys if _counts(key, now)) or "none",
        },
        csv=csv,
        drop=("organisation", "person"),
    )
    if not csv:
        _print_waiting(rows)


def _print_waiting(rows: "Sequence[OfficerRow]") -> None:
    """Say what a second registrar would confirm, whole: they sign for it."""
    for row in rows:
        for change in row.changes:
            proposed = f"proposed by {change.proposer} at {local(change.at)}"
            say(f"waits: {row.officer}: {asked_for(change.asked)}, {proposed}")
            say(f"  starter.py officer confirm {row.officer} {change.change} --as REGISTRAR")


def _counts(key: "KeyRow", now: datetime) -> bool:
    ends = [end for end in (key.valid_until, key.revoked_at) if end is not None]
    return key.valid_from <= now and all(now < end for end in ends)


def _particulars(
    name: str | None, title: str | None, called: str | None, address: list[str] | None, email: str | None
) -> Particulars | None:
    """The part of it that was given; None: nothing."""
    given = {"name": name, "title": title, "called": called, "email": email}
    given["address"] = "\n".join(address) if address else None
    said = {option: value for option, value in given.items() if value is not None}
    if not said:
        return None
    try:
        return Particulars.model_validate(said)
    except ValidationError as error:
        raise fail(USAGE, "\n".join(f"--{fault}" for fault in every_problem(error))) from None


def _propose(officer: str, asked: Asked, as_: str, json: bool) -> None:
    async def action(session: Session) -> tuple[Receipt, str]:
        from greenlight.eventlog.recorder import Recorder
        from greenlight.eventlog.registry import proposed_by

        receipt = await _sent(session, officer, asked, as_)
        async with Recorder(session.target.writer_url) as recorder:
            return receipt, await proposed_by(recorder, receipt)

    receipt, change = run(action)
    if json:
        print_json({**receipt.model_dump(mode="json"), "change": change})
        return
    say(f"recorded: {receipt.stream}, event {receipt.version}. It waits for another registrar:")
    say(f"  starter.py officer confirm {officer} {change} --as REGISTRAR")


def _register(officer: str, body: Body, as_: str, json: bool) -> None:
    receipt = run(lambda session: _sent(session, officer, body, as_))
    if json:
        print_json(receipt)
    else:
        say(f"recorded: {receipt.stream}, event {receipt.version}")


async def _sent(session: Session, officer: str, body: Body, as_: str) -> Receipt:
    from greenlight.eventlog.recorder import Recorder
    from greenlight.eventlog.registry import execute

    name = body.declared.name
    signer = await session.signer(as_)
    introduced(session, officer_stream(officer), body, await _meant(session, officer, body))
    command = signer.sign(name, officer_stream(officer), body)
    async with Recorder(session.target.writer_url) as recorder:
        return _accepted(await execute(recorder, officer, name, command))


async def _meant(session: Session, officer: str, body: Body) -> "Mapping[str, Sequence[str]]":
    """Tell what a change is that is named only by its digest."""
    if not isinstance(body, ConfirmChange | DiscardChange):
        return {}
    async with session.reader() as reader:
        rows = await reader.officers(officer)
    found = (change for row in rows for change in row.changes if change.change == body.change)
    return {"Proposed": tuple(f"{asked_for(each.asked)}, by {each.proposer}" for each in found)}


def _accepted(answer: Receipt | Refusal) -> Receipt:
    if isinstance(answer, Refusal):
        raise fail(REFUSED, f"refused: {answer.code}: {answer.message}")
    return answer

"""Commands on the register of officers: who may sign what, from when to when."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from greenlight.cli.base.options import As, Json, valid
from greenlight.cli.base.output import counted, fail, print_json, print_rows, say, words
from greenlight.cli.base.send import roles_at
from greenlight.cli.base.session import REFUSED, USAGE, Session, look, run
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.model import Identifier
from greenlight.kernel.refusal import Refusal, first_problem
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.commands import (
    AddKey,
    AddOfficer,
    GrantRole,
    KeyTerm,
    RevokeKey,
    RevokeRole,
    RoleTerm,
)
from greenlight.law.officer.keys import PublicKey

if TYPE_CHECKING:
    from greenlight.law.officer.view import KeyRow

app = typer.Typer(
    name="officer", help="Keep the register of officers: add, grant, revoke, list.", no_args_is_help=True
)


def _identifier(name: str) -> Callable[[str | None], str | None]:
    return valid(TypeAdapter(Identifier), name)


Officer = Annotated[
    str,
    typer.Argument(metavar="OFFICER", help="The officer whom it is about.", callback=_identifier("officer")),
]
PublicKeyOption = Annotated[
    str | None,
    typer.Option("--public-key", help="Their Ed25519 public key (base64url, 43 characters)."),
]


@app.command()
def add(
    officer: Officer,
    person: Annotated[
        str,
        typer.Option(help="Id of the human being behind the account.", callback=_identifier("--person")),
    ],
    organisation: Annotated[
        str,
        typer.Option(help="Id of the organisation they act for.", callback=_identifier("--organisation")),
    ],
    role: Annotated[list[Role], typer.Option(help="A role they hold from now on; repeat.")],
    as_: Annotated[
        str | None, typer.Option("--as", metavar="REGISTRAR", help="Sign as this registrar.")
    ] = None,
    public_key: PublicKeyOption = None,
    json: Json = False,
) -> None:
    """Register an officer. Without --public-key their key in the key folder is used, or made there.

    The first officer of a new log must be a registrar, and needs no --as: nobody could sign for them yet.

    Example: starter.py officer add olga --person p-17 --organisation agency
    --role licensing_officer --as registrar
    """

    async def action(session: Session) -> Receipt:
        from greenlight.eventlog.recorder import Recorder
        from greenlight.eventlog.registry import bootstrap, execute

        key = (
            _key(public_key)
            if public_key
            else session.keyring.obtain(officer, person, organisation).key.public
        )
        body = AddOfficer(
            person=person,
            organisation=organisation,
            key=KeyTerm(public_key=key),
            roles=tuple(RoleTerm(role=held) for held in role),
        )
        async with Recorder(session.target.writer_url) as recorder:
            if as_ is None:
                return _accepted(await bootstrap(recorder, officer, body))
            signer = await session.signer(as_)
            command = signer.sign("add_officer", officer_stream(officer), body)
            return _accepted(await execute(recorder, officer, "add_officer", command))

    _report(run(action), json)


@app.command()
def grant(
    officer: Officer,
    as_: As,
    role: Annotated[Role | None, typer.Option(help="A role, from now on.")] = None,
    public_key: PublicKeyOption = None,
    json: Json = False,
) -> None:
    """Give an officer a role, or a further key.

    Example: starter.py officer grant olga --role countersigner --as registrar
    """
    if (role is None) == (public_key is None):
        raise fail(USAGE, "give either --role or --public-key")
    if role is not None:
        _register(officer, "grant_role", GrantRole(grant=RoleTerm(role=role)), as_, json)
    elif public_key is not None:
        _register(officer, "add_key", AddKey(key=KeyTerm(public_key=_key(public_key))), as_, json)


@app.command()
def revoke(
    officer: Officer,
    as_: As,
    role: Annotated[Role | None, typer.Option(help="A role, from now on.")] = None,
    key: Annotated[str | None, typer.Option(help="Id of a key (see list), from now on.")] = None,
    json: Json = False,
) -> None:
    """Take a role or a key away. What was signed before stays.

    Example: starter.py officer revoke olga --role countersigner --as registrar
    """
    if (role is None) == (key is None):
        raise fail(USAGE, "give either --role or --key")
    if role is not None:
        _register(officer, "revoke_role", RevokeRole(role=role), as_, json)
    elif key is not None:
        try:
            body = RevokeKey(kid=key)
        except ValidationError as error:
            raise fail(USAGE, f"--key: {first_problem(error)}") from None
        _register(officer, "revoke_key", body, as_, json)


@app.command("list")
def list_(json: Json = False) -> None:
    """List the officers with the roles and keys they hold now; --json shows the past as well."""
    rows, now = look(lambda reader: reader.officers()), datetime.now(UTC)
    print_rows(
        rows,
        json,
        counted(len(rows), "officer"),
        {
            "officer": lambda row: row.officer,
            "person": lambda row: row.person,
            "organisation": lambda row: row.organisation,
            "roles": lambda row: ", ".join(map(words, roles_at(row, now))),
            "keys": lambda row: "\n".join(key.kid for key in row.keys if _counts(key, now)) or "none",
        },
    )


def _counts(key: "KeyRow", now: datetime) -> bool:
    ends = [end for end in (key.valid_until, key.revoked_at) if end is not None]
    return key.valid_from <= now and all(now < end for end in ends)


def _register(officer: str, name: str, body: Body, as_: str, json: bool) -> None:
    async def action(session: Session) -> Receipt:
        from greenlight.eventlog.recorder import Recorder
        from greenlight.eventlog.registry import execute

        signer = await session.signer(as_)
        command = signer.sign(name, officer_stream(officer), body)
        async with Recorder(session.target.writer_url) as recorder:
            return _accepted(await execute(recorder, officer, name, command))

    _report(run(action), json)


def _key(text: str) -> PublicKey:
    try:
        return PublicKey.model_validate({"x": text})
    except ValidationError as error:
        raise fail(USAGE, f"--public-key: {first_problem(error)}") from None


def _accepted(answer: Receipt | Refusal) -> Receipt:
    if isinstance(answer, Refusal):
        raise fail(REFUSED, f"refused: {answer.code}: {answer.message}")
    return answer


def _report(receipt: Receipt, json: bool) -> None:
    if json:
        print_json(receipt)
    else:
        say(f"recorded: {receipt.stream}, event {receipt.version}")

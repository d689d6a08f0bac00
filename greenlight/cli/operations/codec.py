"""Commands on what Temporal stores encrypted: the master keys, and the way in for a browser."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import As, Csv, Json
from greenlight.cli.base.output import fail, print_csv, print_json, print_line, say
from greenlight.cli.base.session import REFUSED, USAGE, Session, read_settings, run
from greenlight.kernel.roles import Role

if TYPE_CHECKING:
    from greenlight.codec.master import MasterKeys

app = typer.Typer(
    name="codec",
    help="Keep the master keys of what Temporal stores encrypted, and open the Temporal UI for a reader.",
    no_args_is_help=True,
)

KeyId = Annotated[str, typer.Argument(metavar="KEY", help="The key's id, as starter.py codec keys shows it.")]


@app.command()
def keys(json: Json = False, csv: Csv = False) -> None:
    """List the master keys by id, with the day on which each was made. All of them read, one writes.

    Example: starter.py codec keys
    """
    from greenlight.codec.master import load

    found = _done(lambda: load(read_settings().codec_keys_file))
    if csv:
        print_csv(("id", "made", "use"), _rows(found))
    else:
        _show(found, json)


@app.command()
def make(json: Json = False) -> None:
    """Make the file of master keys with a first key, where GREENLIGHT_CODEC_KEYS says, for its owner alone.
    What is there stays. Embedded servers make it by themselves; for others it is made once, and copied to
    every program that sends or works.

    Example: starter.py codec make
    """
    from greenlight.codec.master import make as made

    _show(_done(lambda: made(read_settings().codec_keys_file)), json)


@app.command()
def rotate(json: Json = False) -> None:
    """Add a new master key that writes from now on; the others go on reading. Programs that read this very
    file take it up within a second. Where others have copies of it: add, copy it to all, use, copy it again.

    Example: starter.py codec rotate
    """
    from greenlight.codec.master import rotated

    _changed(rotated, json)


@app.command()
def add(json: Json = False) -> None:
    """Add a new master key that only reads as yet: the first step where programs have copies of the file.

    Example: starter.py codec add
    """
    from greenlight.codec.master import MasterKey

    _changed(lambda before: before.with_added(MasterKey.generate()), json)


@app.command()
def use(key: KeyId, json: Json = False) -> None:
    """Have a master key write from now on, once every program has it: the second step of add.

    Example: starter.py codec use 20261129-1a2b3c4d
    """
    _changed(lambda before: before.with_current(key), json)


@app.command(name="open")
def open_browser(
    officer: As,
    server: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="The codec server. Default: the one beside the service on this machine."
        ),
    ] = None,
    role: Annotated[
        Role | None, typer.Option("--role", help="Needed where the officer holds several.")
    ] = None,
    token: Annotated[
        bool, typer.Option("--token", help="Print a token for five minutes instead of a link.")
    ] = False,
) -> None:
    """Print a link that opens a browser for the Temporal UI: good once, within a minute. What the UI shows is
    then what the officer may read, for eight hours, and each case that is shown is noted.

    Example: starter.py codec open --as olga

    Example: temporal workflow show -w application-A123456 --codec-endpoint http://127.0.0.1:8235
    --codec-auth "Bearer $(starter.py codec open --as olga --token)"
    """

    async def action(session: Session) -> str:
        signed = await _signed(session, officer, role)
        if token:
            return signed
        where = server or _beside()
        if not where:
            raise fail(USAGE, "no codec server is known here: name it with --server")
        return await _link(where, signed)

    # As it is: a terminal's width must not break what is pasted.
    print_line(run(action))


async def _signed(session: Session, officer: str, role: "Role | None") -> str:
    from greenlight.codec_server.sessions import Register
    from greenlight.signing.reading import sign_reading

    signer = await session.signer(officer)
    assert signer.log is not None, "the session says for which log"
    async with Register(session.database_url, application="greenlight-cli") as register:
        held = await register.roles(signer.key.public.kid)
    if role is None and len(held) != 1:
        raise fail(USAGE, f"{officer} holds {', '.join(sorted(held)) or 'no role'}: say which with --role")
    return sign_reading(officer, role or next(iter(held)), signer.log, signer.key)


def _beside() -> str | None:
    from greenlight.embedded import running

    up = running(read_settings().data)
    return up.codec if up else None


async def _link(server: str, token: str) -> str:
    import httpx

    from greenlight.connection.target import UnreachableError

    try:
        async with httpx.AsyncClient(timeout=10) as http:
            answer = await http.post(
                f"{server.rstrip('/')}/sessions", headers={"Authorization": f"Bearer {token}"}
            )
            said = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise UnreachableError(f"no codec server answers at {server}: {type(error).__name__}") from error
    if not answer.is_success:
        raise fail(REFUSED, f"refused: {said.get('code')}: {said.get('detail')}")
    return str(said["link"])


def _changed(by: "Callable[[MasterKeys], MasterKeys]", json: bool) -> None:
    from greenlight.codec.master import change

    _show(_done(lambda: change(read_settings().codec_keys_file, by)), json)


def _done(work: "Callable[[], MasterKeys]") -> "MasterKeys":
    from greenlight.codec.master import CodecKeysError

    try:
        return work()
    except CodecKeysError as error:
        raise fail(REFUSED, f"refused: {error}") from None


def _show(found: "MasterKeys", json: bool) -> None:
    if json:
        print_json(
            [
                {"id": each.id, "made": each.made.isoformat(), "writes": each.id == found.current}
                for each in found.keys.values()
            ]
        )
        return
    for key, made, use in _rows(found):
        say(f"{key}  made {made}  {use}")


def _rows(found: "MasterKeys") -> list[tuple[str, str, str]]:
    """Of each key its id, the day on which it was made, and its use."""
    return [
        (each.id, f"{each.made:%Y-%m-%d}", "writes" if each.id == found.current else "reads")
        for each in found.keys.values()
    ]

"""Programs beside the worker, where one command runs everything on one machine: the auditor, the front
door, and the server that opens payloads for Temporal's UI. Elsewhere each is a service."""

import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog

from greenlight import embedded
from greenlight.audit.beside import beside as auditor
from greenlight.cli.operations.development import ensure_development_officers
from greenlight.client.keyring import Keyring, KeyringError
from greenlight.codec.sealing import CodecMode
from greenlight.codec_server.serving import address_of, listening, served
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target, external_target
from greenlight.desk import DEVELOPMENT
from greenlight.serving.beside import beside as program

_log = structlog.stdlib.get_logger("beside")


@dataclass(frozen=True, slots=True)
class CodecListener:
    """The socket of the codec server, there before the UI is told of it; none: there is no server."""

    opened: socket.socket | None = None

    @property
    def url(self) -> str:
        """Its address; empty: there is none."""
        return "" if self.opened is None else address_of(self.opened)


@dataclass(frozen=True, slots=True)
class Places:
    """The addresses at which people and programs find what runs; ``codec`` empty: nothing is encrypted."""

    door: str
    desk: str
    codec: str


@contextmanager
def codec_listening(settings: Settings) -> Generator[CodecListener]:
    """Open payloads for the UI of this machine's own servers, while the context lasts.

    :raises StartError: another program keeps them up already.
    :raises CodecServerError: its port is taken.
    """
    if settings.codec is CodecMode.OFF or external_target(settings) is not None:
        yield CodecListener()
        return
    # Whose port that is would be told otherwise, and not what is to be done.
    embedded.free(settings.data)
    with listening("127.0.0.1", settings.port_of_codec, "GREENLIGHT_CODEC_PORT") as opened:
        yield CodecListener(opened)


@asynccontextmanager
async def beside(settings: Settings, target: Target, codec: CodecListener) -> AsyncGenerator[Places]:
    """All of it is up while the context lasts.

    :raises AddressError: the address of one is taken.
    """
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(auditor(settings, target.auditor_url))
        door = await stack.enter_async_context(
            program(settings, target, "greenlight.door", settings.door_address, "door")
        )
        # On its own servers it signs for made-up people, too; on those of others it holds no key.
        trial = (DEVELOPMENT,) if target.embedded else ()
        if target.embedded:
            await _made_up_people(settings, target)
        desk = await stack.enter_async_context(
            program(settings, target, "greenlight.desk", settings.desk_address, "desk", *trial)
        )
        if codec.opened is not None:
            ui = target.ui or ""
            # As a browser on this machine may write it.
            origins = (ui, ui.replace("127.0.0.1", "localhost"))
            await stack.enter_async_context(
                served(
                    codec.opened,
                    target.sealing,
                    target.database_url,
                    origins,
                    share=settings.network_share,
                )
            )
        yield Places(door, settings.desk_origin or _for_browsers(desk), codec.url)


def _for_browsers(url: str) -> str:
    """The address by the name of this machine: a passkey knows no bare address."""
    return url.replace("127.0.0.1", "localhost")


async def _made_up_people(settings: Settings, target: Target) -> None:
    """Register those for whom the desk signs, if nobody has yet."""
    try:
        await ensure_development_officers(target.writer_url, Keyring(settings.keys))
    except KeyringError as error:
        _log.warning("nobody can sign at the desk", why=str(error))


def announce(target: Target, settings: Settings, places: Places) -> None:
    """Tell a person at the terminal where everything is; whoever gave the servers knows."""
    lines = (
        "The service runs. Ctrl-C stops it.",
        "",
        f"  Temporal UI   {target.ui}",
        f"  Desk          {places.desk}",
        f"  Front door    {places.door}",
        *((f"  Codec server  {places.codec}   (starter.py codec open --as NAME)",) if places.codec else ()),
        "",
        "  Another program connects with",
        "",
        f"    export TEMPORAL_ADDRESS={target.address}",
        f"    export TEMPORAL_NAMESPACE={target.namespace}",
        f"    export GREENLIGHT_KEY_FOLDER='{settings.keys.absolute()}'",
        f"    export DATABASE_URL='{target.database_url}'",
    )
    print("\n".join(lines), flush=True)

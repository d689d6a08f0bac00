"""The server beside a service on this machine, or as a program of its own: from a socket to answers."""

import socket
from collections.abc import AsyncGenerator, Collection, Generator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from greenlight.answers.caller import Callers
from greenlight.answers.scope import Scope
from greenlight.codec.master import CodecKeysError
from greenlight.codec.payloads import CaseCodec
from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.codec.service import FileKeys
from greenlight.codec_server.app import CodecServer
from greenlight.codec_server.sessions import Register
from greenlight.eventlog.access import AccessLog
from greenlight.serving.server import served as server_of


class CodecServerError(Exception):
    """It cannot be served there. The message says what to do."""


@contextmanager
def listening(host: str, port: int, setting: str) -> Generator[socket.socket]:
    """A socket that takes connections from now on, to be answered once something serves on it.

    :raises CodecServerError: the address is taken or not this machine's.
    """
    try:
        listener = socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except (OSError, OverflowError) as error:
        raise CodecServerError(
            f"the codec server cannot listen at {host}:{port} ({error}): let {setting} say another place"
        ) from error
    with listener:
        yield listener


def address_of(listener: socket.socket) -> str:
    """The URL at which it is reached on this machine."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def served(
    listener: socket.socket, sealing: Sealing, database_url: str, origins: Collection[str], *, share: float
) -> AsyncGenerator[None]:
    """The codec server, up while the context lasts. ``share``: the part of all places of one network.

    :raises CodecKeysError: the keys are not there.
    """
    async with AsyncExitStack() as stack:
        server = CodecServer(
            codec=codec_of(sealing),
            callers=await stack.enter_async_context(Callers(database_url)),
            register=await stack.enter_async_context(Register(database_url, application="greenlight-codec")),
            scope=await stack.enter_async_context(Scope(database_url)),
            access=await stack.enter_async_context(AccessLog(database_url)),
            origins=origins,
            share=share,
        )
        async with server_of(server.app(), listener, share=share):
            yield


def codec_of(sealing: Sealing) -> CaseCodec:
    """:raises CodecKeysError: the keys are not there."""
    if sealing.keys is None:
        raise CodecKeysError("there are no codec keys: let GREENLIGHT_CODEC_KEYS name their file")
    # Whoever seals here has decided to.
    mode = CodecMode.ACCEPT_PLAIN if sealing.mode is CodecMode.OFF else sealing.mode
    return CaseCodec.of(mode, FileKeys(sealing.keys))

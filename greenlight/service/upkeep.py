"""A worker's work beside its workflows': it publishes the log, sends letters, repairs, reads ahead.

Each is a context: it goes on while the context lasts, whatever fails now and then.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from greenlight.connection.settings import Settings
from greenlight.eventlog.database import DatabaseError
from greenlight.eventlog.publish import ContradictionError, Publisher
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.session import LogUnavailableError
from greenlight.eventlog.stored import LogMissingError
from greenlight.letters.courier import FolderCourier
from greenlight.service.foreign import records_of, take_back
from greenlight.service.letters import drain
from greenlight.service.repair import mend
from greenlight.service.screening import ListScreener
from greenlight.signing.keys import KeyFileError, SigningKey
from greenlight.tlog.folder import TileFolder

_log = structlog.stdlib.get_logger("worker")


@asynccontextmanager
async def publishing(settings: Settings, database_url: str) -> AsyncGenerator[None]:
    """Publish the log as far as it has grown, now and then and once more at the end."""
    key = _checkpoint_key(settings.checkpoint_key_file)
    failed: dict[str, str] = {}

    async def publish() -> None:
        nonlocal failed
        try:
            done = await publisher.publish()
        except (ContradictionError, LogMissingError, LogUnavailableError, DatabaseError, OSError) as error:
            # The service goes on. What is missing is made up for by the next one, which covers the time.
            _log.error("log not published", error=str(error))
            return
        if done is not None:
            for name in done.failed.keys() - failed.keys():
                _log.warning("checkpoint not cosigned", witness=name, error=done.failed[name])
            failed = done.failed

    folder = TileFolder(settings.tile_path)
    async with (
        Publisher(database_url, folder, key, settings.witnesses) as publisher,
        repeating(publish, settings.checkpoint_interval),
    ):
        yield


@asynccontextmanager
async def letters(settings: Settings, database_url: str) -> AsyncGenerator[None]:
    """Send the letters that are owed. Any number of workers may do so at once: each letter goes out once."""
    courier = FolderCourier(settings.letter_path)

    async def send() -> None:
        try:
            drained = await drain(database_url, courier)
        except (LogUnavailableError, DatabaseError) as error:
            # What is owed stays on record, and is sent by the next try.
            _log.error("letters not sent", error=str(error))
            return
        for failure in drained.failed:
            _log.error("letter not sent", letter=failure.letter_id, error=failure.reason)

    async with repeating(send, settings.letter_interval):
        yield


@asynccontextmanager
async def mending(settings: Settings, client: Client, recorder: Recorder) -> AsyncGenerator[None]:
    """Look for workflows that an error of the SDK keeps from going on, and for foreign ones."""

    async def look() -> None:
        try:
            mended = await mend(client)
            await take_back(client, partial(records_of, recorder))
        except RPCError as error:
            _log.warning("no look at what cannot go on", error=error.message)
            return
        for case in mended:
            _log.error("workflow could not go on and was started again from the log", case=case)

    async with repeating(look, settings.mending_interval, once_more=False):
        yield


@asynccontextmanager
async def reading_ahead(recorder: Recorder, screener: ListScreener) -> AsyncGenerator[None]:
    """Read the list that stands, which takes seconds, before somebody waits for it."""

    async def read() -> None:
        try:
            await screener.read_ahead(await recorder.read_standing())
        except (LogUnavailableError, DatabaseError) as error:
            # Whoever needs it reads it then.
            _log.warning("the list was not read ahead", error=str(error))

    reading = asyncio.create_task(read())
    try:
        yield
    finally:
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading


@asynccontextmanager
async def repeating(
    action: Callable[[], Awaitable[None]], seconds: float, *, once_more: bool = True
) -> AsyncGenerator[None]:
    """Do something now and then, and ``once_more`` at the end. What fails is tried again, whatever it was."""
    ending = asyncio.Event()

    async def attempt() -> None:
        try:
            await action()
        except Exception as error:  # noqa: BLE001 - nobody waits for it, and the next try may do it.
            name = getattr(action, "__name__", "?")
            _log.error("could not be done", what=name, error=type(error).__name__)

    async def repeat() -> None:
        # What is cancelled in the middle may end by another error, as a connection that does not close.
        while not ending.is_set():
            await asyncio.sleep(seconds)
            await attempt()

    task = asyncio.create_task(repeat())
    try:
        yield
    finally:
        ending.set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        if once_more:
            await attempt()


def _checkpoint_key(path: Path) -> SigningKey:
    """The key that signs checkpoints, made on first use."""
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Another worker on this folder may be as early.
            with suppress(FileExistsError):
                SigningKey.generate().save(path)
        return SigningKey.load(path)
    except OSError as error:
        raise KeyFileError(
            f"the checkpoint key {path} cannot be used ({error.strerror}): "
            "see GREENLIGHT_CHECKPOINT_KEY, GREENLIGHT_KEY_FOLDER and GREENLIGHT_DATA"
        ) from error

"""A worker's work beside its workflows: it publishes the log, sends letters, repairs, cleans up, reads ahead.

Each is a task for the runner (``greenlight.service.background``), and raises what keeps it from being done.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import structlog
from pydantic import ValidationError
from temporalio.client import Client

from greenlight.attached.unnamed import unnamed
from greenlight.codec.sealing import Sealing
from greenlight.connection.attachments import store_of
from greenlight.connection.settings import Settings
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.publish import Publisher
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.subscribers import Hearer
from greenlight.feed.audience import Readable
from greenlight.feed.secrets import load_key
from greenlight.feed.webhooks import Webhooks
from greenlight.files import text_of
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.problems import first_problem
from greenlight.kernel.time.calendar import read_calendar
from greenlight.letters.courier import Courier, FolderCourier
from greenlight.letters.render import try_out
from greenlight.letters.sheet import Letterhead, LetterSettingError, read_seal
from greenlight.service.background import Items, Task
from greenlight.service.folding import records_of
from greenlight.service.foreign import take_back
from greenlight.service.letters import drain
from greenlight.service.mail import MailCourier, Relay, Transport
from greenlight.service.moments import Moments
from greenlight.service.repair import Mender
from greenlight.service.screening import ListScreener
from greenlight.signing.keys import KeyFileError, SigningKey
from greenlight.tlog.folder import TileFolder

_WEBHOOK_SECONDS = 20.0
_CLEANING_SECONDS = 3_600.0
_MOMENT_SECONDS = 15.0
"""An instant of the law is a midnight, mostly: nobody waits for the second."""

_log = structlog.stdlib.get_logger("worker")


@asynccontextmanager
async def publishing(settings: Settings, database_url: str) -> AsyncGenerator[Task]:
    """Publish the log as far as it has grown, now and then and once more at the end."""
    key = _checkpoint_key(settings.checkpoint_key_file)
    failed: dict[str, str] = {}

    async def publish(_: Items) -> None:
        nonlocal failed
        done = await publisher.publish()
        if done is not None:
            for name in done.failed.keys() - failed.keys():
                _log.warning("checkpoint not cosigned", witness=name, error=done.failed[name])
            failed = done.failed

    folder = TileFolder(settings.tile_path)
    async with Publisher(database_url, folder, key, settings.witnesses) as publisher:
        yield Task("publishing", publish, settings.checkpoint_interval, at_the_end=True)


def letters(settings: Settings, database_url: str, log: str) -> Task:
    """Send the letters that are owed. Any number of workers may do so at once.

    :raises LetterSettingError: the letterhead, or the way to the mail relay, cannot be used as it is set.
    """
    letterhead, courier = letterhead_of(settings), courier_of(settings, log)

    async def send(letters: Items) -> None:
        # What fails stays on record as owed.
        drained = await drain(database_url, courier, letterhead, resting=letters.resting())
        for letter_id in drained.sent:
            letters.done(letter_id)
        for failure in drained.failed:
            told = {"letter": failure.letter_id, "error": failure.reason}
            if failure.for_good:
                letters.done(failure.letter_id)
                _log.error("letter given up, until somebody asks for another try", **told)
            else:
                _log.error("letter not sent", again_in=round(letters.failed(failure.letter_id), 1), **told)
        letters.given_up = drained.given_up

    return Task("letters", send, settings.letter_interval, at_the_end=True)


def letterhead_of(settings: Settings) -> Letterhead:
    """The letterhead as it is set, once it was printed on a page.

    :raises LetterSettingError: it cannot be.
    """
    given = {
        "name": settings.letterhead_name,
        "above": settings.letterhead_above,
        "address": settings.letterhead_address
        and "\n".join(line.strip() for line in settings.letterhead_address.split(";")),
        "seal": read_seal(settings.letterhead_seal) if settings.letterhead_seal else None,
    }
    try:
        letterhead = Letterhead.model_validate({name: each for name, each in given.items() if each})
    except ValidationError as error:
        raise LetterSettingError(f"GREENLIGHT_LETTERHEAD_{first_problem(error)}") from None
    try_out(letterhead)
    return letterhead


def courier_of(settings: Settings, log: str) -> Courier:
    """The courier as it is set, of the letters of the log of that name.

    :raises LetterSettingError: a setting that it needs is not there, or leads to nothing.
    """
    folder = FolderCourier(settings.letter_path)
    if settings.courier == "folder":
        return folder
    if settings.smtp_server is None or settings.smtp_sender is None:
        raise LetterSettingError(
            "GREENLIGHT_COURIER=smtp takes GREENLIGHT_SMTP_SERVER and GREENLIGHT_SMTP_SENDER"
        )
    host, _, port = settings.smtp_server.rpartition(":")
    try:
        password = settings.smtp_password
        if settings.smtp_password_file is not None:
            password = text_of(settings.smtp_password_file).strip()
        relay = Relay(
            host=host.strip("[]"),
            port=int(port),
            sender=settings.smtp_sender,
            name=settings.letterhead_name or Letterhead().name,
            log=log,
            transport=Transport(settings.smtp_transport),
            user=settings.smtp_user,
            password=password,
            authorities=settings.smtp_authorities,
        )
        return MailCourier(relay, folder)
    except OSError as error:
        raise LetterSettingError(f"{error.filename}: {error.strerror}: see GREENLIGHT_SMTP_*") from error


def mending(settings: Settings, client: Client, recorder: Recorder) -> Task:
    """Look for workflows that do not go on."""
    overdue = recorder.overdue if settings.kind is Kind.PRODUCTION else None
    mender = Mender(client, overdue, partial(records_of, recorder))

    async def look(cases: Items) -> None:
        for case in await mender.look(cases):
            _log.error("workflow could not go on and was started again from the log", case=case)

    return Task("mending", look, settings.mending_interval)


def taking_back(settings: Settings, client: Client, recorder: Recorder) -> Task:
    """Look for foreign workflows on the ids of cases."""

    async def look(cases: Items) -> None:
        await take_back(client, partial(records_of, recorder), cases)

    return Task("taking back", look, settings.mending_interval)


def cleaning(settings: Settings, sealing: Sealing, database_url: str) -> Task:
    """Remove the bytes of attachments that have been there for 30 days and that no filing names, as
    `starter.py attachments clean --apply` does. Any number of workers may do so at once."""
    store = store_of(settings, sealing)

    async def clean(_: Items) -> None:
        async with Reader(database_url, application="greenlight-attachments") as reader:
            found = await unnamed(store, reader, datetime.now(UTC))
        for each in found:
            await store.drop(each)
        if found:
            _log.info("documents that no filing names were removed", documents=len(found))

    return Task("attachments", clean, _CLEANING_SECONDS, at_the_start=True)


def noticing_moments(settings: Settings, moments: Moments) -> tuple[Task, ...]:
    """Look for instants that have come. In a rehearsal, whose clock goes by what is sent, none is noticed."""
    if settings.kind is not Kind.PRODUCTION:
        return ()

    async def look(items: Items) -> None:
        await moments.look(items)

    return (Task("moments", look, _MOMENT_SECONDS),)


@asynccontextmanager
async def webhooks(settings: Settings, database_url: str, readable: Readable[Hearer]) -> AsyncGenerator[Task]:
    """Tell subscribers of events, of what ``readable`` lets them hear, and keep on record what that was. Of
    all processes that may do so one does."""
    key = load_key(settings.webhook_key_file)

    async def note(hearer: Hearer, streams: frozenset[str]) -> None:
        await access.note_all(hearer, streams, "webhook")

    async with AccessLog(database_url) as access:
        told = Webhooks(database_url, key, readable, note, private=settings.webhook_private)

        async def tell(_: Items) -> None:
            # It comes back now and then to say that it is well.
            await told.work(_WEBHOOK_SECONDS)

        yield Task("webhooks", tell, 1)


def reading_ahead(recorder: Recorder, screener: ListScreener) -> Task:
    """Read what takes its time before somebody waits for it: the list that stands, which takes seconds, and
    the calendar, a tenth of one, in which nobody else has a turn."""

    async def read(_: Items) -> None:
        await asyncio.to_thread(read_calendar, datetime.now(UTC).year)
        await screener.read_ahead(await recorder.read_standing())

    return Task("reading ahead", read, 1, once=True)


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

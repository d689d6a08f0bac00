"""The way from a command to the service: servers that the environment names, or those of ``make serve``."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import typer

from greenlight.cli.base.output import doubtful, fail, warn
from greenlight.cli.base.waiting import Waiting

if TYPE_CHECKING:
    from greenlight.client import LicensingClient, Signer
    from greenlight.client.answers import Sent
    from greenlight.client.keyring import Keyring
    from greenlight.connection.settings import Settings
    from greenlight.connection.target import Target
    from greenlight.eventlog.read import Reader
    from greenlight.eventlog.read_events import StreamReader
    from greenlight.screening.book import ListingBook

T = TypeVar("T")

legal_instant: ContextVar[datetime | None] = ContextVar("legal_instant", default=None)
"""When the commands come that are signed, in a rehearsal; None: they do not say, as in production."""

unasked: ContextVar[bool] = ContextVar("unasked", default=False)
"""The wish of who signs, said beforehand (``--yes``), for no question."""

REFUSED = 1
USAGE = 2
UNREACHABLE = 3
INTERRUPTED = 130
"""As shells have it of a command that Ctrl-C ended."""

_ASKED_SECONDS = 3
"""For so long the log is asked what became of a command."""

_NO_SUCH_TABLE = {"42P01", "3F000"}
"""SQL states: there is no such table, no such schema."""

_NOT_PERMITTED = "42501"
"""The SQL state: the user of the database may not do this."""

_NOT_MIGRATED = (
    "unreachable: the database has no event log: run `python -m greenlight.eventlog.migrate` as its owner, "
    "or check DATABASE_URL"
)

_MAY_NOT = (
    "unreachable: the user of the database may not do this: what records needs a writer's address "
    "(GREENLIGHT_WRITER_URL), and rebuild the owner's (GREENLIGHT_OWNER_URL)"
)


class Session:
    """Servers and keys for one command. Opens nothing before it is needed."""

    def __init__(self, settings: "Settings", waiting: Waiting) -> None:
        self._settings = settings
        self._patience = timedelta(seconds=settings.patience)
        self.waiting = waiting
        self.database_url = settings.database_url or self.target.database_url
        """For what only reads the log, which asks for no Temporal."""

    @cached_property
    def target(self) -> "Target":
        """The way to Temporal and the database, and for whom."""
        from greenlight.connection.target import UnreachableError, embedded_target, external_target

        target = external_target(self._settings, both=False)
        if target is not None:
            return target
        from greenlight.embedded import running

        up = running(self._settings.data)
        if up is None:
            raise UnreachableError(
                f"the service is not running on {self._settings.data}: start it with `make serve`, "
                "or set TEMPORAL_ADDRESS and DATABASE_URL"
            )
        sealing = self._settings.sealing(make=True)
        return embedded_target(up.temporal, up.namespace, up, up.ui, sealing=sealing)

    @cached_property
    def keyring(self) -> "Keyring":
        """The keys that it signs with."""
        from greenlight.client.keyring import Keyring

        return Keyring(self._settings.keys)

    def events(self) -> "StreamReader":
        """Reads the event log itself; to be used in ``async with``."""
        from greenlight.eventlog.read_events import StreamReader

        return StreamReader(self.database_url, application="greenlight-cli")

    def reader(self) -> "Reader":
        """Reads the event log and what is derived from it; to be used in ``async with``."""
        from greenlight.eventlog.read import Reader

        return Reader(self.database_url, application="greenlight-cli")

    async def client(self, officer: str) -> "LicensingClient":
        """A client that signs as ``officer``."""
        from greenlight.client import LicensingClient
        from greenlight.connection.target import connect

        self.waiting.signs = True
        signer = await self.signer(officer)
        return LicensingClient(
            await connect(self.target), signer, patience=self._patience, waiting=self.waiting.for_answer
        )

    async def signer(self, officer: str) -> "Signer":
        """The signer for an officer, who signs for the log that is asked; on the embedded default,
        development officers are made first."""
        async with self.events() as reader:
            self.keyring.sign_for(await reader.log_name())
        if self.target.embedded:
            from greenlight.cli.operations.development import ensure_development_officers

            await ensure_development_officers(self.target.writer_url, self.keyring)
            warn(
                doubtful(
                    f"Signing with a DEVELOPMENT KEY from {self.keyring.folder}: "
                    "whoever can read that folder can decide."
                )
            )
        return replace(self.keyring.signer(officer), at=legal_instant.get())


def run(action: Callable[[Session], Awaitable[T]], *, endless: bool = False) -> T:
    """Run a command's action, and turn what can go wrong into an exit code and one line.

    0 done, 1 refused (the code on standard error) or found wanting, 2 usage, 3 unreachable, 130 interrupted;
    what is ``endless`` is done when it is interrupted.
    """
    settings = read_settings()
    waiting = Waiting()

    async def whole() -> T:
        try:
            async with waiting.told():
                return await action(Session(settings, waiting))
        finally:
            if "temporalio" in sys.modules:
                # The SDK's native threads want a moment before the interpreter ends (sdk-python issue 300).
                await asyncio.sleep(0.05)

    try:
        return asyncio.run(whole())
    except (typer.Exit, typer.Abort):
        raise
    except Exception as error:
        # What may be wrong is known to many modules, which nobody waits for as long as nothing is.
        waiting.known = _on_record(settings, waiting.sent)
        end = _end(error, waiting)
        if end is None:
            raise
        raise end from None
    except KeyboardInterrupt:
        if endless:
            raise typer.Exit(0) from None
        if waiting.sent is None:
            raise fail(INTERRUPTED, f"interrupted. {waiting.outlook or ''}".rstrip()) from None
        waiting.known = _on_record(settings, waiting.sent)
        raise _unreachable(
            f"{waiting.sent.name} on {waiting.sent.stream} is not answered yet", waiting
        ) from None


def _on_record(settings: "Settings", sent: "Sent | None") -> str | None:
    """The log's word by now on a command that nobody answered; None: it cannot be asked either."""
    if sent is None:
        return None
    from greenlight.connection.target import UnreachableError
    from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
    from greenlight.eventlog.session import LogUnavailableError
    from greenlight.eventlog.told import told

    async def asked() -> str | None:
        async with asyncio.timeout(_ASKED_SECONDS), Session(settings, Waiting()).events() as reader:
            return await told(reader, sent.stream, sent.command_id)

    try:
        found = asyncio.run(asked())
    except (UnreachableError, LogUnavailableError, DatabaseError, TimeoutError, *LOST_CONNECTION):
        return None
    except KeyboardInterrupt:
        # Who asks again will not wait for this either.
        return None
    return f"It is on record: {found}." if found else "It is not on record so far; it may be carried out yet."


def look(question: Callable[["Reader"], Awaitable[T]]) -> T:
    """Ask the event log and return its answer; otherwise as ``run``."""

    async def action(session: Session) -> T:
        async with session.reader() as reader:
            return await question(reader)

    return run(action)


def _end(error: Exception, waiting: Waiting) -> Exception | None:
    """The end of a command that failed; None: the error is none that a command may come to."""
    from pydantic import ValidationError
    from temporalio.service import RPCError

    from greenlight.answers.errors import ListMissingError
    from greenlight.client import KeyringError, Refused, Unanswered
    from greenlight.connection.namespace import NamespaceError
    from greenlight.connection.target import UnreachableError
    from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
    from greenlight.eventlog.session import LogUnavailableError
    from greenlight.eventlog.stored import LogMissingError
    from greenlight.kernel.problems import first_problem

    match error:
        case Refused():
            return fail(REFUSED, f"refused: {error.code}: {error}{_barring(error.code, waiting)}")
        case NamespaceError():
            return fail(REFUSED, f"refused: {error}")
        case LogMissingError() | ListMissingError():
            return fail(REFUSED, str(error))
        case ValidationError():
            return fail(REFUSED, f"not of the form that this version knows: {first_problem(error)}")
        case KeyringError():
            return fail(USAGE, str(error))
        case UnreachableError() | Unanswered() | LogUnavailableError():
            return _unreachable(str(error), waiting)
        case RPCError():
            return _unreachable(f"Temporal: {error.message}", waiting)
        case _ if not isinstance(error, (DatabaseError, *LOST_CONNECTION)):
            return None
        case _ if getattr(error, "sqlstate", None) in _NO_SUCH_TABLE:
            return fail(UNREACHABLE, _NOT_MIGRATED)
        case _ if getattr(error, "sqlstate", None) == _NOT_PERMITTED:
            return fail(UNREACHABLE, f"{_MAY_NOT}: {error}")
        case _:
            return _unreachable(f"the event log is not available: {error}", waiting)


def _barring(code: str, waiting: Waiting) -> str:
    """Tell where to see what bars a decision, if that is an open match, and what to do where
    the case was another or, in a rehearsal, nobody said when the command comes."""
    from greenlight.kernel.refusal import RefusalCode
    from greenlight.kernel.streams import stream_key

    if code == RefusalCode.DOSSIER_CHANGED.value and waiting.refused is not None:
        return f"\n  Read it again:  starter.py show {waiting.refused.stream}"
    if code == RefusalCode.WRONG_CLOCK.value and legal_instant.get() is None:
        return "\n  Say it before the command's name:  starter.py --at 2019-10-09T12:00-04:00 …"
    if code != RefusalCode.SCREENING_INCOMPLETE.value or waiting.refused is None:
        return ""
    case = stream_key(waiting.refused.stream)
    return f"\n  What bars it, and how to resolve it:  starter.py show {case}"


def _unreachable(what: str, waiting: Waiting) -> Exception:
    """An end with code 3, and how to ask what became of what was sent."""
    outlook = f"\n{waiting.outlook}" if waiting.outlook else ""
    return fail(UNREACHABLE, f"unreachable: {what}{outlook}")


def is_served() -> bool:
    """Tell whether there are servers to ask: named by the environment, completely or not, or running here."""
    from greenlight.connection.target import UnreachableError, external_target
    from greenlight.embedded import running

    settings = read_settings()
    try:
        return external_target(settings) is not None or running(settings.data) is not None
    except UnreachableError:
        return True


def read_settings() -> "Settings":
    """The settings of the environment, or an end with code 2 and one line."""
    from pydantic import ValidationError

    from greenlight.connection.settings import Settings
    from greenlight.kernel.problems import first_problem

    try:
        return Settings()
    except ValidationError as error:
        name, _, problem = first_problem(error).partition(": ")
        raise fail(USAGE, f"setting GREENLIGHT_{name.upper()}: {problem}") from None


def listing_book() -> "ListingBook":
    """The shipped book, or the one that the environment names; an end with code 2 if it cannot be read."""
    from greenlight.reference.errors import ReferenceDataError
    from greenlight.reference.listings import load_listings

    try:
        return load_listings(read_settings().listings)
    except ReferenceDataError as error:
        raise fail(USAGE, str(error)) from None

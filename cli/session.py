"""How a command reaches the service: the servers that the environment names, or those of ``make serve``."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from cli.output import err, fail
from connection.settings import Settings

if TYPE_CHECKING:
    from client import LicensingClient, Signer
    from eventlog.read import Reader

T = TypeVar("T")

REFUSED = 1
USAGE = 2
UNREACHABLE = 3


class Session:
    """Servers and keys for one command. Opens nothing before it is needed."""

    def __init__(self, settings: Settings) -> None:
        from client.keyring import Keyring
        from connection.target import UnreachableError, embedded_target, external_target
        from embedded import running

        target = external_target(settings)
        if target is None:
            up = running(settings.data)
            if up is None:
                raise UnreachableError(
                    f"the service is not running on {settings.data}: start it with `make serve`, "
                    "or set TEMPORAL_ADDRESS and DATABASE_URL"
                )
            target = embedded_target(up.temporal, up.namespace, up.database_url, up.ui)
        self.target = target
        self.keyring = Keyring(settings.keys)

    def reader(self) -> "Reader":
        """Reads the event log; to be used in ``async with``."""
        from eventlog.read import Reader

        return Reader(self.target.database_url, application="greenlight-cli")

    async def client(self, officer: str) -> "LicensingClient":
        """A client that signs as ``officer``."""
        from client import LicensingClient
        from connection.target import connect

        signer = await self.signer(officer)
        return LicensingClient(await connect(self.target), signer)

    async def signer(self, officer: str) -> "Signer":
        """The signer for an officer; on the embedded default, development officers are made first."""
        if self.target.embedded:
            from cli.development import ensure_development_officers

            await ensure_development_officers(self.target.database_url, self.keyring)
            err.print(
                f"[yellow]Signing with a DEVELOPMENT KEY from {self.keyring.folder}: "
                "whoever can read that folder can decide.[/]"
            )
        return self.keyring.signer(officer)


def run(action: Callable[[Session], Awaitable[T]]) -> T:
    """Run a command's action, and turn what can go wrong into an exit code and one line.

    0 done, 1 refused (the code on standard error), 2 usage, 3 unreachable.
    """
    from pydantic import ValidationError
    from temporalio.service import RPCError

    from client import KeyringError, Refused, Unanswered
    from connection.target import UnreachableError
    from eventlog.database import LOST_CONNECTION, DatabaseError
    from eventlog.session import LogUnavailableError
    from licensing.refusal import first_problem

    async def whole() -> T:
        try:
            return await action(Session(Settings()))
        finally:
            # The SDK's native threads want a moment before the interpreter ends (sdk-python issue 300).
            await asyncio.sleep(0.05)

    try:
        return asyncio.run(whole())
    except ValidationError as error:
        raise fail(USAGE, f"setting {first_problem(error)}") from None
    except Refused as error:
        raise fail(REFUSED, f"refused: {error.code}: {error}") from None
    except KeyringError as error:
        raise fail(USAGE, str(error)) from None
    except (UnreachableError, Unanswered) as error:
        raise fail(UNREACHABLE, f"unreachable: {error}") from None
    except (RPCError, DatabaseError, LogUnavailableError, *LOST_CONNECTION) as error:
        raise fail(UNREACHABLE, f"unreachable: {type(error).__name__}: {error}") from None

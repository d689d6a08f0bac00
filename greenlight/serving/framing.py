"""The frame of every answer over HTTP: within a time, with a head, with what went wrong told in one form, and
with a line in the log that says nothing of what was asked."""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from structlog.stdlib import BoundLogger

from greenlight.answers.errors import ListMissingError
from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.session import LogUnavailableError
from greenlight.reference.errors import ReferenceDataError
from greenlight.serving.problems import Problem, failed, unavailable

REQUEST_SECONDS = 60.0
"""For a whole answer."""

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame that a program puts around its answers: the head of all of them, and the form in which a
    problem is told."""

    log: BoundLogger
    head: list[tuple[bytes, bytes]]
    told: Callable[[Problem], Response]

    def around(self, name: str, answer: Endpoint) -> Endpoint:
        """An endpoint; ``name`` is that of the operation in the log."""

        async def framed(request: Request) -> Response:
            began = time.monotonic()
            try:
                async with asyncio.timeout(REQUEST_SECONDS):
                    response = await answer(request)
            except Exception as error:  # noqa: BLE001 - whatever it is, the caller is told in one form
                response = self.told(self._problem(name, error))
            response.raw_headers.extend(self.head)
            # Of what went well the access records tell, where it is confidential.
            log = self.log.debug if response.status_code < 400 else self.log.info
            log(
                "answered",
                operation=name,
                method=request.method,
                status=response.status_code,
                milliseconds=round((time.monotonic() - began) * 1000, 1),
                officer=getattr(request.state, "officer", None),
            )
            return response

        return framed

    def _problem(self, name: str, error: Exception) -> Problem:
        match error:
            case Problem():
                return error
            case ListMissingError():
                return unavailable(str(error))
            case ReferenceDataError():
                self.log.error("tables_missing", operation=name, why=str(error))
                return unavailable("the control tables that are on record are not at hand here", 60)
            case TimeoutError():
                return unavailable("the answer took too long")
            case LogUnavailableError():
                return unavailable("the event log is not available")
            case DatabaseError() if isinstance(error, LOST_CONNECTION):
                return unavailable("the event log is not available")
            case _:
                self.log.error("failed", operation=name, error=type(error).__name__, at=_place(error))
                return failed()


def _place(error: BaseException) -> str:
    """The line that failed. What an error says, and what was at hand there, may be confidential."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""

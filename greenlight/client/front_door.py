"""Asking the front door over HTTP, and bringing it documents, with patience: it may be away for a while, or
have too much to do.

It needs the extra `http` of the package, and no connection to Temporal or to the database.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from greenlight.client.answers import Refused, Unanswered
from greenlight.kernel.model import JsonObject

if TYPE_CHECKING:
    import httpx

PATIENCE: Final = timedelta(minutes=5)
_FIRST_REST, _LONGEST_REST = 0.2, 15.0
_ANSWERS_WITHIN: Final = 45.0
"""Seconds; the front door itself waits for 25 at most."""
_DONE: Final = frozenset({200, 201, 204})
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others a moment later."""


@dataclass(frozen=True, slots=True)
class FrontDoor:
    """The front door as somebody reads by it; ``token`` gives their token, anew for each request."""

    http: "httpx.AsyncClient"
    token: Callable[[], str]
    patience: timedelta

    async def get(self, path: str, params: Mapping[str, str], *, go_on: str) -> "httpx.Response":
        """The answer, asked for again while it is away.

        :param go_on: what to do where it stays away.
        :raises Refused: with the code.
        :raises Unanswered: it was away for longer than the patience lasts.
        """
        return await self._asked("GET", path, {"params": params}, {}, go_on)

    async def put(self, path: str, content: bytes, kind: str, *, go_on: str) -> "httpx.Response":
        """The answer to what is put there, as often as it takes: once more changes nothing. As ``get``."""
        return await self._asked("PUT", path, {"content": content}, {"content-type": kind}, go_on)

    async def _asked(
        self, method: str, path: str, said: Mapping[str, Any], head: Mapping[str, str], go_on: str
    ) -> "httpx.Response":
        rest, since = _FIRST_REST, time.monotonic()
        while True:
            try:
                headers = {"authorization": f"Bearer {self.token()}", **head}
                answer = await self.http.request(method, path, headers=headers, **said)
            except _http().TransportError as error:
                why, seconds = type(error).__name__, 0.0
            else:
                if answer.status_code in _DONE:
                    return answer
                if answer.status_code not in _AGAIN:
                    raise _refused(answer)
                why, seconds = f"answered {answer.status_code}", _retry_after(answer)
            if time.monotonic() - since > self.patience.total_seconds():
                raise Unanswered(f"no answer from {self.http.base_url} ({why}); {go_on}")
            await asyncio.sleep(max(rest * random.uniform(0.5, 1), seconds))  # noqa: S311  # No secret.
            rest = min(2 * rest, _LONGEST_REST)


@asynccontextmanager
async def front_door(
    address: str, token: Callable[[], str], patience: timedelta
) -> AsyncGenerator[FrontDoor]:
    """The front door at an address such as ``https://door.example.gov``, for as long as the context lasts.

    :raises ModuleNotFoundError: the extra is not installed.
    """
    async with _http().AsyncClient(base_url=address, timeout=_ANSWERS_WITHIN) as http:
        yield FrontDoor(http, token, patience)


def _http() -> Any:
    try:
        return import_module("httpx")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "httpx is not installed: reading by the front door comes with the extra `http` of the package",
            name="httpx",
        ) from error


def _retry_after(answer: "httpx.Response") -> float:
    """Seconds. Who stands between may have written a date there: then as if nothing was said."""
    try:
        return float(answer.headers.get("retry-after") or 0)
    except ValueError:
        return 0.0


def _refused(answer: "httpx.Response") -> Refused:
    """As problem+json has it (RFC 9457), or by the status alone."""
    code, message = str(answer.status_code), answer.text
    try:
        said = cast(object, answer.json())
    except ValueError:
        return Refused(code, message)
    if isinstance(said, dict):
        problem = cast(JsonObject, said)
        return Refused(str(problem.get("code", code)), str(problem.get("detail", message)))
    return Refused(code, message)

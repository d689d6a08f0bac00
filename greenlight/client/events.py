"""Following what happens, over HTTP from the front door: every event once and in order, to whom it is open.

It needs the extra `http` of the package, and no connection to Temporal or to the database.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Collection
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, cast

from greenlight.client.answers import Refused, Unanswered
from greenlight.kernel.model import Instant, JsonObject, Model

if TYPE_CHECKING:
    import httpx

WAIT: Final = 25.0
"""Seconds that the front door waits for an event before it says that there is none."""
PAGE: Final = 500
_FIRST_REST, _LONGEST_REST = 0.2, 15.0
_POSITION: Final = "greenlight-position"
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be others a moment later."""
_PREFIX: Final = "greenlight."


class FeedEvent(Model):
    """An event of the log. ``position`` is where to go on after it; ``source`` the log among all logs; ``at``
    the legal time, ``recorded_at`` when the log took it in; ``record`` what happened."""

    position: int
    source: str
    type: str
    stream: str
    version: int
    at: Instant
    recorded_at: Instant
    command_id: str | None
    record: JsonObject


async def events(
    address: str,
    token: Callable[[], str],
    *,
    after: int = 0,
    types: Collection[str] = (),
    streams: Collection[str] = (),
    follow: bool = True,
    patience: timedelta = timedelta(minutes=5),
    reached: Callable[[int], None] = lambda _: None,
) -> AsyncGenerator[FeedEvent]:
    """The events after a position, of these types and streams (``application``: of all of the kind), or of
    any. They come without end, or with ``follow`` False up to the present one.

    Whoever keeps the position of the last event that they dealt with, and begins after it, misses nothing and
    deals with nothing twice, whatever breaks. A connection that breaks is made anew.

    :param address: the front door's, such as ``https://door.example.gov``.
    :param token: gives the token of who reads, anew for each request: it is valid for minutes. Of a signer,
        ``lambda: signer.reading(Role.APPLICANT)``.
    :param patience: how long the front door may be away.
    :param reached: is told how far it is, where what follows is not for the caller.
    :raises Refused: with the code: who reads is not let in, or the log does not reach the position.
    :raises Unanswered: the front door is away.
    """
    http = _http()
    asked = {"limit": str(PAGE)}
    asked |= {"types": ",".join(sorted(types))} if types else {}
    asked |= {"streams": ",".join(sorted(streams))} if streams else {}
    rest, since = _FIRST_REST, time.monotonic()
    async with http.AsyncClient(base_url=address, timeout=WAIT + 20) as client:
        while True:
            params = {**asked, "after": str(after), "wait": str(WAIT if follow else 0)}
            answer: httpx.Response | None = None
            try:
                answer = cast(
                    "httpx.Response",
                    await client.get(
                        "/events", params=params, headers={"authorization": f"Bearer {token()}"}
                    ),
                )
                why = f"answered {answer.status_code}"
                seconds = float(answer.headers.get("retry-after") or 0)
            except (http.TransportError, ValueError) as error:
                why, seconds = type(error).__name__, 0.0
            if answer is None or answer.status_code in _AGAIN:
                if time.monotonic() - since > patience.total_seconds():
                    raise Unanswered(f"no answer from {address} ({why}); go on after the position {after}")
                await asyncio.sleep(max(rest * random.uniform(0.5, 1), seconds))  # noqa: S311  # No secret.
                rest = min(2 * rest, _LONGEST_REST)
                continue
            if answer.status_code != 200:
                raise _refused(answer)
            rest, since = _FIRST_REST, time.monotonic()
            told = cast("list[JsonObject]", answer.json())
            for each in told:
                yield _event(each)
            before, after = after, int(answer.headers[_POSITION])
            reached(after)
            if not follow and after == before:
                return


def _http() -> Any:
    try:
        return import_module("httpx")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "httpx is not installed: events() comes with the extra `http` of the package", name="httpx"
        ) from error


def _event(said: JsonObject) -> FeedEvent:
    return FeedEvent.model_validate(
        {
            "position": int(str(said["id"])),
            "source": said["source"],
            "type": str(said["type"]).removeprefix(_PREFIX),
            "stream": said["subject"],
            "version": said["streamversion"],
            "at": said["time"],
            "recorded_at": said["recordedtime"],
            "command_id": said.get("commandid"),
            "record": said["data"],
        }
    )


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

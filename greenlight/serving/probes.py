"""Answers to who asks whether a program is there, and whether it can do its work."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.session import LogUnavailableError
from greenlight.serving.house import POSITION, House
from greenlight.serving.problems import unavailable

_JSON = "application/json"
_SECONDS = 5


async def livez(_: Request) -> Response:
    """It is there."""
    return Response(b'{"alive":true}', media_type=_JSON)


async def healthz(house: House, _: Request) -> Response:
    """The log and Temporal answer.

    :raises Problem: one of them does not.
    """
    try:
        async with asyncio.timeout(_SECONDS):
            position = (await house.reader.head()).position
            well = await house.temporal.service_client.check_health()
    except (*LOST_CONNECTION, DatabaseError, LogUnavailableError, RuntimeError, TimeoutError):
        raise unavailable("the event log or Temporal does not answer") from None
    if not well:
        raise unavailable("Temporal does not answer")
    return Response(b'{"well":true}', 200, {POSITION: str(position)}, _JSON)

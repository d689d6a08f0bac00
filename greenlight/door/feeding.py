"""The event feed on the door: with the door's callers, what is open to them, and their readings on record.

Who listens stays for minutes, so that the door's limit of requests under way is not theirs: the feed has its
own.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from starlette.requests import Request
from starlette.responses import Response

from greenlight.answers.caller import Caller
from greenlight.door.paths import RAW_HEADERS
from greenlight.feed.feed import Feed
from greenlight.feed.routes import routes
from greenlight.serving.house import House
from greenlight.serving.problems import Problem

Proven = Callable[[House, Request], Awaitable[Caller]]
Endpoint = Callable[[Request], Awaitable[Response]]


class _Keeper:
    """Lets callers in as to everything else, and tells what is wrong in the same form."""

    def __init__(self, house: House, proven: Proven) -> None:
        self._house, self._proven = house, proven

    async def proven(self, request: Request) -> Caller | Response:
        try:
            return await self._proven(self._house, request)
        except Problem as problem:
            return problem.response()

    def problem(self, status: int, code: str, detail: str, headers: Mapping[str, str]) -> Response:
        return Problem(status, code, detail, headers=headers).response()


@asynccontextmanager
async def fed(house: House, database_url: str) -> AsyncGenerator[Feed[Caller]]:
    """The feed of a log, which follows it while the context lasts.

    :raises LogUnavailableError, LogMissingError: it cannot begin.
    """

    async def note(caller: Caller, streams: frozenset[str]) -> None:
        await house.access.note_all(caller, sorted(streams), "events")

    async with Feed(
        database_url, house.scope.readable, note, application="greenlight-door"
    ).running() as feed:
        yield feed


def listening(house: House, feed: Feed[Caller], proven: Proven) -> Mapping[str, Endpoint]:
    """The endpoints of who listens, by its path."""

    def framed(
        endpoint: Callable[[Request], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def with_headers(request: Request) -> Response:
            response = await endpoint(request)
            there = {name for name, _ in response.raw_headers}
            response.raw_headers.extend(each for each in RAW_HEADERS if each[0] not in there)
            return response

        return with_headers

    return {route.path: framed(route.endpoint) for route in routes(feed, _Keeper(house, proven))}

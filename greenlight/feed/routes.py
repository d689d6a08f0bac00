"""`GET /events`: the feed over HTTP, as a batch, by a long poll, or as a stream (Server-Sent Events)."""

import time
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping
from contextlib import contextmanager, suppress
from difflib import get_close_matches
from typing import Annotated, Final, Protocol, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from sse_starlette import EventSourceResponse
from sse_starlette.sse import AppStatus, SendTimeoutError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from greenlight.eventlog.following import BehindError, Wanted
from greenlight.eventlog.session import LogUnavailableError
from greenlight.feed.audience import C
from greenlight.feed.cloudevents import BATCH
from greenlight.feed.feed import Feed
from greenlight.kernel.problems import first_problem
from greenlight.kernel.roles import Actor
from greenlight.law.registry import event_types

C_co = TypeVar("C_co", bound=Actor, covariant=True)

POSITION: Final = "Greenlight-Position"
"""The header with the position to go on after."""
MOST_WAIT: Final = 60.0
MOST_EVENTS: Final = 1_000
MOST_NAMES: Final = 50
PULSE: Final = 15.0
"""Seconds after which a stream that is silent says how far it is, so that nobody in between ends it, and
after which it is looked again who hears."""
STALLED: Final = 30.0
"""Seconds in which whoever is told takes nothing, and is cut off."""
LONGEST: Final = 300.0
"""Seconds of one stream: no proof that it is opened with holds longer. Then it is opened again."""
AT_ONCE: Final = 2_000
"""Streams and polls that are open in one process."""
OF_ONE: Final = 100
"""Of these, of one officer."""


class Doorkeeper(Protocol[C_co]):
    """The front door: who is let in, and the form in which it is said that something is wrong."""

    async def proven(self, request: Request) -> C_co | Response:
        """The caller, or the answer to somebody who is not let in."""
        ...

    def problem(self, status: int, code: str, detail: str, headers: Mapping[str, str]) -> Response:
        """A problem (RFC 9457): ``code`` is for programs, ``detail`` for people."""
        ...


def _names(value: object) -> object:
    return [name for name in value.split(",") if name] if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$")]
Names = Annotated[tuple[Name, ...], BeforeValidator(_names), Field(max_length=MOST_NAMES)]


class EventsQuery(BaseModel):
    """A question to the feed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        int, Field(ge=0, le=2**63 - 1, description="The position of the last event that is known.")
    ] = 0
    wait: Annotated[
        float, Field(ge=0, le=MOST_WAIT, description="Seconds to wait for an event, where there is none.")
    ] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_EVENTS, description="The most events of an answer.")] = 500
    types: Annotated[Names, Field(description="Only events of these types, with commas between them.")] = ()
    streams: Annotated[
        Names,
        Field(description="Only of these streams, or of all of a kind (`application`), with commas."),
    ] = ()

    @property
    def wanted(self) -> Wanted:
        return Wanted(frozenset(self.types), frozenset(self.streams))


class _Stream(EventSourceResponse):
    """Ends whoever takes nothing without an error of ours: they come back with the last id that they saw."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except SendTimeoutError:
            return


class _ProblemError(Exception):
    """An answer in the place of events."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers or {}


def end_streams() -> None:
    """Let every open stream of this process end, which is about to: sse-starlette (3.7) hears of that by a
    signal, which whoever serves has taken for itself."""
    AppStatus.should_exit = True


def routes(feed: Feed[C], keeper: Doorkeeper[C]) -> list[Route]:
    """The routes of the feed, for the application of the front door."""
    open_by: Counter[str] = Counter()

    @contextmanager
    def one_more(officer: str) -> Generator[None]:
        if open_by[officer] >= OF_ONE or open_by.total() >= AT_ONCE:
            raise _ProblemError(429, "too_many_requests", "as many are open as may be", {"Retry-After": "5"})
        open_by[officer] += 1
        try:
            yield
        finally:
            open_by[officer] -= 1
            if not open_by[officer]:
                del open_by[officer]

    async def events(request: Request) -> Response:
        try:
            caller = await keeper.proven(request)
            if isinstance(caller, Response):
                return caller
            query = _read(request.query_params.multi_items())
            if "text/event-stream" in request.headers.get("accept", ""):
                return await stream(request, caller, _from_last(request, query))
            with one_more(caller.officer):
                return await batch(request, caller, query)
        except BehindError as error:
            return keeper.problem(409, "position_ahead", str(error), {})
        except LogUnavailableError:
            return keeper.problem(503, "unavailable", "the event log is not available", {"Retry-After": "1"})
        except _ProblemError as problem:
            return keeper.problem(problem.status, problem.code, problem.detail, problem.headers)

    async def batch(request: Request, caller: C, query: EventsQuery) -> Response:
        heard = await feed.page(caller, query.after, query.wanted, limit=query.limit, wait=query.wait)
        body = f"[{','.join(event.text for event in heard.events)}]"
        return Response(body, media_type=BATCH, headers=_headers(request, query, heard.reached))

    async def stream(request: Request, caller: C, query: EventsQuery) -> Response:
        # Before the answer begins: after that there is no way to say it.
        await feed.has(query.after)
        with one_more(caller.officer):
            pass
        return _Stream(
            told(request, caller, query),
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
            ping=0,
            send_timeout=STALLED,
        )

    async def told(request: Request, caller: C, query: EventsQuery) -> AsyncGenerator[bytes]:
        end = time.monotonic() + LONGEST
        with suppress(BehindError, LogUnavailableError, _ProblemError), one_more(caller.officer):
            # Said at once, so that whoever asks knows that they are heard.
            yield f"retry: 1000\nid: {query.after}\n\n".encode()
            proven = time.monotonic()
            async for heard in feed.follow(caller, query.after, query.wanted, pulse=PULSE):
                if time.monotonic() - proven >= PULSE:
                    # A key may be revoked, a role end, a token expire while a stream is open.
                    proven = time.monotonic()
                    if isinstance(await keeper.proven(request), Response):
                        return
                frames = [event.frame for event in heard.events]
                if not heard.events or heard.events[-1].fact.position < heard.reached:
                    # An id without data moves the cursor of the one who hears on, and is no event.
                    frames.append(f"id: {heard.reached}\n\n".encode())
                yield b"".join(frames)
                if time.monotonic() >= end:
                    return
        # Whatever ended it, they ask again after the last id, and are told.

    return [Route("/events", events, methods=["GET"], name="events")]


def _read(items: list[tuple[str, str]]) -> EventsQuery:
    said: dict[str, str] = {}
    for name, value in items:
        if name in said and name not in {"types", "streams"}:
            raise _malformed(f"{name} is given twice")
        said[name] = f"{said[name]},{value}" if name in said else value
    try:
        query = EventsQuery.model_validate(said)
    except ValidationError as error:
        raise _malformed(first_problem(error)) from error
    _known(query.types)
    return query


def _known(types: Iterable[str]) -> None:
    """Refuse a type that no event has: whoever asked for it would wait for nothing."""
    there_are = event_types()
    for name in types:
        if name not in there_are:
            near = get_close_matches(name, there_are, n=1, cutoff=0)
            raise _malformed(f"types: there is no {name}; the nearest is {near[0]}")


def _from_last(request: Request, query: EventsQuery) -> EventsQuery:
    """Whoever comes back asks at the same address, and says in a header what they saw last."""
    last = request.headers.get("last-event-id")
    if not last:
        return query
    if not (last.isascii() and last.isdecimal() and int(last[:20]) < 2**63 and len(last) < 20):
        raise _malformed("Last-Event-ID is no position")
    return query.model_copy(update={"after": int(last)})


def _headers(request: Request, query: EventsQuery, reached: int) -> Mapping[str, str]:
    """The place to go on from: as a header for programs, and as a link for whatever follows links."""
    said = {**dict(request.query_params), "after": str(reached)}
    for name in ("types", "streams"):
        if names := getattr(query, name):
            said[name] = ",".join(names)
    return {
        POSITION: str(reached),
        "Link": f'<{request.url.path}?{urlencode(said)}>; rel="next"',
        "Cache-Control": "no-store",
    }


def _malformed(detail: str) -> _ProblemError:
    return _ProblemError(400, "malformed", detail)

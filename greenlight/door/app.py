"""The door's routes, out of the operations, and what all of them have in common.

Whoever asks shows who they are, is within the limits, and asks for what their role is answered. What goes
wrong is told as a problem; what strangers sent, and which case it was about, stands in no log.
"""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from greenlight.answers.caller import Caller
from greenlight.answers.errors import ListMissingError
from greenlight.door import commands, lists, questions, reading
from greenlight.door.feeding import listening
from greenlight.door.openapi import document
from greenlight.door.operation import POSITION, Asked, Operation, body_of, query_of
from greenlight.door.paths import RAW_HEADERS, Paths, told
from greenlight.eventlog.database import LOST_CONNECTION, DatabaseError
from greenlight.eventlog.session import LogUnavailableError
from greenlight.feed.feed import Feed
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.serving.house import WAIT, House
from greenlight.serving.limits import Limited
from greenlight.serving.problems import Problem, failed, of_refusal, unavailable

_log = structlog.stdlib.get_logger("door")

REQUEST_SECONDS = 60.0
"""For a whole answer."""


def operations() -> tuple[Operation, ...]:
    """All that the door does."""
    return (*reading.OPERATIONS, *lists.OPERATIONS, *questions.OPERATIONS, *commands.operations())


def app(house: House, feed: Feed[Caller] | None = None) -> ASGIApp:
    """The door, and on it the feed of events, if one is given."""
    described = document(operations())

    async def contract(_: Request) -> Response:
        return Response(described, 200, media_type="application/json")

    paths = Paths()
    paths.add("GET", "/openapi.json", _framed("openapi", contract))
    paths.add("GET", "/livez", _framed("livez", _livez))
    paths.add("GET", "/healthz", _framed("healthz", partial(_healthz, house)))
    for each in operations():
        paths.add(each.method, each.path, _framed(each.name, partial(_answer, house, each)), each.parts)
    limited = Limited(paths, told)
    if feed is None:
        return limited
    streams = Paths()
    heard = listening(house, feed, caller_of)
    for path, endpoint in heard.items():
        streams.add("GET", path, endpoint)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        listens = scope["type"] == "http" and scope["path"] in heard
        await (streams if listens else limited)(scope, receive, send)

    return either


Endpoint = Callable[[Request], Awaitable[Response]]


def _framed(name: str, answer: Endpoint) -> Endpoint:
    """With the headers of all answers, problems told, and a line in the log without what was asked."""

    async def framed(request: Request) -> Response:
        began = time.monotonic()
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                response = await answer(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the caller is told in one form
            response = _problem(name, error).response()
        response.raw_headers.extend(RAW_HEADERS)
        # Of what went well the access records tell, where it is confidential.
        log = _log.debug if response.status_code < 400 else _log.info
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


def _problem(name: str, error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case ListMissingError():
            return unavailable(str(error))
        case TimeoutError():
            return unavailable("the answer took too long")
        case LogUnavailableError():
            return unavailable("the event log is not available")
        case DatabaseError() if isinstance(error, LOST_CONNECTION):
            return unavailable("the event log is not available")
        case _:
            _log.error("failed", operation=name, error=type(error).__name__, at=_place(error))
            return failed()


def _place(error: BaseException) -> str:
    """The line that failed. What an error says, and what was at hand there, may be confidential."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""


async def _answer(house: House, operation: Operation, request: Request) -> Response:
    body = None
    if operation.body is not None:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise Problem(415, "unsupported_media_type", "the body is application/json")
        body = await request.body()
    if operation.signed:
        caller = await caller_of(house, request)
        _must_be_allowed(operation, caller)
        read = None if operation.body is None else body_of(operation.body, body or b"")
    else:
        address = _address(request)
        read = body_of(operation.body or SignedCommand, body or b"")
        assert isinstance(read, SignedCommand), "what is not signed by its caller is a signed command"
        _must_not_have_failed(house, address, read.token)
        caller = _shown(house, await house.callers.sender(read.token), address)
        house.rate.take(caller.kid)
    request.state.officer = caller.officer
    query = query_of(operation.query, request)
    position = getattr(query, "position", None)
    at = await house.reached(position, _wait(request)) if position is not None else None
    asked = Asked(request, house, caller, request.path_params, query, read)
    response = await operation.handle(asked)
    if at is not None and POSITION not in response.headers:
        response.headers[POSITION] = str(at)
    return response


def _must_be_allowed(operation: Operation, caller: Caller) -> None:
    if caller.role not in operation.roles:
        raise of_refusal(Refusal(RefusalCode.WRONG_ROLE, f"this is not answered to the role {caller.role}"))


async def caller_of(house: House, request: Request) -> Caller:
    """The sender of a request, within what their key and their address may ask.

    :raises Problem: nothing shows it, or they asked too often.
    """
    address = _address(request)
    given = request.headers.getlist("authorization")
    authorization = given[0] if len(given) == 1 else None
    _must_not_have_failed(house, address, (authorization or "").rpartition(" ")[2])
    found = await house.callers.proven(authorization)
    caller = _shown(house, found, address)
    house.rate.take(caller.kid)
    return caller


def _must_not_have_failed(house: House, address: str, token: str) -> None:
    """Who fails again and again is not looked at for a while; who shares an address with them is, by a key
    that signed before."""
    if house.failures.spent(address) and not house.callers.knows(token):
        house.failures.take(address)


def _shown(house: House, found: Caller | Refusal, address: str) -> Caller:
    if isinstance(found, Refusal):
        house.failures.take(address)
        raise of_refusal(found)
    return found


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _wait(request: Request) -> float:
    """The seconds of ``Prefer: wait`` (RFC 7240, section 4.3)."""
    for preference in ",".join(request.headers.getlist("prefer")).split(","):
        name, _, value = preference.strip().partition("=")
        if name.lower() == "wait" and value.isdecimal() and len(value) < 5:
            return float(value)
    return WAIT


async def _livez(_: Request) -> Response:
    return Response(b'{"alive":true}', 200, media_type="application/json")


async def _healthz(house: House, _: Request) -> Response:
    try:
        async with asyncio.timeout(5):
            position = (await house.reader.head()).position
            well = await house.temporal.service_client.check_health()
    except (*LOST_CONNECTION, DatabaseError, LogUnavailableError, RuntimeError, TimeoutError):
        raise unavailable("the event log or Temporal does not answer") from None
    if not well:
        raise unavailable("Temporal does not answer")
    return Response(b'{"well":true}', 200, {POSITION: str(position)}, "application/json")

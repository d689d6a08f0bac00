"""The door's routes, out of the operations, and what all of them have in common.

Whoever asks shows who they are, is within the limits, and asks for what their role is answered. What goes
wrong is told as a problem; what strangers sent, and which case it was about, stands in no log.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from greenlight.answers.caller import Caller
from greenlight.door import attachments, commands, lists, questions, reading
from greenlight.door.feeding import Endpoint, listening
from greenlight.door.openapi import document
from greenlight.door.operation import Asked, Operation, body_of, query_of
from greenlight.door.paths import RAW_HEADERS, Paths, told
from greenlight.feed.feed import Feed
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.serving.framing import Frame
from greenlight.serving.house import POSITION, WAIT, House
from greenlight.serving.limits import Limited
from greenlight.serving.networks import network
from greenlight.serving.plain import plain
from greenlight.serving.probes import healthz, livez
from greenlight.serving.problems import Problem, of_refusal

_FRAME = Frame(structlog.stdlib.get_logger("door"), RAW_HEADERS, Problem.response)


def operations() -> tuple[Operation, ...]:
    """All that the door does."""
    return (
        *reading.OPERATIONS,
        *attachments.OPERATIONS,
        *lists.OPERATIONS,
        *questions.OPERATIONS,
        *commands.operations(),
    )


def app(house: House, feed: Feed[Caller] | None = None) -> ASGIApp:
    """The door, and on it the feed of events, if one is given."""
    described = document(operations())

    async def contract(_: Request) -> Response:
        return Response(described, 200, media_type="application/json")

    paths = Paths()
    paths.add("GET", "/openapi.json", _FRAME.around("openapi", contract))
    paths.add("GET", "/livez", _FRAME.around("livez", livez))
    paths.add("GET", "/healthz", _FRAME.around("healthz", partial(healthz, house)))
    for each in operations():
        paths.add(each.method, each.path, _FRAME.around(each.name, partial(_answer, house, each)), each.parts)
    limited = Limited(paths, told, share=house.share, failures=house.failures)
    beside = Paths()
    bring = _FRAME.around("bring_attachment", attachments.bringing(house, caller_of))
    beside.add("PUT", attachments.PATH, bring, attachments.PARTS)
    heard: Mapping[str, Endpoint] = listening(house, feed, caller_of) if feed else {}
    for path, endpoint in heard.items():
        beside.add("GET", path, endpoint)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        """The limits of a path: its own, or those of all the rest."""
        known = scope["type"] == "http" and (scope["path"] in heard or beside.has(scope, "PUT"))
        await (beside if known else limited)(scope, receive, send)

    return plain(either, told)


async def _answer(house: House, operation: Operation, request: Request) -> Response:
    read = None
    if operation.signed:
        caller = await caller_of(house, request)
        _must_be_allowed(operation, caller)
        if operation.body is not None:
            read = body_of(operation.body, await _json(request))
    else:
        address = network(request.scope)
        try:
            read = body_of(SignedCommand, await _json(request))
        except Problem:
            # It is nobody's, and says so no sooner than it can be read.
            house.failures.take(address)
            raise
        _must_not_have_failed(house, address, read.token)
        caller = _shown(house, await house.callers.sender(read.token), address)
        house.rate.take(caller.kid)
    request.state.officer = caller.officer
    with house.under_way.of(caller.kid):
        return await _for(house, operation, request, caller, read)


async def _for(house: House, operation: Operation, request: Request, caller: Caller, read: Any) -> Response:
    """The answer to somebody who is known; ``read`` is what they sent."""
    query = query_of(operation.query, request)
    position = getattr(query, "position", None)
    at = await house.reached(position, _wait(request), caller.kid) if position is not None else None
    asked = Asked(request, house, caller, request.path_params, query, read)
    response = await operation.handle(asked)
    if at is not None and POSITION not in response.headers:
        response.headers[POSITION] = str(at)
    return response


async def _json(request: Request) -> bytes:
    """The body, which says of itself that it is JSON.

    :raises Problem: it does not.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Problem(415, "unsupported_media_type", "the body is application/json")
    return await request.body()


def _must_be_allowed(operation: Operation, caller: Caller) -> None:
    if caller.role not in operation.roles:
        raise of_refusal(Refusal(RefusalCode.WRONG_ROLE, f"this is not answered to the role {caller.role}"))


async def caller_of(house: House, request: Request) -> Caller:
    """The sender of a request, within what their key and their address may ask.

    :raises Problem: nothing shows it, or they asked too often.
    """
    address = network(request.scope)
    given = request.headers.getlist("authorization")
    authorization = given[0] if len(given) == 1 else None
    _must_not_have_failed(house, address, (authorization or "").rpartition(" ")[2])
    found = await house.callers.proven(authorization)
    caller = _shown(house, found, address)
    house.rate.take(caller.kid)
    return caller


def _must_not_have_failed(house: House, address: str, token: str) -> None:
    """Turn away for a while whoever fails again and again; who shares an address with them is, by a key
    that signed before."""
    if house.failures.spent(address) and not house.callers.knows(token):
        house.failures.take(address)


def _shown(house: House, found: Caller | Refusal, address: str) -> Caller:
    if isinstance(found, Refusal):
        house.failures.take(address)
        raise of_refusal(found)
    return found


def _wait(request: Request) -> float:
    """The seconds of ``Prefer: wait`` (RFC 7240, section 4.3)."""
    for preference in ",".join(request.headers.getlist("prefer")).split(","):
        name, _, value = preference.strip().partition("=")
        if name.lower() == "wait" and value.isdecimal() and len(value) < 5:
            return float(value)
    return WAIT

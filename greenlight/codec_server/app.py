"""The routes: ``/decode`` and ``/encode`` as Temporal's remote codec has them, and the way in for browsers.

Whoever asks is proven by a signed token, or, from the UI, by a cookie that was given for one. Payloads of a
case are opened for those who may read the case, and sealed for those who may send it something; each of both
is on record before anything is answered.
Nothing that comes or goes is logged.
"""

import asyncio
import html
import json
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

import structlog
from google.protobuf.json_format import MessageToDict, Parse, ParseError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from temporalio.api.common.v1 import Payload, Payloads
from temporalio.converter import WorkflowSerializationContext

from greenlight.answers.caller import Caller, Callers
from greenlight.codec.payloads import CaseCodec, unopened
from greenlight.codec.sealed import TamperedError, is_sealed, label_of
from greenlight.codec_server.rates import Rates
from greenlight.codec_server.sessions import COOKIE, LINK_SECONDS, SESSION_SECONDS, Register, Sessions
from greenlight.eventlog.access import AccessLog
from greenlight.eventlog.session import LogUnavailableError
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor
from greenlight.serving.limits import Limited
from greenlight.serving.networks import network
from greenlight.serving.plain import plain
from greenlight.serving.problems import Problem, too_many, unavailable

MAX_BYTES = 8 * 1024 * 1024
"""Of a request: the largest payload that Temporal takes has 2 MiB, and base64 makes 2.7 of it."""
MAX_PAYLOADS = 1_000
"""The UI asks for a page of a history, payload by payload or some together."""
MOST_MEMBERS = 16
"""Members of a payload and of its metadata, on the average."""
PER_SECOND, BURST = 50, 500
"""Requests of one caller: a page of the UI asks once for each event."""
CASE_HEADER = "X-Greenlight-Case"
READ_AS, SEALED_AS = "payloads", "sealing"
"""The words under which it is on record that payloads were opened, and that some were sealed."""

_log = structlog.stdlib.get_logger("codec")


class Scope(Protocol):
    """Says which streams somebody may read, and to which they may send something."""

    async def readable(self, caller: Actor, streams: Iterable[str]) -> frozenset[str]: ...

    async def writable(self, caller: Actor, stream: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class CodecServer:
    """The server, and whom it asks. ``origins`` are those of the UI, whose pages alone may ask;
    ``share`` is the part of all places that those of one network have."""

    codec: CaseCodec
    callers: Callers
    register: Register
    scope: Scope
    access: AccessLog
    origins: Collection[str]
    share: float
    sessions: Sessions = field(default_factory=Sessions)
    rates: Rates = field(default_factory=lambda: Rates(PER_SECOND, BURST))

    def app(self) -> ASGIApp:
        cors = Middleware(
            CORSMiddleware,
            allow_origins=list(self.origins),
            allow_methods=["POST"],
            allow_headers=["*"],
            allow_credentials=True,
        )
        routes = [
            Route("/decode", self._framed(self._decode), methods=["POST"]),
            Route("/encode", self._framed(self._encode), methods=["POST"]),
            Route("/sessions", self._framed(self._link), methods=["POST"]),
            Route("/enter/{word}", self._framed(self._enter), methods=["GET"]),
            Route("/livez", _alive, methods=["GET"]),
        ]
        within = Starlette(routes=routes, middleware=[cors])
        return plain(
            Limited(within, Problem.response, share=self.share, max_body=MAX_BYTES), Problem.response
        )

    def _framed(
        self, answer: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def framed(request: Request) -> Response:
            try:
                response = await answer(request)
            except Problem as problem:
                response = problem.response()
            except LogUnavailableError:
                response = unavailable("the log is away").response()
            response.headers["Cache-Control"] = "no-store"
            response.headers["X-Content-Type-Options"] = "nosniff"
            _log.info("answered", path=request.scope["route"].path, status=response.status_code)
            return response

        return framed

    async def _decode(self, request: Request) -> Response:
        caller = (
            await self._signed(request) if "authorization" in request.headers else await self._seen(request)
        )
        payloads = await _payloads(request)
        cases = {case for payload in payloads if (case := _case_of(payload))}
        readable = await self.scope.readable(caller, cases)
        if cases and not readable:
            raise Problem(HTTPStatus.FORBIDDEN, "not_yours", "no case among these is open to you")
        await self.access.note_all(caller, sorted(readable), READ_AS)
        return _answered([await self._shown(payload, readable) for payload in payloads])

    async def _shown(self, payload: Payload, readable: frozenset[str]) -> Payload:
        if _case_of(payload) not in readable:
            return payload
        (opened,) = await self.codec.decode([payload])
        reason = unopened(opened)
        if reason is None:
            return opened
        return Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(f"[{reason.problem}]").encode())

    async def _encode(self, request: Request) -> Response:
        caller = await self._signed(request)
        payloads = await _payloads(request)
        case = request.headers.get(CASE_HEADER, "")
        if payloads and not case:
            raise Problem(
                HTTPStatus.BAD_REQUEST,
                "case_missing",
                f"the header {CASE_HEADER} names the case, by its workflow's id, for which these are: "
                "they open nowhere else",
            )
        if payloads:
            if not await self.scope.writable(caller, case):
                raise Problem(HTTPStatus.FORBIDDEN, "not_yours", "the case is not open to you")
            await self.access.note(caller, case, SEALED_AS)
        codec = self.codec.with_context(WorkflowSerializationContext(namespace="", workflow_id=case))
        return _answered(await codec.encode(payloads))

    async def _link(self, request: Request) -> Response:
        word = self.sessions.link(await self._signed(request))
        return JSONResponse({"link": f"{request.base_url}enter/{word}", "seconds": LINK_SECONDS})

    async def _enter(self, request: Request) -> Response:
        entered = self.sessions.enter(request.path_params["word"])
        if entered is None:
            raise Problem(HTTPStatus.NOT_FOUND, "link_over", "the link is over, or was used: make another")
        caller, cookie = entered
        response = HTMLResponse(_page(caller, str(request.base_url).rstrip("/"), self.origins))
        response.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.set_cookie(
            COOKIE,
            cookie,
            max_age=SESSION_SECONDS,
            path="/decode",
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    async def _signed(self, request: Request) -> Caller:
        """The signer of the request's token."""
        given = request.headers.getlist("authorization")
        found = await self.callers.proven(given[0] if len(given) == 1 else None)
        if isinstance(found, Refusal):
            self._must_be_within(f"address {network(request.scope)}")
            raise Problem(HTTPStatus.UNAUTHORIZED, str(found.code), found.message)
        self._must_be_within(found.kid)
        return found

    async def _seen(self, request: Request) -> Caller:
        """The reader who opened the browser that a page of the UI asks from."""
        caller = self.sessions.of(request.cookies.get(COOKIE, ""))
        if caller is None or request.headers.get("origin") not in self.origins:
            self._must_be_within(f"address {network(request.scope)}")
            raise Problem(
                HTTPStatus.UNAUTHORIZED,
                "unsigned",
                "nobody is shown to ask: open the UI with starter.py codec open, or send a signed token",
            )
        self._must_be_within(caller.kid)
        if not await self.register.still(caller):
            raise Problem(HTTPStatus.UNAUTHORIZED, "key_not_valid", "the key or the role was taken back")
        return caller

    def _must_be_within(self, name: str) -> None:
        if not self.rates.takes(name):
            raise too_many("ask less often: try again in a second")


async def _payloads(request: Request) -> list[Payload]:
    content = await request.body()
    # Counted before it is parsed, which takes half a minute where there are millions.
    if content.count(b"{") > 2 * MAX_PAYLOADS + 1 or content.count(b":") > MOST_MEMBERS * MAX_PAYLOADS:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"more than {MAX_PAYLOADS} payloads")
    try:
        found = list((await asyncio.to_thread(Parse, content, Payloads())).payloads)
    except (ParseError, UnicodeDecodeError, ValueError, RecursionError):
        raise Problem(
            HTTPStatus.BAD_REQUEST, "malformed", 'the body is {"payloads": [{"metadata": {…}, "data": …}, …]}'
        ) from None
    if len(found) > MAX_PAYLOADS:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", f"more than {MAX_PAYLOADS} payloads")
    return found


def _case_of(payload: Payload) -> str | None:
    """The case of which a sealed payload says that it is; that it is, opening it shows."""
    if not is_sealed(payload):
        return None
    try:
        return label_of(payload).case
    except TamperedError:
        return None


def _answered(payloads: Iterable[Payload]) -> Response:
    return JSONResponse(MessageToDict(Payloads(payloads=payloads)))


async def _alive(_: Request) -> Response:
    return JSONResponse({"alive": True})


def _page(caller: Caller, endpoint: str, origins: Collection[str]) -> str:
    hours = SESSION_SECONDS // 3600
    links = "".join(f'<p><a href="{html.escape(each)}">{html.escape(each)}</a></p>' for each in origins)
    return (
        "<!doctype html><title>Codec</title><h1>This browser is open</h1>"
        f"<p>For {hours} hours the Temporal UI shows what {html.escape(caller.officer)} may read as "
        f"{html.escape(caller.role)}; each case that is shown is noted.</p>"
        "<p>Once for each browser: in the UI's settings of the <b>Codec Server</b> (the glasses at the top), "
        f"choose your browser's own, enter {html.escape(endpoint)}, and switch on "
        "<b>Include cross-origin credentials</b>.</p>" + links
    )

"""The desk's routes, and what all of them have in common.

A page is shown to whoever has signed in, within what their role may read. What changes something comes by a
form of ours alone: under the reader's own cookie, from our own origin, with our token in it. What is read or
typed stands in no log.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import urlencode, urlsplit

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from greenlight.desk import (
    acts,
    attachments,
    audits,
    batches,
    cases,
    directives,
    docket,
    drafts,
    earlier,
    filing,
    licenses,
    lists,
    news,
    openings,
    outlooks,
    passkeys,
    receipts,
    reprieves,
    rules,
    shipping,
    signing_in,
    uploads,
    work,
)
from greenlight.desk.asked import TO, TOKEN, Asked, Desk, Form, Room, gone_to
from greenlight.desk.cookies import cookie_of, was_signed_in
from greenlight.desk.pages import RAW_HEADERS, telling
from greenlight.kernel.refusal import Refusal
from greenlight.serving.framing import Endpoint, Frame
from greenlight.serving.limits import Limited
from greenlight.serving.networks import network
from greenlight.serving.plain import plain
from greenlight.serving.probes import healthz, livez
from greenlight.serving.problems import Problem

_log = structlog.stdlib.get_logger("desk")

ROOMS: Mapping[str, Mapping[str, Room]] = {
    "/work": {"GET": work.work},
    "/docket": {"GET": docket.docket, "POST": docket.filtered},
    "/docket.csv": {"GET": docket.table},
    "/licenses": {"GET": licenses.licenses},
    "/statistics": {"GET": licenses.statistics},
    "/outlook": {"GET": outlooks.outlook},
    "/audit": {"GET": audits.audit},
    "/batches": {"GET": batches.batches},
    "/batches/new": {"GET": batches.choose, "POST": batches.prepare},
    "/directives": {"GET": directives.directives},
    "/directives/new": {"GET": directives.form, "POST": directives.filled},
    "/reprieves": {"GET": reprieves.reprieves},
    openings.PATH: {"GET": openings.form, "POST": openings.answered},
    "/rules": {"GET": rules.rules},
    "/lists": {"GET": lists.lists},
    "/lists/{key}/difference": {"GET": lists.differing},
    "/covered": {"GET": reprieves.covers, "POST": reprieves.answered},
    "/file": {"GET": filing.form, "POST": filing.filled},
    "/may-i-ship": {"GET": shipping.form, "POST": shipping.answered},
    "/cases/{stream}": {"GET": cases.case},
    "/cases/{stream}/earlier": {"GET": earlier.earlier},
    "/cases/{stream}/attachments/{number}": {"GET": attachments.attachment},
    "/cases/{stream}/letters/{letter}": {"GET": cases.letter},
    "/cases/{stream}/do/{command}": {"GET": acts.form, "POST": acts.filled},
    receipts.PATH: {"GET": receipts.receipt},
    "/drafts/{draft}": {"GET": drafts.check, "POST": drafts.sign},
    "/role": {"POST": signing_in.other_role},
    "/sign-out": {"POST": signing_in.out},
}
"""By path and method, the rooms for those who have signed in."""

UPLOADS: Mapping[str, Room] = {"/cases/{stream}/attachments/{number}": uploads.brought}
"""By path, what takes files: forms that are read by the room itself, with limits of their own."""
_UPLOADED = re.compile(r"/cases/[^/]+/attachments/[^/]+")

OPEN: Mapping[str, Callable[[Desk, Request, Form], Awaitable[Response]]] = {
    "/sign-in": signing_in.sign_in,
    "/sign-in/passkey": passkeys.ask,
    "/sign-in/passkey/signed": passkeys.sign_in,
    "/passkeys/new": passkeys.make,
}
"""By path, what takes forms of those who have not signed in."""


def app(desk: Desk) -> ASGIApp:
    """The desk."""
    frame = Frame(_log, RAW_HEADERS, _telling)

    def framed(name: str, answer: Endpoint) -> Endpoint:
        async def for_us(request: Request) -> Response:
            _must_be_for_us(desk, request)
            return await answer(request)

        return frame.around(name, for_us)

    routes = [
        Route("/", framed("start", _start), methods=["GET"]),
        Route("/sign-in", framed("sign_in", partial(signing_in.page_of, desk)), methods=["GET"]),
        Route("/passkeys/new", framed("passkeys", partial(passkeys.new, desk)), methods=["GET"]),
        *(
            Route(path, framed(path, partial(_nobodys, desk, answer)), methods=["POST"])
            for path, answer in OPEN.items()
        ),
        *(Route(f"/{name}", framed(name, partial(_kept, name)), methods=["GET"]) for name in _STATIC),
        Route(news.PATH, framed("news", partial(news.heard, desk)), methods=["GET"]),
        Route("/livez", framed("livez", livez), methods=["GET"]),
        Route("/healthz", framed("healthz", partial(healthz, desk.house)), methods=["GET"]),
        *(
            Route(path, framed(path, partial(_within, desk, room)), methods=[method])
            for path, rooms in ROOMS.items()
            for method, room in rooms.items()
        ),
        *(
            Route(path, framed("upload", partial(_uploaded, desk, room)), methods=["POST"])
            for path, room in UPLOADS.items()
        ),
    ]
    router = Router(_merged(routes), redirect_slashes=False)

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        # Only so the router tells of what is not there, and leaves the words to us.
        scope["app"] = router
        try:
            await router(scope, receive, send)
        except HTTPException as error:
            response = _wrong(Problem(error.status_code, "", "", headers=dict(error.headers or {})))
            await response(scope, receive, send)

    limited = Limited(answered, _wrong, share=desk.house.share)

    async def either(scope: Scope, receive: Receive, send: Send) -> None:
        # Who listens stays for minutes, and a file is large: other limits are theirs.
        theirs = scope["type"] == "http" and _has_limits_of_its_own(scope["method"], scope["path"])
        await (answered if theirs else limited)(scope, receive, send)

    return plain(either, _wrong)


def _has_limits_of_its_own(method: str, path: str) -> bool:
    return (method, path) == ("GET", news.PATH) or (method == "POST" and bool(_UPLOADED.fullmatch(path)))


def _merged(routes: list[Route]) -> list[Route]:
    """One route for each path, so that another method is refused, and not unknown."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for route in routes:
        for method in (route.methods or set()) - {"HEAD"}:
            by_path.setdefault(route.path, {})[method] = route.endpoint

    def one(methods: Mapping[str, Endpoint]) -> Endpoint:
        async def endpoint(request: Request) -> Response:
            return await methods["GET" if request.method == "HEAD" else request.method](request)

        return endpoint

    return [Route(path, one(methods), methods=[*methods]) for path, methods in by_path.items()]


def _telling(problem: Problem) -> Response:
    """The page that says what is wrong."""
    title = HTTPStatus(problem.status).phrase
    detail = problem.detail or _DETAILS.get(problem.status, title)
    if problem.status == HTTPStatus.NOT_FOUND or problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # These words are those that programs are told. Others may begin with a name, which stays as it is.
        again = " Try again in a moment." if problem.status == HTTPStatus.SERVICE_UNAVAILABLE else ""
        detail = f"{detail[:1].upper()}{detail[1:].rstrip('.')}.{again}"
    response = telling(problem.status, title, detail, problem.more.get("stream"))
    response.headers.update(problem.headers)
    return response


def _wrong(problem: Problem) -> Response:
    """The same with the head of all answers, where nothing else gives it."""
    response = _telling(problem)
    response.raw_headers.extend(RAW_HEADERS)
    return response


_DETAILS = {404: "There is nothing here.", 405: "This is not asked for so."}


def _must_be_for_us(desk: Desk, request: Request) -> None:
    """Answer under our own name alone: a page of another site whose name leads here is none of ours.

    :raises Problem: the request is for somebody else, or a form comes from somebody else.
    """
    host = request.headers.get("host", "")
    if host not in hosts_of(desk.origin) and request.url.path not in {"/livez", "/healthz"}:
        raise Problem(421, "other_host", "This address is not the desk's: open it by its own.")
    if request.method != "POST":
        return
    came_from = request.headers.get("origin")
    if came_from is not None and urlsplit(came_from).netloc != host:
        raise Problem(403, "other_origin", "The form was not one of this service.")
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Problem(403, "other_origin", "The form was not one of this service.")


def hosts_of(origin: str) -> frozenset[str]:
    """The names by which a browser may ask: of this machine, both that it has."""
    host = urlsplit(origin).netloc
    name, _, port = host.partition(":")
    return frozenset({host, f"127.0.0.1:{port}"}) if name == "localhost" else frozenset({host})


async def _within(desk: Desk, room: Room, request: Request, *, whole: bool = False) -> Response:
    """A room, for whoever has signed in and may sign still; others are sent to sign in. ``whole``: the room
    has the request whole, and reads the form itself."""
    name = cookie_of(request)
    session = desk.sessions.used(name)
    if session is None:
        return _to_sign_in(request, over=was_signed_in(name))
    form = Form()
    if request.method == "POST" and not whole:
        form = await _ours(desk, request, name)
    caller = await desk.caller(session)
    if isinstance(caller, Refusal):
        desk.sessions.end(session)
        return _to_sign_in(request, over=True)
    desk.house.rate.take(caller.kid)
    request.state.officer = caller.officer
    roles = await desk.house.callers.roles(session.way.kid)
    with desk.house.under_way.of(caller.kid):
        return await room(Asked(request, desk, session, caller, roles, form))


async def _uploaded(desk: Desk, room: Room, request: Request) -> Response:
    """The same for a form with a file, of which nothing is read before the room reads it. What was not read
    of it is no request: the connection is closed."""
    try:
        response = await _within(desk, room, request, whole=True)
    except Problem as problem:
        problem.headers["Connection"] = "close"
        raise
    response.headers["Connection"] = "close"
    return response


def _to_sign_in(request: Request, *, over: bool) -> Response:
    """Send somebody to sign in, from where they come back; what they sent is gone."""
    said = {"over": "yes"} if over else {}
    if request.method == "GET":
        said[TO] = request.url.path
    return gone_to(f"/sign-in?{urlencode(said)}")


async def _ours(desk: Desk, request: Request, name: str) -> Form:
    """The form of a request, which is one of ours.

    :raises Problem: it is not.
    """
    form = await Form.of(request)
    if not name or not desk.sessions.is_ours(name, form.one(TOKEN)):
        raise Problem(403, "no_token", "The form is too old, or not ours. Go back and reload it.")
    return form


async def _nobodys(
    desk: Desk, answer: Callable[[Desk, Request, Form], Awaitable[Response]], request: Request
) -> Response:
    desk.house.failures.take(network(request.scope))
    return await answer(desk, request, await _ours(desk, request, cookie_of(request)))


async def _start(_: Request) -> Response:
    return gone_to("/work")


_STATIC: Mapping[str, str] = {
    "desk.css": "text/css",
    "news.js": "text/javascript",
    "passkey.js": "text/javascript",
}


async def _kept(name: str, _: Request) -> Response:
    return Response(_CONTENT[name], media_type=_STATIC[name])


_CONTENT = {name: (files("greenlight.desk") / "static" / name).read_bytes() for name in _STATIC}

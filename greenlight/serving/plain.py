"""Requests that all who read them read alike: a proxy before a program must not take another one for it."""

from collections.abc import Callable

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from greenlight.serving.problems import Problem, malformed

_DIVIDES = (b"%2f", b"%5c")
"""Codes of what divides a path: uvicorn hands it on as if it stood there plainly."""


def plain(app: ASGIApp, told: Callable[[Problem], Response]) -> ASGIApp:
    """An app that is asked nothing which somebody may read otherwise: where a request goes to is not written
    in code, and where it ends is said once (RFC 9112, section 6.1). ``told`` answers with what is wrong.

    All else of that kind the parser refuses: lengths that differ, other codings than chunks, space before a
    colon.
    """

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        wrong = _otherwise(scope) if scope["type"] == "http" else None
        if wrong is None:
            await app(scope, receive, send)
            return
        # What follows on the connection may be part of it, or not.
        wrong.headers["Connection"] = "close"
        await told(wrong)(scope, receive, send)

    return asked


def _otherwise(scope: Scope) -> Problem | None:
    """The places where one may read a request otherwise than another."""
    path = scope["raw_path"].lower()
    if any(each in path for each in _DIVIDES):
        return malformed("what divides the path is written as it is, not in code")
    names = [name for name, _ in scope["headers"]]
    if names.count(b"host") > 1 or (scope["http_version"] == "1.1" and b"host" not in names):
        return malformed("a request names one host (RFC 9112, section 3.2)")
    if names.count(b"authorization") > 1:
        return malformed("a request shows once who sends it (RFC 9110, section 11.6.2)")
    said = set(names)
    if b"transfer-encoding" in said and (b"content-length" in said or scope["http_version"] == "1.0"):
        return malformed("a request says once where it ends: by its length, or in chunks (HTTP/1.1)")
    return None

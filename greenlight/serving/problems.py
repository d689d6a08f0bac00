"""Refusals and failures as HTTP tells them: ``application/problem+json`` (RFC 9457) with a refusal's code.

A problem never quotes what was sent beyond what a refusal's message says, and never the words of a database
or of Temporal.
"""

from collections.abc import Mapping
from http import HTTPStatus

from pydantic_core import to_json
from starlette.responses import Response

from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Code, Refusal, RefusalCode, known_code

PROBLEM = "application/problem+json"
CODES = "https://greenlight.example/codes#"
"""A problem's type is this and its code; the page of codes says what each means."""
CHALLENGE = 'Bearer realm="greenlight"'


class Problem(Exception):  # noqa: N818 - the RFC's word
    """The answer in place of what was asked for. ``code`` is for programs, ``detail`` for people."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: JsonObject | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.more: JsonObject = more or {}

    def response(self) -> Response:
        """The problem as it goes out."""
        content: JsonObject = {
            "type": f"{CODES}{self.code}",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }
        headers = dict(self.headers)
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = CHALLENGE
        return Response(to_json(content), self.status, headers, PROBLEM)


def of_refusal(refusal: Refusal, *, more: JsonObject | None = None) -> Problem:
    """A refusal as a problem."""
    return Problem(refusal.code.status, refusal.code, refusal.message, more=more)


def refused(code: str, message: str, *, more: JsonObject | None = None) -> Problem:
    """A refusal that came back from a workflow; one of a code that is none of ours is a failure within."""
    try:
        known: Code = known_code(code)
    except ValueError:
        return failed()
    return of_refusal(Refusal(known, message), more=more)


def no_such_case(stream: str) -> Problem:
    """There is none, or none that the caller may know of."""
    return of_refusal(Refusal(RefusalCode.NO_SUCH_CASE, f"there is no case {stream}"))


def malformed(detail: str) -> Problem:
    """The request is not of its form."""
    return of_refusal(Refusal(RefusalCode.MALFORMED, detail))


def failed() -> Problem:
    """Something went wrong here, and the log of the program says what."""
    return Problem(500, "failed", "the service failed; its operators can see why")


def unavailable(detail: str, seconds: int = 2, *, more: JsonObject | None = None) -> Problem:
    """Nobody can answer now; later somebody may."""
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(seconds)}, more=more)


def too_many(detail: str, seconds: int = 1) -> Problem:
    """More is asked than is answered in a time."""
    return Problem(429, "too_many_requests", detail, headers={"Retry-After": str(seconds)})

"""The paths, what answers at each, and what every answer has in its head.

A path is what it says: none leads to another, with or without a slash at its end. Where nothing is, or not
so, a problem says it.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from greenlight.serving.problems import Problem

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000",
    "Vary": "Authorization",
    "X-Content-Type-Options": "nosniff",
}
"""With every answer: it is the caller's alone, and no page."""

RAW_HEADERS: Final = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]

Endpoint = Callable[[Request], Awaitable[Response]]


class Paths:
    """Endpoints by path and method; ``HEAD`` is a ``GET`` whose content stays away."""

    def __init__(self) -> None:
        self._exact: dict[str, dict[str, Endpoint]] = {}
        self._formed: list[tuple[re.Pattern[str], dict[str, Endpoint]]] = []
        self._known: dict[str, dict[str, Endpoint]] = {}

    def add(self, method: str, path: str, endpoint: Endpoint, parts: Mapping[str, str] | None = None) -> None:
        """Answer there; ``parts`` are the patterns of what stands in braces in the path."""
        there = self._known.get(path)
        if there is None:
            there = self._known[path] = {}
            if parts:
                self._formed.append((_pattern(path, parts), there))
            else:
                self._exact[path] = there
        there[method] = endpoint

    def has(self, scope: Scope, method: str) -> bool:
        """Tell whether it is asked by that method, and answered."""
        return scope["method"] == method and method in (self._found(scope) or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._found(scope)
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if found is None:
            response = told(
                Problem(404, "not_found", "there is nothing here: what there is, /openapi.json says")
            )
        elif method not in found:
            allowed = ", ".join(sorted({*found, *(("HEAD",) if "GET" in found else ())}))
            response = told(
                Problem(405, "method_not_allowed", "this is not asked for so", headers={"Allow": allowed})
            )
        else:
            response = await found[method](Request(scope, receive))
        await response(scope, receive, send)

    def _found(self, scope: Scope) -> Mapping[str, Endpoint] | None:
        path: str = scope["path"]
        scope["path_params"] = {}
        if path in self._exact:
            return self._exact[path]
        for pattern, found in self._formed:
            if match := pattern.fullmatch(path):
                scope["path_params"] = match.groupdict()
                return found
        return None


def _pattern(path: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    """A path with its parts by name."""
    pieces = re.split(r"\{(\w+)\}", path)
    written = [
        f"(?P<{piece}>{parts[piece]})" if number % 2 else re.escape(piece)
        for number, piece in enumerate(pieces)
    ]
    return re.compile("".join(written), re.ASCII)


def told(problem: Problem) -> Response:
    """A problem with the head of all answers."""
    response = problem.response()
    response.raw_headers.extend(RAW_HEADERS)
    return response

"""The cookie by which a browser is known: of no use to scripts, and sent along by no other site."""

from starlette.requests import Request
from starlette.responses import Response

COOKIE = "greenlight_desk"
NEWCOMER = "new."
"""Begins the name of a browser in which nobody has signed in yet."""


def cookie_of(request: Request) -> str:
    """The name that a browser is known by; empty: none."""
    return request.cookies.get(COOKIE, "")


def was_signed_in(name: str) -> bool:
    """Tell whether a name was that of somebody who had signed in."""
    return bool(name) and not name.startswith(NEWCOMER)


def keep(response: Response, name: str, origin: str) -> Response:
    """Give a browser its name, until it is closed."""
    response.set_cookie(
        COOKIE, name, path="/", httponly=True, samesite="strict", secure=origin.startswith("https:")
    )
    return response


def forget(response: Response) -> Response:
    """Take it back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response

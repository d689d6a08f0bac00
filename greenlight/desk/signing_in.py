"""Signing in and out, and acting in another role."""

import secrets

from starlette.requests import Request
from starlette.responses import Response

from greenlight.desk.asked import TO, Asked, Desk, Form, going_to, gone_to
from greenlight.desk.cookies import NEWCOMER, cookie_of, forget, keep, was_signed_in
from greenlight.desk.pages import page
from greenlight.desk.sessions import IDLE_SECONDS
from greenlight.kernel.roles import Role
from greenlight.serving.problems import Problem


async def page_of(desk: Desk, request: Request) -> Response:
    """Show who can sign in here. A browser without a name gets one, so that its form is known to be ours."""
    name = cookie_of(request)
    if desk.sessions.used(name) is not None:
        return gone_to(going_to(request.query_params.get(TO, "")))
    over = request.query_params.get("over") == "yes" and was_signed_in(name)
    name = NEWCOMER + secrets.token_urlsafe(32)
    people = await desk.keys.people(desk.house.reader) if desk.keys else ()
    response = page(
        "sign_in.html",
        signed_in=None,
        people=people,
        development=desk.keys is not None,
        token=desk.sessions.token(name),
        to=request.query_params.get(TO, ""),
        over=over,
        minutes=IDLE_SECONDS // 60,
    )
    return keep(response, name, desk.origin)


async def sign_in(desk: Desk, request: Request, form: Form) -> Response:
    """Begin a session, under a name that the browser did not have before.

    :raises Problem: nobody signs in so.
    """
    officer, _, role = form.one("as").partition(" ")
    people = await desk.keys.people(desk.house.reader) if desk.keys else ()
    person = next((each for each in people if each.officer == officer and role in each.roles), None)
    way = await desk.keys.way(desk.house.reader, officer) if desk.keys and person else None
    if way is None:
        raise Problem(403, "unknown_officer", "Nobody signs in here by that name.")
    session = desk.sessions.begin(officer, way, Role(role))
    return keep(gone_to(going_to(form.one(TO))), session.name, desk.origin)


async def out(asked: Asked) -> Response:
    """End the session."""
    asked.desk.sessions.end(asked.session)
    return forget(gone_to("/sign-in"))


async def other_role(asked: Asked) -> Response:
    """Act in another of one's roles from now on. What was begun in the one before is given up."""
    role = asked.form.one("role")
    if role not in asked.roles:
        raise Problem(403, "role_not_held", "You do not hold that role.")
    asked.desk.sessions.end(asked.session)
    session = asked.desk.sessions.begin(asked.session.officer, asked.session.way, Role(role))
    return keep(gone_to("/work"), session.name, asked.desk.origin)

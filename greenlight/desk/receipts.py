"""The receipt of a signature: what was signed, where it stands in the log, and what happens next.

It is read from the log, by the command's id and for its sender alone, so that it can be looked at again:
after a reload, a step back, or an answer that never came. It has what the command led to and no more of the
case: whoever has just signed has read that, and waits for an answer.
"""

import asyncio
from typing import Final

from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from greenlight.answers.moves import move
from greenlight.desk.asked import Asked
from greenlight.desk.history import happened
from greenlight.desk.pages import sentence
from greenlight.eventlog.rows import Summary
from greenlight.kernel.authority import Claims, CommandId, read_claims
from greenlight.kernel.roles import Role
from greenlight.serving.problems import Problem

PATH: Final = "/cases/{stream}/receipts/{command_id}"
_ID: Final[TypeAdapter[str]] = TypeAdapter(CommandId)


def receipt_at(stream: str, command_id: str) -> str:
    """The address of a receipt."""
    return PATH.format(stream=stream, command_id=command_id)


async def receipt(asked: Asked) -> Response:
    """The page.

    :raises Problem: no command of theirs by that id is on record there.
    """
    stream = asked.request.path_params["stream"]
    kind = await asked.opened(stream)
    events, stands, _ = await asyncio.gather(
        asked.house.reader.led_to(stream, asked.caller.officer, _id(asked)),
        asked.house.reader.summary(stream),
        asked.note(stream, kind, "receipt"),
    )
    claims = read_claims(events[-1].proof or "") if events else None
    if not isinstance(claims, Claims) or stands is None:
        raise _none(stream)
    return asked.page(
        "receipt.html",
        kind=kind,
        stream=stream,
        title=sentence(claims.cmd),
        claims=claims,
        happened=happened(events, asked.caller),
        last=events[-1],
        stands=stands,
        next=_next(stands),
    )


def _id(asked: Asked) -> str:
    try:
        return _ID.validate_python(asked.request.path_params["command_id"])
    except ValidationError:
        raise _none(asked.request.path_params["stream"]) from None


def _none(stream: str) -> Problem:
    detail = "No command of yours by that id is on record here, or not yet."
    return Problem(404, "no_receipt", detail, more={"stream": stream})


def _next(stands: Summary) -> str | None:
    """The move of whoever the case waits for, in a few words; None: it is told by their role alone."""
    if stands.closed or stands.waiting_for not in set(Role):
        return None
    found = move(stands.stage, Role(stands.waiting_for))
    return found.what if found is not None and found.kind == stands.kind else None

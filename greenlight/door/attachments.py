"""Attachments at the door: which a filing names, and their bytes, brought by the applicant and read by
whoever may read the case.

Bytes are more than any other request has, so that they come by a way of their own: whoever brings them has
shown who they are before any is read.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from greenlight.answers.attachments import Attached, attached, awaited
from greenlight.answers.caller import Caller
from greenlight.attached.store import OtherBytesError, StoreError
from greenlight.door.operation import Asked, Operation, answered
from greenlight.door.reading import APPLICATIONS, Now
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.application.attachments import MAX_ATTACHMENTS, MAX_BYTES, Attachment, MediaType
from greenlight.serving.documents import come, download, sources
from greenlight.serving.house import House
from greenlight.serving.problems import Problem, of_refusal, unavailable

PATH: Final = "/cases/{stream}/attachments/{number}"
PARTS: Final = {**APPLICATIONS, "number": r"[1-9][0-9]?"}

Proven = Callable[[House, Request], Awaitable[Caller]]


def bringing(house: House, proven: Proven) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint at which bytes are brought."""

    async def brought(request: Request) -> Response:
        try:
            caller = await proven(house, request)
            request.state.officer = caller.officer
            with house.under_way.of(caller.kid), house.brought.of(caller.kid, caller.organisation):
                return await _brought(house, request, caller)
        except Problem as problem:
            # What was not read of the body is no request.
            problem.headers["Connection"] = "close"
            raise

    return brought


async def _brought(house: House, request: Request, caller: Caller) -> Response:
    stream, number = request.path_params["stream"], int(request.path_params["number"])
    named = await awaited(sources(house), caller, stream, number)
    if isinstance(named, Refusal):
        raise of_refusal(named)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != named.type:
        raise Problem(415, "unsupported_media_type", f"the filing names attachment {number} as {named.type}")
    content = await _content(request, named)
    try:
        new = await house.attachments.put(caller.log, stream, named, content)
    except OtherBytesError as error:
        raise of_refusal(Refusal(RefusalCode.OTHER_BYTES, str(error))) from None
    except StoreError as error:
        raise unavailable(str(error)) from error
    return Response(status_code=HTTPStatus.CREATED if new else HTTPStatus.NO_CONTENT)


async def _content(request: Request, named: Attachment) -> bytes:
    """The body, of which no more is kept than the filing names."""
    content, size = await come(request, keep=named.size, most=MAX_BYTES)
    if size > named.size:
        problem = f"it has more than {named.size} bytes, which the filing names"
        raise of_refusal(Refusal(RefusalCode.OTHER_BYTES, problem))
    return content


async def _attached(asked: Asked) -> Response:
    found = await attached(sources(asked.house), asked.caller, asked.path["stream"])
    if isinstance(found, Refusal):
        raise of_refusal(found)
    return answered(found)


async def _document(asked: Asked) -> Response:
    try:
        return await download(asked.house, asked.caller, asked.path["stream"], int(asked.path["number"]))
    except StoreError as error:
        raise unavailable(str(error)) from error


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "attachments",
        "GET",
        "/cases/{stream}/attachments",
        "The attachments that a filing names, and which of them were brought.",
        _attached,
        Attached,
        Now,
        parts=APPLICATIONS,
    ),
    Operation(
        "attachment",
        "GET",
        PATH,
        "An attachment, byte for byte, by its number in the filing.",
        _document,
        "application/octet-stream",
        Now,
        parts=PARTS,
    ),
)


def described() -> dict[str, Any]:
    """The document's part on bringing bytes, beside parameters and problems."""
    content = {each.value: {"schema": {"type": "string", "format": "binary"}} for each in MediaType}
    return {
        "operationId": "bring_attachment",
        "summary": "Bring the bytes of an attachment. Once more with the same bytes changes nothing.",
        "description": f"Answered to: applicant. At most {MAX_ATTACHMENTS} attachments in a filing.",
        "tags": ["reading"],
        "security": [{"reading": []}],
        "requestBody": {"required": True, "content": content},
        "responses": {
            "201": {"description": "They are kept."},
            "204": {"description": "They were there already."},
        },
    }

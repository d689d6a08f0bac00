"""Documents that an applicant brings by a form with a file, on the page of the case that names them.

Such a form is larger than any other, and comes by a way of its own, beside the limit of all other bodies: who
sends it has signed in before a byte is read, from a page of ours, and has a place among the few that bring
documents at a time. As the form has one shape alone, nothing else is read: its token, then its file.
"""

from collections.abc import Mapping
from contextlib import suppress
from email.message import Message
from typing import Final

from multipart import (  # pyright: ignore[reportMissingTypeStubs]  # It ships none.
    MultipartError,
    MultipartSegment,
    PushMultipartParser,
)
from starlette.responses import Response

from greenlight.answers.attachments import awaited
from greenlight.attached.store import OtherBytesError, StoreError
from greenlight.desk.asked import TOKEN, Asked, gone_to, place_of
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.application.attachments import MAX_BYTES, Attachment
from greenlight.serving.documents import come, sources
from greenlight.serving.problems import Problem, malformed, of_refusal

DOCUMENT: Final = "document"
"""The field of the file."""
_AROUND: Final = 8 * 1024
"""Bytes of the form beside those of the file, at most: the heads of both parts, and the token."""


async def brought(asked: Asked) -> Response:
    """Keep the bytes of a document that the filing names, and show the case again.

    :raises Problem: they are not kept; it leads back to the case.
    """
    stream, read = asked.request.path_params["stream"], False
    try:
        with asked.house.brought.of(asked.caller.kid, asked.caller.organisation):
            named = await _named(asked, stream, place_of(asked.request.path_params["number"]) or 0)
            read = True
            await _bring(asked, stream, named)
    except Problem as problem:
        if not read:
            # Whoever has signed in hears why, and not of a connection that was lost.
            with suppress(Problem):
                await come(asked.request, keep=0, most=MAX_BYTES + _AROUND)
        if problem.status != 404:
            problem.more["stream"] = stream
        raise
    return gone_to(f"/cases/{stream}#attached-h")


async def _named(asked: Asked, stream: str, number: int) -> Attachment:
    await asked.opened(stream)
    named = await awaited(sources(asked.house), asked.caller, stream, number)
    if isinstance(named, Refusal):
        raise of_refusal(named)
    return named


async def _bring(asked: Asked, stream: str, named: Attachment) -> None:
    most = named.size + _AROUND
    body, size = await come(asked.request, keep=most, most=MAX_BYTES + _AROUND)
    if size > most:
        problem = f"the file has more than {named.size} bytes, which the filing names"
        raise of_refusal(Refusal(RefusalCode.OTHER_BYTES, problem))
    parts = parts_of(asked.request.headers.get("content-type", ""), body)
    # As of every form; no script of another site's comes so far, nor a form of one (`app`).
    if not asked.desk.sessions.is_ours(asked.session.name, parts[TOKEN].decode("ascii", "replace")):
        raise Problem(403, "no_token", "The form is too old, or not ours. Go back and reload it.")
    try:
        await asked.house.attachments.put(asked.caller.log, stream, named, parts[DOCUMENT])
    except OtherBytesError as error:
        raise of_refusal(Refusal(RefusalCode.OTHER_BYTES, f"This is another file: {error}")) from None
    except StoreError as error:
        raise Problem(
            503, "unavailable", "The document cannot be kept now; tell who runs the desk."
        ) from error


def parts_of(kind: str, body: bytes) -> Mapping[str, bytes]:
    """The token and the file of a form (RFC 7578), by their names; ``kind``: its content type.

    :raises Problem: it is not that form.
    """
    said = Message()
    said["Content-Type"] = kind
    boundary = said.get_boundary()
    if said.get_content_type() != "multipart/form-data" or not boundary:
        raise Problem(415, "unsupported_media_type", "only a form of this service is taken here")
    found: list[tuple[str | None, bytearray]] = []
    try:
        with PushMultipartParser(boundary, max_segment_count=2, strict=True) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    found.append((event.name, bytearray()))
                elif event:
                    found[-1][1].extend(event)
    except MultipartError as error:
        raise malformed("the form cannot be read") from error
    if [name for name, _ in found] != [TOKEN, DOCUMENT]:
        raise malformed("the form cannot be read")
    return {name: bytes(content) for name, content in found if name}

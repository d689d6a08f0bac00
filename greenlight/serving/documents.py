"""Documents of cases as files over HTTP: never inside a page, and few at once."""

import asyncio
from contextlib import ExitStack
from typing import Final, NamedTuple

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from greenlight.answers.attachments import Document, Sources, document
from greenlight.answers.caller import Caller
from greenlight.kernel.refusal import Refusal
from greenlight.serving.house import House
from greenlight.serving.problems import Problem, malformed, of_refusal

SECONDS: Final = 45.0
"""For the bytes of a document to come."""


def sources(house: House) -> Sources:
    """All that is asked for attachments."""
    return Sources(house.reader, house.scope, house.access, house.attachments)


class Come(NamedTuple):
    """The body of a request as far as it was kept, and the number of bytes that were read."""

    content: bytes
    size: int


async def come(request: Request, *, keep: int, most: int) -> Come:
    """The body, of which ``keep`` bytes are kept. What is beyond is read to its end, so that the sender hears
    of it, unless it is more than ``most``.

    :raises Problem: it does not come in time, or not to its end.
    """
    found, size = bytearray(), 0
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.stream():
                size += len(piece)
                if size > most:
                    break
                if size <= keep:
                    found += piece
    except TimeoutError:
        raise Problem(408, "request_timeout", f"the bytes did not come within {SECONDS:g} seconds") from None
    except ClientDisconnect:
        raise malformed("the bytes did not come to their end") from None
    return Come(bytes(found), size)


async def download(house: House, caller: Caller, stream: str, number: int) -> Response:
    """A document, byte for byte. It has its place from before it is read until it is sent, or whoever asked
    is gone.

    :raises Problem: it is not shown, or as many are under way as there may be.
    :raises StoreError: the store does not give it as it was brought.
    """
    with ExitStack() as places:
        places.enter_context(house.read.of(caller.kid, caller.organisation))
        found = await document(sources(house), caller, stream, number)
        if isinstance(found, Refusal):
            raise of_refusal(found)
        return _Download(found, places.pop_all())


class _Download(Response):
    """A document on its way, which gives back its place at the end."""

    def __init__(self, found: Document, places: ExitStack) -> None:
        said = {"Content-Disposition": f'attachment; filename="{found.file}"'}
        super().__init__(found.content, 200, said, found.named.type.value)
        self._places = places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._places:
            start = {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}
            await send(start)
            await send({"type": "http.response.body", "body": self.body, "more_body": True})
            # The server takes this end once it has handed on what came before, or nobody is there to read.
            await send({"type": "http.response.body", "body": b"", "more_body": False})

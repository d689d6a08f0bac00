"""The documents that a filing names, as files: none is ever shown inside a page."""

from starlette.responses import Response

from greenlight.attached.store import StoreError
from greenlight.desk.asked import Asked, place_of
from greenlight.serving.documents import download
from greenlight.serving.problems import Problem


async def attachment(asked: Asked) -> Response:
    """A document, byte for byte."""
    stream, number = asked.request.path_params["stream"], asked.request.path_params["number"]
    await asked.opened(stream)
    try:
        return await download(asked.house, asked.caller, stream, place_of(number) or 0)
    except StoreError as error:
        raise Problem(
            503, "unavailable", "The document cannot be read now; tell who runs the desk."
        ) from error

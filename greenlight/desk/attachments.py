"""The documents that a filing names, as files: none is ever shown inside a page."""

from starlette.responses import Response

from greenlight.answers.attachments import Sources, document
from greenlight.attached.store import DamagedError
from greenlight.desk.asked import Asked, place_of
from greenlight.kernel.refusal import Refusal
from greenlight.serving.problems import Problem, of_refusal


async def attachment(asked: Asked) -> Response:
    """A document, byte for byte."""
    stream, house = asked.request.path_params["stream"], asked.house
    await asked.opened(stream)
    number = place_of(asked.request.path_params["number"]) or 0
    try:
        sources = Sources(house.reader, house.scope, house.access, house.attachments)
        found = await document(sources, asked.caller, stream, number)
    except DamagedError as error:
        raise Problem(
            503, "unavailable", "The document cannot be read now; tell who runs the desk."
        ) from error
    if isinstance(found, Refusal):
        raise of_refusal(found)
    headers = {"Content-Disposition": f'attachment; filename="{found.file}"'}
    return Response(found.content, 200, headers, found.named.type.value)

"""Earlier cases with the parties of a case, on a page of their own: each look at it is a reading of them."""

from starlette.responses import Response

from greenlight.answers.earlier import earlier as found_earlier
from greenlight.desk.asked import Asked
from greenlight.kernel.refusal import Refusal
from greenlight.serving.problems import of_refusal


async def earlier(asked: Asked) -> Response:
    """The page."""
    stream = asked.request.path_params["stream"]
    await asked.opened(stream)
    found = await found_earlier(asked.house.of_earlier, asked.caller, stream)
    if isinstance(found, Refusal):
        raise of_refusal(found)
    return asked.page("earlier.html", earlier=found, stream=stream)

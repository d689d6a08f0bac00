"""Following what happens, by the front door: every event once and in order, to whom it is open."""

from collections.abc import AsyncGenerator, Callable, Collection
from datetime import timedelta
from typing import Final, cast

from greenlight.client.front_door import PATIENCE, front_door
from greenlight.kernel.model import Instant, JsonObject, Model

WAIT: Final = 25.0
"""Seconds that the front door waits for an event before it says that there is none."""
PAGE: Final = 500
_POSITION: Final = "greenlight-position"
_PREFIX: Final = "greenlight."


class FeedEvent(Model):
    """An event of the log. ``position`` is where to go on after it; ``source`` the log among all logs; ``at``
    the legal time, ``recorded_at`` when the log took it in; ``record`` what happened."""

    position: int
    source: str
    type: str
    stream: str
    version: int
    at: Instant
    recorded_at: Instant
    command_id: str | None
    record: JsonObject


async def events(
    address: str,
    token: Callable[[], str],
    *,
    after: int = 0,
    types: Collection[str] = (),
    streams: Collection[str] = (),
    follow: bool = True,
    patience: timedelta = PATIENCE,
    reached: Callable[[int], None] = lambda _: None,
) -> AsyncGenerator[FeedEvent]:
    """The events after a position, of these types and streams (``application``: of all of the kind), or of
    any. They come without end, or with ``follow`` False up to the present one.

    Whoever keeps the position of the last event that they dealt with, and begins after it, misses nothing and
    deals with nothing twice, whatever breaks. A connection that breaks is made anew.

    :param address: the front door's, such as ``https://door.example.gov``.
    :param token: gives the token of who reads, anew for each request: it is valid for minutes. Of a signer,
        ``lambda: signer.reading(Role.APPLICANT)``.
    :param patience: how long the front door may be away.
    :param reached: is told how far it is, where what follows is not for the caller.
    :raises Refused: with the code: who reads is not let in, or the log does not reach the position.
    :raises Unanswered: the front door is away.
    """
    asked = {"limit": str(PAGE), "wait": str(WAIT if follow else 0)}
    asked |= {"types": ",".join(sorted(types))} if types else {}
    asked |= {"streams": ",".join(sorted(streams))} if streams else {}
    async with front_door(address, token, patience) as door:
        while True:
            go_on = f"go on after the position {after}"
            answer = await door.get("/events", {**asked, "after": str(after)}, go_on=go_on)
            for each in cast("list[JsonObject]", answer.json()):
                yield _event(each)
            before, after = after, int(answer.headers[_POSITION])
            reached(after)
            if not follow and after == before:
                return


def _event(said: JsonObject) -> FeedEvent:
    return FeedEvent.model_validate(
        {
            "position": int(str(said["id"])),
            "source": said["source"],
            "type": str(said["type"]).removeprefix(_PREFIX),
            "stream": said["subject"],
            "version": said["streamversion"],
            "at": said["time"],
            "recorded_at": said["recordedtime"],
            "command_id": said.get("commandid"),
            "record": said["data"],
        }
    )

"""Telling workflows that their cases were decided on the record."""

from temporalio import activity

from activities.declared import TellingWork
from greenlight.service.heartbeats import heartbeats
from greenlight.service.telling import Teller


class TellingActivities(TellingWork):
    """An ordinary activity over Temporal. Killed in the middle, it goes on where its last heartbeat was."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    @activity.defn(name="tell")
    async def tell(self, streams: tuple[str, ...]) -> None:
        before = activity.info().heartbeat_details
        done = int(before[0]) if before else 0
        async with heartbeats() as progress:
            progress.reached = done

            def told(number: int) -> None:
                progress.reached = done + number

            await self._teller.tell(streams[done:], None, told)

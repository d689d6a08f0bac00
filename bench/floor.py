"""The floor: bare workflows that take the same messages as a case and do nothing with them."""

from datetime import timedelta
from typing import TypedDict

from temporalio import activity, workflow
from temporalio.client import Client

FLOOR_QUEUE = "floor"


class Count(TypedDict):
    messages: int


@workflow.defn(name="FloorLicense")
class FloorLicense:
    """The second workflow that a granted case leads to."""

    @workflow.run
    async def run(self, start: object) -> None:
        await workflow.wait_condition(lambda: False)


class _Floor:
    """Takes a start and the three messages of a simple case; records, checks and shows nothing."""

    def __init__(self) -> None:
        self.messages = 0

    async def live(self) -> Count:
        await workflow.wait_condition(lambda: self.messages == 3)
        return Count(messages=self.messages)

    def take(self) -> Count:
        self.messages += 1
        return Count(messages=self.messages)

    @workflow.update
    async def registered(self) -> Count:
        return Count(messages=self.messages)

    @workflow.update
    async def recommend(self, message: object) -> Count:
        return self.take()

    @workflow.update
    async def countersign(self, message: object) -> Count:
        return self.take()

    @workflow.update
    async def sign_off(self, message: object) -> Count:
        return self.take()


@workflow.defn(name="FloorApplication")
class FloorApplication(_Floor):
    """One workflow alone."""

    @workflow.run
    async def run(self, start: object) -> Count:
        return await self.live()


@workflow.defn(name="FloorWithLicense")
class FloorWithLicense(_Floor):
    """As many workflows as a granted case has: the second is started the way the service starts a license."""

    @workflow.run
    async def run(self, start: object) -> Count:
        count = await self.live()
        await workflow.execute_local_activity(
            "start_floor_license",
            f"{workflow.info().workflow_id}-license",
            start_to_close_timeout=timedelta(seconds=20),
        )
        return count


class FloorActivities:
    def __init__(self, temporal: Client) -> None:
        self._temporal = temporal

    @activity.defn(name="start_floor_license")
    async def start_floor_license(self, workflow_id: str) -> None:
        await self._temporal.start_workflow("FloorLicense", {}, id=workflow_id, task_queue=FLOOR_QUEUE)

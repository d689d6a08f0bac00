"""The process under measurement: the service's worker, and beside it one of the same kind for the floor."""

import asyncio
import os

import uvloop

from bench.floor import FLOOR_QUEUE, FloorActivities, FloorApplication, FloorLicense, FloorWithLicense
from greenlight.connection.logs import configure_logs
from greenlight.connection.settings import Settings
from greenlight.connection.target import external_target
from worker import new_worker, service


async def main() -> None:
    settings = Settings()
    configure_logs(settings.model_copy(update={"log_level": "error"}))
    target = external_target(settings)
    assert target is not None, "TEMPORAL_ADDRESS and DATABASE_URL name the servers"
    async with service(settings, target) as running:
        floor = new_worker(
            settings,
            running.client,
            task_queue=FLOOR_QUEUE,
            workflows=[FloorApplication, FloorWithLicense, FloorLicense],
            activities=[FloorActivities(running.client).start_floor_license],
        )
        async with floor:
            print("ready", flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        uvloop.run(main())
    except KeyboardInterrupt:
        os._exit(0)

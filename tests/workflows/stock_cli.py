"""The ``temporal`` command as anybody installs it: a client that knows nothing of the service."""

import asyncio
from dataclasses import dataclass

from greenlight.connection.target import Target
from greenlight.embedded import programs
from greenlight.law.contract import TASK_QUEUE


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class StockCli:
    target: Target

    async def __call__(self, *arguments: str) -> Said:
        """Run ``temporal workflow …``."""
        process = await asyncio.create_subprocess_exec(
            programs.temporal(),
            *("workflow", *arguments),
            *("--address", self.target.address, "--namespace", self.target.namespace),
            *("--disable-config-file", "--disable-config-env", "--output", "json"),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        return Said(await process.wait(), output.decode(), errors.decode())

    async def start(self, workflow: str, stream: str, *inputs: str) -> Said:
        where = ("--type", workflow, "--task-queue", TASK_QUEUE, "--workflow-id", stream)
        return await self("start", *where, *_inputs(inputs))

    async def update(self, stream: str, name: str, *inputs: str) -> Said:
        return await self("update", "execute", "--workflow-id", stream, "--name", name, *_inputs(inputs))

    async def signal(self, stream: str, name: str, *inputs: str) -> Said:
        return await self("signal", "--workflow-id", stream, "--name", name, *_inputs(inputs))

    async def query(self, stream: str, name: str, *inputs: str) -> Said:
        return await self("query", "--workflow-id", stream, "--name", name, *_inputs(inputs))


def _inputs(inputs: tuple[str, ...]) -> list[str]:
    return [argument for each in inputs for argument in ("--input", each)]

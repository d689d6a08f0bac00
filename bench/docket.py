"""The docket of 2019-2020, rehearsed as the demonstration does it, on servers of its own."""

import tempfile
from pathlib import Path

from greenlight.cli.rehearsal.docket import SEED, lived
from greenlight.connection.settings import Settings
from greenlight.kernel.clock_kind import Kind
from greenlight.reference.dockets import load_docket
from worker import servers, service


async def measure() -> dict[str, float]:
    """The time that it takes, the start of the servers left out, and the commands a second that this
    makes."""
    with tempfile.TemporaryDirectory(prefix="greenlight-bench-") as name:
        settings = Settings(
            data=Path(name), temporal_port=0, ui_port=0, kind=Kind.REHEARSAL, log_level="error"
        )
        async with servers(settings) as target, service(settings, target):
            found = await lived(settings, target, load_docket(), SEED, lambda _: None)
    return {
        "docket_rehearsal_s": found.seconds,
        "docket_commands_per_second": found.commands / found.seconds,
    }

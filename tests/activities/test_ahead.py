"""What a worker reads before somebody waits for it."""

import subprocess
import sys

AHEAD = """
import asyncio, sys
from types import SimpleNamespace
from greenlight.law.application.validity import valid_through
from greenlight.service.upkeep import reading_ahead
from datetime import UTC, datetime

async def nothing(*_):
    return None

read = reading_ahead(SimpleNamespace(read_standing=nothing), SimpleNamespace(read_ahead=nothing))
print("holidays" in sys.modules)
asyncio.run(read.act(None))
known = set(sys.modules)
valid_through(datetime.now(UTC))
print("holidays" in known, sorted(set(sys.modules) - known))
"""


def test_the_calendar_is_there_before_the_first_license_is_granted() -> None:
    """In a process of its own: here others have asked for it. Importing it keeps the event loop for a tenth
    of a second."""
    told = subprocess.run([sys.executable, "-c", AHEAD], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines() == ["False", "True []"]

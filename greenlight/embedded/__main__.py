"""Both servers on a data folder and nothing that works on them: to look into a copy, or to restore into one.

    python -m greenlight.embedded FOLDER

It goes on until it is interrupted, or told to end. What is meant to use the servers takes the folder as
``GREENLIGHT_DATA``.
"""

import asyncio
import signal
import sys
from pathlib import Path

from greenlight.embedded import StartError, start

USAGE, CANNOT = 2, 3


async def _serve(folder: Path) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with start(folder, temporal_port=0, ui_port=0) as addresses:
        for name, value in addresses.environment().items():
            print(f"export {name}='{value}'")
        print("ready", flush=True)
        await stop.wait()


def main() -> int:
    """0 after a stop by signal, 2 for wrong words, 3 where a server cannot be started."""
    if len(sys.argv) != 2:
        print("usage: python -m greenlight.embedded FOLDER", file=sys.stderr)
        return USAGE
    try:
        asyncio.run(_serve(Path(sys.argv[1])))
    except StartError as error:
        print(f"greenlight: {error}", file=sys.stderr)
        return CANNOT
    return 0


if __name__ == "__main__":
    sys.exit(main())

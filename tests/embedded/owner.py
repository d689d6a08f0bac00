"""Keeps servers up on a folder until it is killed: the program that the tests kill."""

import asyncio
import json
import signal
import sys
from pathlib import Path

import asyncpg

ROOT = Path(__file__).resolve().parents[2]


async def main(folder: Path, temporal_port: int) -> None:
    from greenlight import embedded

    try:
        async with embedded.start(folder, temporal_port=temporal_port, ui_port=0) as addresses:
            sys.stdout.write(json.dumps(addresses.environment()) + "\n")
            sys.stdout.flush()
            try:
                await asyncio.Event().wait()
            finally:
                # A service drains before it lets go of its servers.
                await asyncio.sleep(0.5)
                connection = await asyncpg.connect(addresses.owner_url)
                sys.stdout.write(f"{await connection.fetchval('select word from words')}\n")
                await connection.close()
    except embedded.StartError as error:
        sys.exit(f"StartError: {error}")


if __name__ == "__main__":
    # As at a terminal, also where the tests run in the background of a shell, which has Ctrl-C ignored there.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path.insert(0, str(ROOT))
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))

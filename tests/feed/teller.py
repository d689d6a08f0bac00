"""A process that tells subscribers, to be killed: `python -m tests.feed.teller DSN KEY`."""

import asyncio
import sys
from pathlib import Path

from greenlight.eventlog.subscribers import Hearer
from greenlight.feed.secrets import load_key
from greenlight.feed.webhooks import Webhooks


async def everything(_: Hearer, streams: frozenset[str]) -> frozenset[str]:
    return streams


async def unnoted(_: Hearer, streams: frozenset[str]) -> None:
    return


async def tell(dsn: str, key: str) -> None:
    webhooks = Webhooks(dsn, load_key(Path(key)), everything, unnoted, private=True)
    while True:
        await webhooks.work(20)
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    asyncio.run(tell(*sys.argv[1:]))

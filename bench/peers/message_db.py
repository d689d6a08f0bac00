"""Message DB: its functions in a database of ours, and writers that call them."""

import asyncio
import json
import time
import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from bench.peers.installed import MESSAGE_DB, npm_package
from greenlight.eventlog.database import WHOLE, Connection, connect

# In the order of its own install.sh. Left out: its role with privileges, which outlives the database, and the
# extension for a function that PostgreSQL has by itself since version 13.
_FILES = (
    "schema/message-store.sql",
    "tables/messages.sql",
    "types/message.sql",
    *(
        f"functions/{name}.sql"
        for name in (
            *("message-store-version", "hash-64", "acquire-lock", "category", "is-category", "id"),
            *("cardinal-id", "stream-version", "write-message", "get-stream-messages"),
            *("get-category-messages", "get-last-stream-message"),
        )
    ),
    *(f"indexes/messages-{name}.sql" for name in ("id", "stream", "category")),
)
_WRITE = "SELECT message_store.write_message($1, $2, 'CaseAssigned', $3::jsonb, NULL, $4)"


class MessageDb:
    """Writers, each with a connection of its own."""

    def __init__(self, connections: list[Connection]) -> None:
        self._connections = connections

    async def rate(self, writers: int, commits: int, per_stream: int, size: int) -> float:
        """Events a second: each writer's one after the other, an event a commit, of its stream's version."""
        data = json.dumps({"record": "x" * size})

        async def write(to: Connection) -> None:
            stream = ""
            for number in range(commits):
                if number % per_stream == 0:
                    stream = f"case-{uuid.uuid4().hex}"
                await to.execute(_WRITE, str(uuid.uuid4()), stream, data, number % per_stream - 1)

        began = time.perf_counter()
        await asyncio.gather(*(write(each) for each in self._connections[:writers]))
        return writers * commits / (time.perf_counter() - began)


@asynccontextmanager
async def message_db(owner_url: str, writers: int) -> AsyncGenerator[MessageDb]:
    """Its functions as npm has them.

    :raises AbsentError: they cannot be installed.
    """
    package = await npm_package("@eventide/message-db", MESSAGE_DB)
    connections = [
        await connect(owner_url, application="bench-message-db", limits=WHOLE) for _ in range(writers)
    ]
    try:
        for name in _FILES:
            sql = (package / "database" / name).read_text(encoding="utf-8")
            await connections[0].execute(sql)
        for each in connections:
            await each.execute("SET search_path = message_store, public")
        yield MessageDb(connections)
    finally:
        for each in connections:
            await each.close()

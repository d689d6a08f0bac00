"""A private PostgreSQL and a private Temporal for one machine, all from installed packages.

    async with embedded.start(Path(".greenlight")) as addresses:
        client = await Client.connect(addresses.temporal)
        database = await asyncpg.connect(addresses.database_url)

Both keep their data in one folder and find it there again. They end with the program that started them,
however it ends; on Linux they also end with the thread that started them, so it has to be one that lasts. For
Linux and macOS; elsewhere, and in production, use servers of your own.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from .errors import StartError
from .folder import Addresses, free, owned, publish, running
from .postgres import Postgres
from .temporal import NAMESPACE, TemporalServer

__all__ = ["Addresses", "Postgres", "StartError", "TemporalServer", "free", "running", "start"]


@asynccontextmanager
async def start(
    folder: Path,
    *,
    temporal_port: int = 7233,
    ui_port: int = 8233,
    search_attributes: Mapping[str, str] | None = None,
    codec: str = "",
) -> AsyncGenerator[Addresses]:
    """Keeps both servers up on `folder` while the context lasts; other programs find them through `running`.

    A port of 0 means a free one. `codec` is where the UI has payloads opened. Raises `StartError` when they
    cannot start; nothing is left running then.
    """
    postgres = Postgres(folder)
    temporal = TemporalServer(
        folder, port=temporal_port, ui_port=ui_port, search_attributes=search_attributes, codec=codec
    )
    with owned(folder) as home:
        try:
            # First the one that fails fast: a taken port is told before a new cluster is made.
            await temporal.start()
            await postgres.start()
            addresses = Addresses(
                temporal.address,
                temporal.ui,
                NAMESPACE,
                database_url=postgres.database_url,
                writer_url=postgres.writer_url,
                owner_url=postgres.owner_url,
                auditor_url=postgres.auditor_url,
                codec=codec,
            )
            publish(home, addresses)
            yield addresses
        finally:
            await postgres.stop()
            await temporal.stop()

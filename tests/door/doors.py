"""A door that answers on a free port, as the program opens it, and somebody who knocks."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

import httpx
from temporalio.client import Client

from greenlight.answers.listed import Shipped
from greenlight.attached.store import Folder, Store
from greenlight.codec.sealing import Sealing
from greenlight.codec.service import NoKeys
from greenlight.connection.converter import data_converter
from greenlight.door.app import app
from greenlight.door.feeding import fed
from greenlight.law.determination.tables import ControlTables, Tables
from greenlight.reference.controls import load_tables
from greenlight.reference.listings import load_listings
from greenlight.reference.rules import load_rules
from greenlight.serving.house import House, house
from greenlight.serving.listening import address_of, listening
from greenlight.serving.server import served
from tests.door.test_caller import reading
from tests.eventlog.crowd import Signer

PATIENCE = timedelta(seconds=10)


def kept_in(folder: Path) -> Store:
    """A store of attachments that nothing encrypts."""
    return Folder(folder, NoKeys(), sealed=False)


@cache
def tables() -> Tables:
    return load_tables()


@dataclass
class Door:
    """An open door; ``http`` knocks at it as nobody."""

    url: str
    within: House
    http: httpx.AsyncClient

    async def get(self, path: str, by: Signer, **more: str) -> httpx.Response:
        """What somebody is answered who shows who they are; ``more`` are headers."""
        said = {name.replace("_", "-"): value for name, value in more.items()}
        return await self.http.get(path, headers={"Authorization": reading(by), **said})

    async def ask(self, path: str, by: Signer, question: object) -> httpx.Response:
        """What somebody is answered who asks with a body."""
        return await self.http.post(path, json=question, headers={"Authorization": reading(by)})


@asynccontextmanager
async def door(
    database_url: str,
    temporal: Client,
    tiles: Path,
    *,
    patience: timedelta = PATIENCE,
    rate: float = 10_000,
    burst: float = 10_000,
    share: float = 0.25,
    feeds: bool = True,
    shipped: Shipped | None = None,
    kept: ControlTables | None = None,
) -> AsyncGenerator[Door]:
    """A door for as long as the context lasts; by the tables that are ``kept``, or the shipped ones."""
    shipped = shipped or Shipped(load_listings(None))
    with listening("127.0.0.1:0", "door") as opened:
        url = f"http://{address_of(opened)}"
        async with (
            house(
                database_url,
                temporal,
                tiles=tiles,
                patience=patience,
                shipped=shipped,
                rules=load_rules(),
                tables=kept or tables(),
                rate=rate,
                burst=burst,
                share=share,
                attachments=kept_in(tiles.parent / "attachments"),
                application="greenlight-door",
            ) as within,
            fed(within, database_url) if feeds else nullcontext() as feed,
            served(app(within, feed), opened, share=share),
            httpx.AsyncClient(base_url=url, timeout=60) as http,
        ):
            yield Door(url, within, http)


async def nowhere() -> Client:
    """A client of a Temporal that is away."""
    return await Client.connect("127.0.0.1:1", lazy=True, data_converter=data_converter(Sealing.off()))

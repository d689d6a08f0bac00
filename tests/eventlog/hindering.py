"""What hinders the recording of some events, and of no others."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from greenlight.eventlog.database import connection
from tests.addresses import as_administrator

_HINDER = """
CREATE FUNCTION public.hinder() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what} RETURN NEW; END $$;
CREATE TRIGGER hinder BEFORE INSERT ON greenlight.event FOR EACH ROW
WHEN ({when}) EXECUTE FUNCTION public.hinder();
"""


@asynccontextmanager
async def hindered(database_url: str, stream: str, what: str) -> AsyncGenerator[None]:
    """While the context lasts, ``what`` is done (a statement of PL/pgSQL) before an event of the stream is
    written."""
    async with _hindered(database_url, f"NEW.stream = '{stream}'", what):
        yield


@asynccontextmanager
async def slowed(database_url: str, event_type: str, seconds: float) -> AsyncGenerator[None]:
    """While the context lasts, each event of the type takes so long to be written."""
    async with _hindered(database_url, f"NEW.type = '{event_type}'", f"PERFORM pg_sleep({seconds});"):
        yield


@asynccontextmanager
async def _hindered(database_url: str, when: str, what: str) -> AsyncGenerator[None]:
    async with connection(as_administrator(database_url), application="test") as database:
        await database.execute(_HINDER.format(what=what, when=when))
        try:
            yield
        finally:
            await database.execute("DROP FUNCTION public.hinder CASCADE")

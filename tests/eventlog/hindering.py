"""What hinders the recording of some events, and of no others."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

from greenlight.eventlog.database import connection
from tests.addresses import as_administrator

_HINDER = """
CREATE FUNCTION public.{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {what} RETURN NEW; END $$;
CREATE TRIGGER {name} BEFORE INSERT ON greenlight.event FOR EACH ROW
WHEN ({when}) EXECUTE FUNCTION public.{name}();
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
    # Several may hinder at once.
    name = f"hinder_{uuid4().hex}"
    async with connection(as_administrator(database_url), application="test") as database:
        await database.execute(_HINDER.format(name=name, what=what, when=when))
        try:
            yield
        finally:
            await database.execute(f"DROP FUNCTION public.{name} CASCADE")

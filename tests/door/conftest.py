"""A PostgreSQL for these tests, as those of the event log have it."""

from tests.eventlog.conftest import crowd, database, dsn, empty, recorder, server, template

__all__ = ["crowd", "database", "dsn", "empty", "recorder", "server", "template"]

"""Addresses on the server under test."""

from greenlight.embedded import Postgres
from greenlight.embedded.users import WRITER
from tests.addresses import as_user, named


def database_url(server: Postgres, name: str) -> str:
    """The superuser's address, who may do what no program of the service may."""
    return named(server.administrator_url, name)


def as_writer(url: str) -> str:
    """The same database for what records events and keeps letters."""
    return as_user(url, WRITER)

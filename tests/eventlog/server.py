"""Addresses on the server under test."""

from urllib.parse import urlsplit

from greenlight.embedded import Postgres


def database_url(server: Postgres, name: str) -> str:
    return urlsplit(server.database_url)._replace(path=f"/{name}").geturl()

"""Addresses on a server of the tests, of other databases and for other users; one to listen at.

Where the environment names the server (``bench.named``), databases have names of the run.
"""

import socket
from dataclasses import replace
from urllib.parse import urlsplit

from bench.named import in_role, is_named, on_run
from greenlight.connection.target import Target
from greenlight.embedded.users import ADMINISTRATOR, OWNER
from greenlight.eventlog.database import connection


def free_address() -> str:
    """An address of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


def named(url: str, database: str) -> str:
    """The same for another database."""
    return urlsplit(url)._replace(path=f"/{on_run(url, database)}").geturl()


def as_user(url: str, user: str) -> str:
    """The same for another user."""
    if is_named(url):
        return in_role(url, None if user == ADMINISTRATOR else user)
    return urlsplit(url)._replace(netloc=f"{user}@").geturl()


def as_administrator(url: str) -> str:
    """The same for the superuser, who may do what no program of the service may."""
    return as_user(url, ADMINISTRATOR)


def elsewhere(target: Target, database: str) -> Target:
    """The same servers with another database."""
    return replace(
        target,
        database_url=named(target.database_url, database),
        writer_url=named(target.writer_url, database),
        auditor_url=named(target.auditor_url, database),
        owner_url=named(target.owner_url, database),
    )


async def create_database(url: str, name: str, template: str = "template1") -> None:
    """Make a database on the same server; its owner is the service's."""
    name = on_run(url, name)
    template = template if template == "template1" else on_run(url, template)
    async with connection(as_administrator(url), application="test") as administrator:
        await administrator.execute(f"CREATE DATABASE {name} TEMPLATE {template} OWNER {OWNER}")


async def drop_database(url: str, name: str) -> None:
    """Drop a database of the same server, whoever is connected to it."""
    async with connection(as_administrator(url), application="test") as administrator:
        await administrator.execute(f"DROP DATABASE {on_run(url, name)} WITH (FORCE)")

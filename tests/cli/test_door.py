"""Tokens for the front door, and who was shown what."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.answers.caller import Caller, Callers
from greenlight.embedded import running
from greenlight.eventlog.access import AccessLog
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream
from tests.cli.commands import printed
from tests.cli.conftest import Terminal, serving
from tests.cli.test_procedure import filed


@pytest_asyncio.fixture(scope="module", name="there")
async def _there(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Terminal]:
    terminal = Terminal(tmp_path_factory.mktemp("door"))
    async with serving(terminal):
        yield terminal


@pytest_asyncio.fixture(scope="module", loop_scope="session", name="acns")
async def _acns(there: Terminal) -> tuple[str, str]:
    return await filed(there), await filed(there)


@pytest.fixture(autouse=True)
def _here(there: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENLIGHT_DATA", str(there.data))


async def _reads(data: Path, token: str, stream: str) -> Caller:
    up = running(data)
    assert up is not None
    async with Callers(up.database_url) as callers, AccessLog(up.database_url) as log:
        caller = await callers.proven(f"Bearer {token}")
        assert isinstance(caller, Caller), caller
        await log.note(caller, stream, "dossier")
        return caller


def test_a_token_is_by_whom_it_is_asked_for_and_the_auditor_sees_what_was_read(
    there: Terminal, acns: tuple[str, str]
) -> None:
    read, unread = acns
    said = printed("token", "--as", "acme")
    assert said.code == 0, said.err
    caller = asyncio.run(_reads(there.data, said.out.strip(), application_stream(read)))
    assert (caller.officer, caller.role) == ("acme", Role.APPLICANT)
    found = json.loads(printed("readings", read, "--by", "acme", "--json").out)
    assert [(each["officer"], each["what"]) for each in found] == [("acme", "dossier")]
    assert json.loads(printed("readings", unread, "--json").out) == []


def test_who_holds_several_roles_says_in_which_they_read() -> None:
    several = printed("token", "--as", "oscar")
    assert several.code == 2
    assert "countersigner" in several.err
    assert printed("token", "--as", "oscar", "--role", "countersigner").code == 0

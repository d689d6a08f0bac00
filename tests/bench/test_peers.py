"""Others' software is measured where it can be installed, and named with the reason where it cannot."""

import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bench.peers import asked
from bench.peers.appends import peers_of
from bench.peers.asked import PeerError, peer
from bench.peers.installed import AbsentError, npm_package
from bench.report import Found, measured
from tests.bench.test_report import NOW

ECHO = """
import json, sys
factor = json.loads(sys.argv[1])["factor"]
for line in sys.stdin:
    said = json.loads(line)["number"]
    if said < 0:
        sys.exit(3)
    print(said * factor, flush=True)
"""


@pytest.fixture
def nothing_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither npm nor an index of packages is there."""
    monkeypatch.setenv("GREENLIGHT_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")


@pytest.mark.usefixtures("nothing_to_install")
async def test_a_peer_that_is_not_there_is_skipped_by_name() -> None:
    found = Found()
    async with AsyncExitStack() as stack:
        assert await peers_of("postgresql://nobody@127.0.0.1:1/nothing", 100, stack, found) == {}
    assert set(found.skipped) == {
        "append_vs_eventsourcing_16",
        "append_vs_message_db",
        "append_vs_message_db_16",
    }
    assert "No matching distribution" in found.skipped["append_vs_eventsourcing_16"]
    assert found.skipped["append_vs_message_db"] == "npm is not installed"
    assert measured(found, NOW).skipped == found.skipped


@pytest.mark.usefixtures("nothing_to_install")
async def test_what_failed_to_be_installed_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "npm").write_text("#!/bin/sh\necho there is no such package >&2\nexit 1\n")
    (tmp_path / "npm").chmod(0o755)
    for _ in range(2):
        with pytest.raises(AbsentError, match=r"npm: there is no such package|npm: code"):
            await npm_package("@nobody/nothing", "1.0.0")


async def test_a_peer_is_asked_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "echo.py").write_text(ECHO)
    monkeypatch.setattr(asked, "PROGRAMS", tmp_path)
    async with peer(Path(sys.executable), "echo.py", factor=2) as ask:
        assert [await ask(number=number) for number in (1, 4)] == [2, 8]
        with pytest.raises(PeerError, match=r"echo\.py ended with code 3"):
            await ask(number=-1)

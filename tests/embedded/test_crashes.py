"""Processes that are killed: nothing committed is lost, and nothing is left in the way."""

import os
import signal
import sys
from pathlib import Path

import pytest
from embedded_support import (
    alive,
    ended,
    owner,
    query,
    remember,
    remembered,
    server_pids,
    sleeper,
    start_waiting,
    status,
    temporal,
    up,
)

from greenlight import embedded
from greenlight.embedded import Postgres, StartError, programs

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="relies on what only Linux tells of processes")


async def test_a_killed_postmaster_comes_back_with_every_row(folder: Path) -> None:
    async with up(Postgres(folder)) as postgres:
        await remember(postgres.owner_url, "committed")
        killed = postgres.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await postgres.start()
        assert postgres.pid not in {None, killed}
        assert await remembered(postgres.owner_url) == "committed"
    log = (folder / "postgres" / "server.log").read_text()
    assert "database system was not properly shut down" in log


async def test_a_killed_temporal_goes_on_at_the_same_address(tmp_path: Path) -> None:
    async with up(temporal(tmp_path)) as server:
        address, killed = server.address, server.pid
        await start_waiting(address, "case-1")
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        await server.start()
        assert server.pid not in {None, killed}
        assert server.address == address
        assert await status(address, "case-1") == "RUNNING"
        pid = server.pid
        await server.start()
        assert server.pid == pid


async def test_a_temporal_that_dies_of_itself_while_it_starts_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried, stumbling = tmp_path / "tried", tmp_path / "temporal-stumbling"
    stumbling.write_text(
        "#!/bin/sh\n"
        f"mkdir '{tried}' 2>/dev/null && {{ echo 'panic: runtime error: nil pointer' >&2; exit 2; }}\n"
        f"exec '{programs.temporal()}' \"$@\"\n"
    )
    stumbling.chmod(0o700)
    monkeypatch.setattr(programs, "temporal", lambda: stumbling)
    async with up(temporal(tmp_path / "data")) as server:
        await start_waiting(server.address, "case-1")
    assert tried.is_dir()


async def test_a_start_of_a_server_that_is_up_changes_nothing(folder: Path) -> None:
    async with up(Postgres(folder)) as postgres:
        pid = postgres.pid
        await postgres.start()
        assert postgres.pid == pid


async def test_a_killed_owner_leaves_no_server_and_no_lock(folder: Path) -> None:
    with owner(folder) as (process, environment):
        found = embedded.running(folder)
        assert found is not None
        assert found.environment() == environment
        await remember(environment["GREENLIGHT_OWNER_URL"], "survives")
        pids = server_pids(folder)
        process.kill()
        process.wait()
        assert (folder / "running.json").exists()
        assert embedded.running(folder) is None
        # At once, while the servers are still ending.
        async with embedded.start(folder, temporal_port=0, ui_port=0) as addresses:
            assert not any(alive(pid) for pid in pids)
            assert await remembered(addresses.owner_url) == "survives"


@on_linux
async def test_a_killed_owner_takes_its_servers_along(folder: Path) -> None:
    with owner(folder) as (process, _):
        pids = server_pids(folder)
        process.kill()
        assert await ended(*pids)
    assert "database system is shut down" in (folder / "postgres" / "server.log").read_text()


async def test_servers_that_outlived_their_owner_are_ended(folder: Path) -> None:
    database, server = Postgres(folder), temporal(folder)
    async with up(database), up(server):
        await remember(database.owner_url, "orphan")
        for orphan in (database, server):
            # As when their owner is gone: its lock is free, and they are still up.
            orphan._process.release()  # pyright: ignore[reportPrivateUsage]
        port = int(server.address.rpartition(":")[2])
        async with embedded.start(folder, temporal_port=port, ui_port=0) as addresses:
            assert (database.pid, server.pid) == (None, None)
            assert addresses.temporal == server.address
            assert await remembered(addresses.owner_url) == "orphan"


async def test_half_a_cluster_is_made_anew(tmp_path: Path) -> None:
    draft = tmp_path / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    async with up(Postgres(tmp_path)) as postgres:
        assert await query(postgres.database_url, "select 1") == 1
        assert not draft.exists()


@on_linux
async def test_the_number_of_a_dead_postmaster_may_be_another_process_now(folder: Path) -> None:
    async with up(Postgres(folder)) as postgres:
        assert postgres.pid is not None
        pid_file = folder / "postgres" / "data" / "postmaster.pid"
        _, *rest = pid_file.read_text().splitlines()
        os.kill(postgres.pid, signal.SIGKILL)
        with sleeper(Path("/"), like=pid_file) as other:
            pid_file.write_text("\n".join([str(other), *rest]) + "\n")
            await postgres.start()
            assert await query(postgres.database_url, "select 1") == 1


@on_linux
async def test_a_server_that_was_started_by_hand_is_not_disturbed(folder: Path) -> None:
    async with up(Postgres(folder)):
        pass
    data = folder / "postgres" / "data"
    with sleeper(data) as by_hand:
        (data / "postmaster.pid").write_text(f"{by_hand}\n")
        with pytest.raises(StartError, match=f"process {by_hand}.*stop it first"):
            await Postgres(folder).start()
        assert (data / "postmaster.pid").exists()

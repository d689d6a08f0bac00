"""The private servers as a service uses them."""

import asyncio
import os
import signal
import stat
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from embedded_support import (
    LOOPBACK,
    alive,
    ended,
    listens_on,
    owner,
    query,
    remember,
    remembered,
    server_pids,
    start_waiting,
    status,
    temporal,
    until,
    up,
    written,
)
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client

from greenlight import embedded
from greenlight.embedded import Postgres, StartError, programs

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to hand PostgreSQL to another user")


async def test_a_second_start_finds_the_data_of_the_first(tmp_path: Path) -> None:
    attributes = {"Stage": "Keyword", "DueAt": "Datetime"}
    assert embedded.running(tmp_path) is None
    async with embedded.start(tmp_path, temporal_port=0, ui_port=0, search_attributes=attributes) as first:
        assert embedded.running(tmp_path) == first
        await remember(first.owner_url, "durable")
        await start_waiting(first.temporal, "case-1")
        pids = server_pids(tmp_path)
        assert all(alive(pid) for pid in pids)
    assert await ended(*pids, seconds=0)
    assert embedded.running(tmp_path) is None

    async with embedded.start(tmp_path, temporal_port=0, ui_port=0, search_attributes=attributes) as second:
        assert await remembered(second.owner_url) == "durable"
        assert await status(second.temporal, "case-1") == "RUNNING"
        client = await Client.connect(second.temporal, namespace=second.namespace)
        listed = await client.operator_service.list_search_attributes(
            ListSearchAttributesRequest(namespace=second.namespace)
        )
        assert listed.custom_attributes.keys() == attributes.keys()


def test_the_addresses_lead_a_client_there() -> None:
    addresses = embedded.Addresses(
        temporal="127.0.0.1:1",
        ui="http://127.0.0.1:2",
        namespace="default",
        database_url="postgresql://reader@",
        writer_url="postgresql://writer@",
        owner_url="postgresql://owner@",
        auditor_url="postgresql://auditor@",
    )
    assert addresses.environment() == {
        "TEMPORAL_ADDRESS": "127.0.0.1:1",
        "TEMPORAL_NAMESPACE": "default",
        "DATABASE_URL": "postgresql://reader@",
        "GREENLIGHT_WRITER_URL": "postgresql://writer@",
        "GREENLIGHT_AUDITOR_URL": "postgresql://auditor@",
        "GREENLIGHT_OWNER_URL": "postgresql://owner@",
    }


async def test_the_database_is_durable_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PGPORT": "1", "PGHOST": "nowhere", "PGUSER": "x", "PGDATABASE": "x"}.items():
        monkeypatch.setenv(name, value)
    expected = {
        "listen_addresses": "",
        "fsync": "on",
        "data_checksums": "on",
        "max_connections": "100",
        "server_encoding": "UTF8",
    }
    async with up(Postgres(tmp_path)) as postgres:
        url = postgres.database_url
        assert {name: await query(url, f"show {name}") for name in expected} == expected
        for of, user in {
            url: "greenlight_cli",
            postgres.writer_url: "greenlight_worker",
            postgres.owner_url: "greenlight_owner",
            postgres.auditor_url: "greenlight_audit",
        }.items():
            assert await query(of, "select current_user || '@' || current_database()") == f"{user}@greenlight"
        rules = "select string_agg(type || ' ' || auth_method, ',') from pg_hba_file_rules"
        assert await query(postgres.administrator_url, rules) == "local peer"
        sockets = parse_qs(urlsplit(url).query)["host"][0]
        for closed in (tmp_path / "postgres" / "data", sockets):
            assert stat.S_IMODE(os.stat(closed).st_mode) == 0o700


@pytest.mark.skipif(sys.platform != "linux", reason="reads the sockets of a process from /proc")
async def test_temporal_is_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with up(temporal(folder)) as server:
        assert server.pid is not None
        ports = listens_on(server.pid)
        assert len(ports) >= 3
        assert set(ports) == {LOOPBACK}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert folder / "temporal" / "temporal.db" in files
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


async def test_eighty_connections_at_once(folder: Path) -> None:
    async with up(Postgres(folder)) as postgres:
        url = postgres.database_url
        answers = await asyncio.gather(*(query(url, "select 1 from pg_sleep(1)") for _ in range(80)))
        assert answers == [1] * 80


@pytest.mark.parametrize("name", ["long" * 30, "Akten, Überblick & Co. (1)"])
async def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    async with up(Postgres(tmp_path / name)) as postgres:
        await remember(postgres.owner_url, "far")
        url = postgres.owner_url
    async with up(Postgres(tmp_path / name)) as postgres:
        assert postgres.owner_url == url
        assert await remembered(url) == "far"


async def test_ctrl_c_reaches_the_owner_alone(folder: Path) -> None:
    with owner(folder) as (process, environment):
        await remember(environment["GREENLIGHT_OWNER_URL"], "drained")
        pids = server_pids(folder)
        os.killpg(process.pid, signal.SIGINT)
        said, _ = await asyncio.to_thread(process.communicate, timeout=60)
        assert said == "drained\n"
        assert await ended(*pids, seconds=0)
    assert "database system is shut down" in (folder / "postgres" / "server.log").read_text()
    assert embedded.running(folder) is None


async def test_a_start_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    postgres, pid_file = Postgres(tmp_path), tmp_path / "postgres" / "pid"
    starting = asyncio.create_task(postgres.start())
    assert await until(lambda: written(pid_file))
    initdb = int(pid_file.read_text())
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert postgres.pid is None
    assert await ended(initdb, seconds=0)
    async with up(postgres):
        assert await query(postgres.database_url, "select 1") == 1


@as_root
async def test_root_keeps_its_folders_closed(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    async with up(Postgres(closed / "data")) as postgres:
        assert os.stat(f"/proc/{postgres.pid}").st_uid != 0
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
        assert stat.S_IMODE((closed / "data").stat().st_mode) == 0o700


@as_root
async def test_programs_that_the_other_user_cannot_reach_are_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = programs.postgres(None, folder)

    def unreachable(user: object, folder: Path) -> bool:
        return folder != installed

    monkeypatch.setattr(programs, "_can_run", unreachable)
    async with up(Postgres(folder)) as postgres:
        program = os.readlink(f"/proc/{postgres.pid}/exe")
        assert program.endswith("/bin/postgres")
        assert not program.startswith(str(installed))
        assert await query(postgres.database_url, "select 1") == 1
    with pytest.raises(FileNotFoundError):
        os.stat(program)


@as_root
async def test_data_that_root_restored_is_given_back_to_its_user(folder: Path) -> None:
    async with up(Postgres(folder)) as postgres:
        await remember(postgres.owner_url, "restored")
    data = folder / "postgres" / "data"
    for path in (data, *data.rglob("*")):
        os.chown(path, 0, 0)
    data.chmod(0o755)
    async with up(Postgres(folder)) as postgres:
        assert await remembered(postgres.owner_url) == "restored"


async def test_root_is_refused_where_its_folders_cannot_be_passed_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(StartError, match="ordinary user"):
        await Postgres(tmp_path).start()

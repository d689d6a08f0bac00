"""Starts that cannot succeed: one line that says what to do, and nothing lost."""

import asyncio
import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from importlib import metadata, util
from pathlib import Path

import pytest
from embedded_support import query, remember, remembered, run_owner, temporal, up

from greenlight import embedded
from greenlight.embedded import Postgres, StartError, programs
from greenlight.embedded.private import short_name


def one_line(error: pytest.ExceptionInfo[StartError]) -> str:
    message = str(error.value)
    assert "\n" not in message
    return message


async def test_a_start_beside_a_running_one(folder: Path) -> None:
    async with embedded.start(folder, temporal_port=0, ui_port=0) as addresses:
        await remember(addresses.owner_url, "first")
        status, said = await asyncio.to_thread(run_owner, folder)
        assert status == 1
        assert said == (
            f"StartError: Greenlight already runs on {folder} (process {os.getpid()}): "
            "use it, stop it first, or choose another data folder.\n"
        )
        for server in (Postgres(folder), temporal(folder)):
            with pytest.raises(StartError, match=f"already runs on .*process {os.getpid()}"):
                await server.start()
        assert embedded.running(folder) == addresses
        assert await remembered(addresses.owner_url) == "first"


@pytest.mark.parametrize("taken", ["temporal_port", "ui_port"])
async def test_a_taken_port(tmp_path: Path, taken: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = int(other.getsockname()[1])
        ports = {"temporal_port": 0, "ui_port": 0, taken: port}
        with pytest.raises(StartError) as error:
            async with embedded.start(
                tmp_path, temporal_port=ports["temporal_port"], ui_port=ports["ui_port"]
            ):
                pass
    message = one_line(error)
    assert f"Port {port} " in message
    assert f"set GREENLIGHT_{taken.upper()} to another port" in message
    assert not (tmp_path / "postgres").exists()


async def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        os.chmod(tmp_path, 0o500)
        folder = tmp_path / "data"
    elif sys.platform == "linux":
        # The one place where root may not write either.
        folder = Path("/sys/greenlight")
    else:
        pytest.skip("root may write everywhere")
    with pytest.raises(StartError) as error:
        async with embedded.start(folder, temporal_port=0, ui_port=0):
            pass
    assert one_line(error).startswith(f"{folder} cannot be written by user id {os.geteuid()}: give")


async def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("mine")
    with pytest.raises(StartError, match="is not a folder: move it away"):
        await Postgres(tmp_path / "data").start()
    assert (tmp_path / "data").read_text() == "mine"


async def test_data_of_another_version(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    with pytest.raises(StartError) as error:
        await Postgres(tmp_path).start()
    assert "written by PostgreSQL 16, and this is 18" in one_line(error)
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


async def test_a_folder_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(StartError, match="is not a PostgreSQL data folder: move it away"):
        await Postgres(tmp_path).start()


async def test_a_server_that_ends_during_its_start(tmp_path: Path) -> None:
    (tmp_path / "temporal").mkdir()
    (tmp_path / "temporal" / "temporal.db").write_bytes(b"no database" * 1000)
    server = temporal(tmp_path)
    with pytest.raises(StartError) as error:
        await server.start()
    message = one_line(error)
    assert "file is not a database" in message
    assert str(tmp_path / "temporal" / "server.log") in message
    assert server.pid is None
    assert (tmp_path / "temporal" / "temporal.db").read_bytes() == b"no database" * 1000


async def test_a_cluster_that_is_damaged(folder: Path) -> None:
    async with up(Postgres(folder)) as postgres:
        pass
    control = folder / "postgres" / "data" / "global" / "pg_control"
    control.unlink()
    with pytest.raises(StartError) as error:
        await postgres.start()
    assert f'could not open file "{control}"' in one_line(error)
    assert postgres.pid is None


async def test_a_search_attribute_of_another_type(tmp_path: Path) -> None:
    async with up(temporal(tmp_path, Stage="Keyword")) as before:
        assert before.pid is not None
        os.kill(before.pid, signal.SIGKILL)
    changed = temporal(tmp_path, Stage="Int")
    with pytest.raises(StartError, match=r"Stage is .*KEYWORD in .* and Int here"):
        await changed.start()
    assert changed.pid is None


async def test_no_programs_for_this_platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_spec(name: str) -> None:
        return None

    def no_package(name: str) -> None:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(util, "find_spec", no_spec)
    monkeypatch.setattr(metadata, "distribution", no_package)
    for server in (Postgres(tmp_path), temporal(tmp_path)):
        with pytest.raises(StartError) as error:
            await server.start()
        assert "run `make` to install it" in one_line(error)


async def test_a_socket_folder_that_somebody_else_was_quick_to_make(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs, folder = tmp_path / "theirs", tmp_path / ("long" * 30)
    theirs.mkdir()
    name = short_name("socket", folder / "postgres")
    with tempfile.TemporaryDirectory(dir="/tmp") as shared:
        monkeypatch.setattr(tempfile, "tempdir", shared)
        os.symlink(theirs, f"{shared}/{name}")
        with pytest.raises(StartError, match=f"{name} belongs to somebody else: remove it"):
            await Postgres(folder).start()
    assert list(theirs.iterdir()) == []


async def test_initdb_that_finds_the_disk_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "bin"
    fake.mkdir(mode=0o755)
    (fake / "initdb").write_text(
        "#!/bin/sh\n"
        "echo 'FATAL:  could not write to file \"pg_wal/xlogtemp.29\": No space left on device' >&2\n"
        "echo 'initdb: removing contents of data directory' >&2\n"
        "exit 1\n"
    )
    (fake / "initdb").chmod(0o755)

    def ourselves(data: Path) -> None:
        return None

    def fakes(user: object, data_folder: Path) -> Path:
        return fake

    with monkeypatch.context() as patched:
        patched.setattr("greenlight.embedded.cluster.server_user", ourselves)
        patched.setattr(programs, "postgres", fakes)
        with pytest.raises(StartError) as error:
            await Postgres(tmp_path / "data").start()
    assert one_line(error).startswith(f"The disk that holds {tmp_path / 'data'} is full: free some space")


async def test_a_lock_file_that_finds_the_disk_full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes, offset: int) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for server in (Postgres(folder), temporal(folder)):
        with monkeypatch.context() as patched:
            patched.setattr(os, "pwrite", full)
            with pytest.raises(StartError, match="is full: free some space"):
                await server.start()
        async with up(server):
            assert server.pid is not None


@contextmanager
def small_disk(folder: Path) -> Generator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "greenlight", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mount, check=False).returncode != 0:
        pytest.skip("only root can mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def enlarge(disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)


async def test_a_full_disk_is_told_and_a_larger_one_is_enough(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        full = f"The disk that holds {disk / 'data'} is full"
        database, server = Postgres(disk / "data"), temporal(disk / "data")
        with pytest.raises(StartError) as error:
            await database.start()
        assert one_line(error).startswith(full)
        filler = disk / "filler"
        # Less and less room, so that the server gives up in the middle of its first file too.
        for room in (1 << 20, 1 << 16, 0):
            filler.write_bytes(b"\0" * (filler_size(filler) - room))
            with pytest.raises(StartError) as error:
                await server.start()
            assert one_line(error).startswith(full)
        filler.unlink()

        enlarge(disk)
        async with up(database), up(server):
            assert await query(database.database_url, "select 1") == 1


def filler_size(filler: Path) -> int:
    filler.unlink(missing_ok=True)
    return shutil.disk_usage(filler.parent).free

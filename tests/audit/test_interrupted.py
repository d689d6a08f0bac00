"""An audit that is given up: its processes say nothing, and nobody waits for them."""

import asyncio
import multiprocessing
import os
import signal
import socket
import time
import uuid

import pytest

from greenlight.audit import walk
from greenlight.audit.shard import Shard
from greenlight.eventlog.stored import Head
from greenlight.kernel.clock_kind import Kind


async def _given_up(silent: socket.socket, kept: list[socket.socket]) -> None:
    head = Head(log_id=uuid.uuid4(), kind=Kind.PRODUCTION, position=1)
    url = f"postgresql://nobody@127.0.0.1:{silent.getsockname()[1]}/none"
    async with walk.hands(Shard(url, head), 2, []):
        async with asyncio.timeout(120):
            while len(kept) < 2:
                kept.append((await asyncio.get_running_loop().sock_accept(silent))[0])
        for process in multiprocessing.active_children():
            # As a terminal gives it to all of them.
            os.kill(process.pid or 0, signal.SIGINT)
        await asyncio.sleep(1)
        assert all(process.is_alive() for process in multiprocessing.active_children())
        raise asyncio.CancelledError(time.monotonic())


async def test_ctrl_c_ends_it_at_once_and_quietly(capfd: pytest.CaptureFixture[str]) -> None:
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.setblocking(False)
        with pytest.raises(asyncio.CancelledError) as given_up:
            await _given_up(silent, kept)
    for connection in kept:
        connection.close()
    assert time.monotonic() - given_up.value.args[0] < walk.STOP_SECONDS / 2
    assert not multiprocessing.active_children()
    assert capfd.readouterr().err == ""

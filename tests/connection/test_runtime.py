"""The SDK's core: metrics are served where they should be, or it is said in one line why not."""

import asyncio
import re
import socket
from collections.abc import Generator
from urllib.request import urlopen

import pytest

from greenlight.connection import runtime
from greenlight.connection.runtime import MetricsError
from greenlight.connection.target import Target, connect


@pytest.fixture
def listener() -> Generator[socket.socket]:
    """A port of another program's."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()
    return f"{host}:{port}"


def complaint(at: str) -> str:
    with pytest.raises(MetricsError) as raised:
        runtime.core(at)
    said = str(raised.value)
    assert said.startswith(f"metrics cannot be served at {at}: ")
    assert len(said.splitlines()) == 1
    return said


def test_a_process_has_one_core() -> None:
    assert runtime.core() is runtime.core()


def test_a_port_that_is_taken_is_said_to_be(listener: socket.socket) -> None:
    assert "Address already in use" in complaint(address(listener))


def test_an_address_of_another_machine_is_said_to_be() -> None:
    # Reserved for documentation (RFC 5737): nobody has it.
    assert "Cannot assign requested address" in complaint("192.0.2.1:9464")


def test_what_is_no_address_is_said_to_be() -> None:
    assert "invalid socket address" in complaint("localhost:9464")


def test_what_was_in_the_way_may_go_away(listener: socket.socket) -> None:
    at = address(listener)
    complaint(at)
    listener.close()
    assert runtime.core(at) is runtime.core(at)


async def test_metrics_are_served(listener: socket.socket, target: Target) -> None:
    at = address(listener)
    listener.close()
    client = await connect(target, runtime=runtime.core(at))
    assert await client.service_client.check_health()

    def read() -> str:
        with urlopen(f"http://{at}/metrics", timeout=5) as answer:
            return answer.read().decode()

    (took,) = re.findall(
        r'^temporal_request_latency_sum\{operation="GetSystemInfo".*\} (\S+)$',
        await asyncio.to_thread(read),
        re.MULTILINE,
    )
    # In seconds: in milliseconds it would be more than one, and a whole number.
    assert 0 < float(took) < 5
    assert not float(took).is_integer()

"""The front door, in a process of its own: a command by it beside the same update by the typed client, and
questions whether a shipment is authorised, many at once."""

import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import httpx

from bench.histories import APPLICATION, granted
from bench.programs import Environment, program
from greenlight.client import Signer
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Assign
from greenlight.law.application.dossier import Money
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.named import NamedParty
from greenlight.rehearsal.played import PlayedOfficer
from greenlight.signing.reading import sign_reading

COMMANDS, WARM = 120, 20
AT_ONCE, QUESTIONS = 16, 4_000
TICKS = os.sysconf("SC_CLK_TCK")


async def measure(environment: Environment, officers: Mapping[str, PlayedOfficer]) -> dict[str, float]:
    """One case under review is given to one officer and the other by turns; one is granted."""
    await granted(officers, "D700001")
    stream = (await officers["acme"].submit(APPLICATION, acn="D700002")).stream
    async with program(environment, "door") as (address, process):
        ratio = await _commands(address, officers["olga"], stream)
        return {"door_command_vs_client": ratio} | await _questions(address, process, officers["acme"].signer)


async def _commands(address: str, olga: PlayedOfficer, stream: str) -> float:
    """The ratio of a command by the door to one by the client, taken in turns."""
    by_client: list[float] = []
    by_door: list[float] = []
    async with httpx.AsyncClient(base_url=f"http://{address}", timeout=60) as http:
        for number in range(WARM + COMMANDS):
            began = time.perf_counter()
            await olga.decide(stream, Assign(officer="olga"))
            between = time.perf_counter()
            command = olga.signer.sign("assign", stream, Assign(officer="oscar"))
            said = await http.post(f"/cases/{stream}/assign", json=command.model_dump(mode="json"))
            ended = time.perf_counter()
            said.raise_for_status()
            if number >= WARM:
                by_client.append(between - began)
                by_door.append(ended - between)
    return statistics.median(by_door) / statistics.median(by_client)


def _question(exporter: str) -> bytes:
    """Ask whether a piece of what was granted may go."""
    item = APPLICATION.items[0]
    question = AuthorisationQuestion(
        exporter=exporter,
        parties=tuple(NamedParty(**party.model_dump()) for party in APPLICATION.parties),
        items=(
            ShippedItem(
                classification=item.classification,
                subparagraph=item.subparagraph,
                quantity=1,
                unit=item.unit,
                value=Money(minor_units=100, currency="USD"),
            ),
        ),
        destination=APPLICATION.parties[0].country,
        at=datetime.now(UTC),
    )
    return question.model_dump_json().encode()


async def _questions(address: str, process: int, acme: Signer) -> dict[str, float]:
    """Over so many connections at once, each of which asks again when it is answered."""
    assert acme.log is not None
    token = sign_reading(acme.officer, Role.APPLICANT, acme.log, acme.key)
    body = _question(acme.organisation)
    head = (
        f"POST /authorised HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    request = head.encode() + body
    await _asked(address, request, AT_ONCE * 20)
    busy, began = _cpu(process), time.perf_counter()
    took = await _asked(address, request, QUESTIONS)
    seconds = time.perf_counter() - began
    return {
        "door_authorised_per_second": QUESTIONS / seconds,
        "door_authorised_p99_ms": statistics.quantiles(took, n=100)[-1] * 1000,
        "door_authorised_cpu_us": (_cpu(process) - busy) / QUESTIONS * 1e6,
    }


async def _asked(address: str, request: bytes, how_many: int) -> list[float]:
    took: list[float] = []
    host, _, port = address.rpartition(":")

    async def one() -> None:
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            for _ in range(how_many // AT_ONCE):
                began = time.perf_counter()
                writer.write(request)
                answer = await reader.readuntil(b"\r\n\r\n")
                assert answer.startswith(b"HTTP/1.1 200"), answer
                _, _, rest = answer.lower().partition(b"content-length: ")
                await reader.readexactly(int(rest.partition(b"\r\n")[0]))
                took.append(time.perf_counter() - began)
        finally:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))
    return took


def _cpu(process: int) -> float:
    """Seconds of processor time of a process so far."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS

"""The official list: how long it takes to read, in how much memory, and to hold 10,000 parties against it.

The file is not part of the project: ``GREENLIGHT_CSL`` says where it is, and without it these figures are
left out.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path

from bench.cases import APPLICATION, Drivers
from bench.memory import peak_mib
from bench.servers import Office
from greenlight.cli.base.output import warn
from greenlight.eventlog.database import connection
from greenlight.eventlog.lists import store_content
from greenlight.eventlog.read import Reader
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.streams import application_stream, list_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.commands import Submit
from greenlight.law.application.dossier import Party, PartyRole, Submission
from greenlight.law.contract import TASK_QUEUE, workflow_type
from greenlight.law.screening_list.commands import ConfirmList, LoadList, OpenList
from greenlight.lists.columns import Row
from greenlight.lists.read import read_list
from greenlight.lists.rows import Records
from greenlight.lists.write import write_list
from greenlight.reference.listings import load_listings
from greenlight.rehearsal.played import PlayedOfficer
from greenlight.screening.index import name_index
from tests.lists.recall import recall_of

FILE = "GREENLIGHT_CSL"
FIGURES = ("list_load_s", "list_load_mib", "self_recall", "rescreen_10000_s")
PARTIES = 10_000
PER_CASE = 20
AT_ONCE = 30
_PATIENCE = 600
_LISTED = "Trading House 7 of Rotterdam"


async def measure(of: Office) -> dict[str, float]:
    """Seconds and MiB; nothing without the file."""
    if (name := os.environ.get(FILE)) is None:
        warn(f"left out, as {FILE} names no official list: {', '.join(FIGURES)}")
        return {}
    file = Path(name)
    content = await asyncio.to_thread(file.read_bytes)
    figures = await asyncio.to_thread(load, file)
    figures["self_recall"] = (await asyncio.to_thread(recall_of, content)).of_all
    officers = (of.officers["olga"], of.officers["oscar"])
    return figures | await rescreen(content, of.drivers, officers, of.servers.target.writer_url, of.numbers)


def load(file: Path) -> dict[str, float]:
    """Read the whole file and make its index, in a process of its own, three times; the median, and the most
    memory it had."""
    runs = [
        json.loads(subprocess.check_output([sys.executable, "-m", "bench.lists", str(file)]))
        for _ in range(3)
    ]
    return {
        "list_load_s": sorted(run["seconds"] for run in runs)[1],
        "list_load_mib": max(run["mib"] for run in runs),
    }


async def rescreen(
    content: bytes,
    drivers: Drivers,
    officers: tuple[PlayedOfficer, PlayedOfficer],
    writer_url: str,
    numbers: Iterator[int],
) -> dict[str, float]:
    """From the command that makes a version current, read by the worker for the first time, to the last case.

    One case in twenty has a party that the new version lists.
    """
    cases = list(islice(numbers, PARTIES // PER_CASE))
    gate = asyncio.Semaphore(AT_ONCE)

    async def submitted(number: int) -> None:
        async with gate:
            stream = application_stream(f"R{number:06}")
            command = drivers.signers["acme"].sign("submit", stream, Submit(application=_case(number)))
            await drivers.started(workflow_type(stream), command, stream, TASK_QUEUE, CaseStatus)

    await asyncio.gather(*map(submitted, cases))
    rows = [record[1] for record in Records(content) if isinstance(record, tuple)]
    listed = rows[-1]._replace(name=_LISTED, alt_names="")
    officer, other = officers
    await officer.open_list("csl", OpenList(title="Consolidated Screening List"))
    async with Reader(writer_url) as reader:
        first = await _loaded(officer, writer_url, rows)
        # The first version takes a second officer.
        confirm = ConfirmList(digest=first, source="fetched", reasons="It is measured.")
        await other.decide(list_stream("csl"), confirm)
        await _rescreened(reader, 1)
        began = time.perf_counter()
        await _loaded(officer, writer_url, [*rows, listed])
        parties = await _rescreened(reader, 2)
        seconds = time.perf_counter() - began
    return {"rescreen_10000_s": seconds * PARTIES / parties}


async def _loaded(officer: PlayedOfficer, writer_url: str, rows: list[Row]) -> str:
    async with connection(writer_url, application="bench") as database:
        digest = await store_content(database, write_list(rows))
    await officer.decide(
        list_stream("csl"), LoadList(digest=digest, retrieved=agency_date(datetime.now(UTC)))
    )
    return digest


async def _rescreened(reader: Reader, number: int) -> int:
    """Wait for a rescreening; how many parties there were."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            (row,) = await reader.lists("csl")
            if row.rescreening == number and row.waiting_for == "nobody":
                return row.done * PER_CASE
            await asyncio.sleep(0.05)


def _case(number: int) -> Submission:
    names = [f"Trading House {number * PER_CASE + place} of Rotterdam" for place in range(PER_CASE)]
    if number % 20 == 0:
        names[0] = _LISTED
    parties = tuple(Party(role=PartyRole.ULTIMATE_CONSIGNEE, name=name, country="NL") for name in names)
    return APPLICATION.model_copy(update={"parties": parties, "reference": f"Rescreened {number}"})


def main(file: str) -> None:
    content = Path(file).read_bytes()
    shipped = load_listings()
    began = time.perf_counter()
    found = read_list(content, list_id="csl", retrieved=date(2026, 7, 31), shipped=shipped)
    name_index(found.book).prepare()
    seconds = time.perf_counter() - began
    sys.stdout.write(json.dumps({"seconds": seconds, "mib": peak_mib()}))


if __name__ == "__main__":
    main(sys.argv[1])

"""``make bench``: ratios against a floor, measured in one run, and written to bench/report.json."""

import asyncio
import itertools
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import uvloop

from bench import (
    append,
    authorisation,
    batches,
    cases,
    deadlines,
    determination,
    docket,
    fan_out,
    histories,
    letters,
    replay,
    reprieves,
    terms,
)
from cli.development import ensure_development_officers
from cli.output import err, out, print_table
from client import Keyring, LicensingClient
from connection.target import Target, connect, embedded_target
from embedded import Postgres, TemporalServer
from embedded.temporal import NAMESPACE
from eventlog.database import connection
from eventlog.migrate import migrate
from licensing.contract import SearchAttribute, application_stream

REPORT = Path(__file__).with_name("report.json")

TARGETS: dict[str, tuple[str, float]] = {
    "throughput_vs_floor": ("at least", 0.70),
    "latency_vs_floor": ("at most", 1.5),
    "history_events_per_case": ("at most", 45),
    "append_vs_insert": ("at least", 0.6),
    "append_vs_insert_16": ("at least", 2.0),
    "replay_vs_floor": ("at least", 0.7),
    "letter_ms": ("at most", 100),
    "contested_case_history_events": ("at most", 160),
    "license_run_history_events": ("at most", 2_000),
    "reprieve_run_history_events": ("at most", 999),
    "reprieve_history_events_per_term": ("at most", 30),
    "batch_history_events": ("at most", 150),
    "next_deadline_us": ("at most", 100),
    "next_deadline_growth_x10": ("at most", 10),
    "policy_evaluation_us": ("at most", 50),
    "coverage_us": ("at most", 50),
    "coverage_dense_us": ("at most", 50),
    "determination_us": ("at most", 100),
    "authorisation_us": ("at most", 200),
    "fanout_vs_floor": ("at least", 0.7),
    "random_futures_s": ("at most", 30),
    "docket_rehearsal_s": ("at most", 180),
}


@asynccontextmanager
async def servers(
    folder: Path, dynamic_config: Mapping[str, str] | None = None
) -> AsyncGenerator[tuple[Target, str]]:
    """One PostgreSQL and one Temporal, migrated; and the address of a second, empty database."""
    attributes = {attribute.value: attribute.indexed_as for attribute in SearchAttribute}
    postgres, temporal = (
        Postgres(folder),
        TemporalServer(
            folder,
            port=0,
            ui_port=0,
            search_attributes=attributes,
            dynamic_config=dynamic_config,
        ),
    )
    try:
        await postgres.start()
        await temporal.start()
        await migrate(postgres.database_url)
        async with connection(postgres.database_url, application="bench") as database:
            await database.execute("CREATE DATABASE bench TEMPLATE template0")
        empty = postgres.database_url.replace("/greenlight?", "/bench?")
        yield embedded_target(temporal.address, NAMESPACE, postgres.database_url, temporal.ui), empty
    finally:
        await temporal.stop()
        await postgres.stop()


@asynccontextmanager
async def worker(target: Target, folder: Path) -> AsyncGenerator[None]:
    """The worker in a process of its own, as in production."""
    environment = os.environ | {
        "TEMPORAL_ADDRESS": target.address,
        "DATABASE_URL": target.database_url,
        "GREENLIGHT_DATA": str(folder),
        # Letters wait for a quiet hour; letter_ms is what each costs.
        "GREENLIGHT_LETTER_INTERVAL": "86400",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.worker", env=environment, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None, "it was asked for"
        if await process.stdout.readline() != b"ready\n":
            raise RuntimeError("the worker did not start; its error is above")
        yield
    finally:
        process.terminate()
        await process.wait()


async def measure() -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="greenlight-bench-") as name:
        folder = Path(name)
        async with servers(folder) as (target, empty):
            err.print("recording against plain inserts …")
            figures = await append.measure(empty)
            keyring = Keyring(folder / "keys")
            await ensure_development_officers(target.database_url, keyring)
            client = await connect(target)
            signers = {officer: keyring.signer(officer) for officer in ("acme", "olga", "carla", "vera")}
            drivers, numbers = cases.Drivers(client, signers), itertools.count(1)
            async with worker(target, folder):
                err.print("one case at a time, against the floor …")
                figures |= await cases.latency(drivers, numbers)
                err.print("many cases at once, against the floor …")
                figures |= await cases.throughput(drivers, numbers)
                # The latency rounds took turns, so odd numbers are the service's and even ones the floor's.
                ours = [application_stream(f"A{number:06}") for number in range(1, 21, 2)]
                theirs = [f"FloorWithLicense-{number}" for number in range(2, 22, 2)]
                err.print("replaying histories …")
                figures |= await replay.measure(client, ours, theirs)
                err.print("a contested case, and a license with many shipments …")
                officers = {o: LicensingClient(client, keyring.signer(o)) for o in histories.OFFICERS}
                figures |= await histories.measure(client, officers)
                err.print("one signature over many cases …")
                figures |= await batches.measure(client, officers)
                # Last, because every case is held against the directive from then on.
                err.print("a directive for 1,000 cases, against the floor …")
                vera = LicensingClient(client, keyring.signer("vera"))
                figures |= await fan_out.measure(drivers, vera, target.database_url, numbers)
    err.print("a reprieve of ten years …")
    figures |= await ten_years()
    err.print("the docket of 2019-2020 …")
    figures |= await docket.measure()
    err.print("writing letters, and trying futures …")
    return (
        figures
        | letters.measure()
        | deadlines.measure()
        | reprieves.measure()
        | determination.measure()
        | authorisation.measure()
    )


async def ten_years() -> dict[str, float]:
    """On servers of its own, so that what makes time pass quickly touches no other figure."""
    with tempfile.TemporaryDirectory(prefix="greenlight-bench-") as name:
        folder = Path(name)
        async with servers(folder, terms.DYNAMIC_CONFIG) as (target, _):
            keyring = Keyring(folder / "keys")
            await ensure_development_officers(target.database_url, keyring)
            client = await connect(target)
            officers = {o: LicensingClient(client, keyring.signer(o)) for o in ("vera", "defense")}
            async with worker(target, folder):
                return await terms.measure(client, officers)


def main() -> int:
    figures = uvloop.run(measure())
    report = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        "python": platform.python_version(),
        "figures": {name: round(value, 3) for name, value in sorted(figures.items())},
    }
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print_table(
        "Measured in one run, against a floor on the same servers",
        ("figure", "measured", "asked", ""),
        (_row(name, value) for name, value in sorted(figures.items())),
    )
    out.print(f"written to {REPORT}")
    return 0


def _row(name: str, value: float) -> tuple[str, str, str, str]:
    if name not in TARGETS:
        return name, f"{value:.2f}", "", ""
    how, wanted = TARGETS[name]
    met = value >= wanted if how == "at least" else value <= wanted
    return name, f"{value:.2f}", f"{how} {wanted}", "reached" if met else "missed"


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # See worker.py: the SDK's threads may crash an interpreter that exits in the ordinary way.
    os._exit(code)

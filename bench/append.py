"""Recording events against plain INSERTs of rows of the same size, on one server, in turns."""

import asyncio
import itertools
import statistics
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from greenlight.cli.operations.development import carried_out, registration
from greenlight.client.signer import Signer
from greenlight.connection.target import Addressed
from greenlight.eventlog.batches import Batches
from greenlight.eventlog.database import Connection, connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.payload import payload
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import bootstrap
from greenlight.eventlog.session import Session
from greenlight.kernel.authority import Claims
from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Append, Commit, Proof, View
from greenlight.kernel.model import JsonObject
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import application_stream
from greenlight.law.application.events import CaseAssigned
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import sign

Write = Callable[[Commit], Awaitable[str]]

ROUNDS = 7
WRITERS = 16
COMMITS_PER_WRITER = 320
EVENTS_PER_CASE = 8

OFFICER = Actor(officer="o-1", person="p-1", organisation="agency", role=Role.LICENSING_OFFICER)

REGISTERED, DUE = "2026-09-01T14:00:00+00:00", "2026-11-30T05:00:00+00:00"
"""A deadline moves when a case is held, not with every event."""

PLAIN_TABLE = """
CREATE TABLE plain (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text, version integer, type text,
    at timestamptz, recorded_at timestamptz, command_id text, record text, proof text
)
"""
PLAIN_INSERT = """
INSERT INTO plain (stream, version, type, at, recorded_at, command_id, record, proof)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""


class Log(NamedTuple):
    """A log with an officer: the ways to record a commit, and those of a writer, signed in advance."""

    ways: Mapping[str, Write]
    commits: Callable[[], list[Commit]]


async def measure(empty: Addressed) -> dict[str, float]:
    """Recorded events per second as a multiple of plain INSERTs per second: medians of interleaved rounds.

    ``append_vs_insert``: one writer, one event a commit, everything that the recording transaction does:
    authority, idempotency, version, position, docket. ``recorded_vs_insert``: with the check of
    the Ed25519 signature before it, which is the processor's work and not the log's. ``…_16``: sixteen such
    writers that share transactions. The baseline of all is one connection that inserts one row after the
    other. ``empty`` leads to an empty database, which is filled.
    """
    rounds: list[dict[str, float]] = []
    async with opened(empty) as log, connection(empty.owner_url, application="bench") as plain:
        await plain.execute(PLAIN_TABLE)
        for _ in range(ROUNDS + 1):
            insert = await _insert_rate(plain, log.commits())
            figures: dict[str, float] = {}
            for name, write in log.ways.items():
                alone = [log.commits()]
                together = [log.commits() for _ in range(WRITERS)]
                figures[f"{name}_vs_insert"] = await rate(write, alone) / insert
                figures[f"{name}_vs_insert_16"] = await rate(write, together) / insert
            rounds.append(figures)
    # The first round warms caches and connections.
    return {name: statistics.median(figures[name] for figures in rounds[1:]) for name in rounds[0]}


@asynccontextmanager
async def opened(empty: Addressed) -> AsyncGenerator[Log]:
    """A log in an empty database, with the officer who signs."""
    await migrate(empty.owner_url)
    key = SigningKey.generate()
    signer = Signer(OFFICER.officer, OFFICER.person, OFFICER.organisation, key)
    first, second = (Signer(name, f"p-{name}", "agency", SigningKey.generate()) for name in ("r-1", "r-2"))
    cases = itertools.count(1)
    async with Recorder(empty.writer_url) as recorder:
        session = Session(empty.writer_url, "bench-append")
        log = await recorder.log_name()
        first, second, signer = (replace(each, log=log) for each in (first, second, signer))
        founders = {each.officer: registration(each, (Role.REGISTRAR,)) for each in (first, second)}
        await bootstrap(recorder, founders)
        await carried_out(recorder, OFFICER.officer, registration(signer, (OFFICER.role,)), (first, second))
        ways = {"append": _appending(Batches(session), key.public.kid), "recorded": _recording(recorder)}
        try:
            yield Log(ways, lambda: list(_commits(cases, key, log)))
        finally:
            await session.close()


def _recording(recorder: Recorder) -> Write:
    async def record(commit: Commit) -> str:
        return (await recorder.record(commit)).status

    return record


def _appending(batches: Batches, kid: str) -> Write:
    async def append(commit: Commit) -> str:
        return (await batches.append(payload(commit, kid=kid, actor=OFFICER))).status

    return append


async def _insert_rate(plain: Connection, commits: Sequence[Commit]) -> float:
    now = datetime.now(UTC)
    rows = [
        (append.stream, append.expected_version + 1, "CaseAssigned", now, now, proof.claims.jti, record,
         proof.token)
        for append, proof, record in ((c.appends[0], c.proof, c.appends[0].events[0]) for c in commits)
        if proof is not None
    ]  # fmt: skip
    started = time.perf_counter()
    for row in rows:
        await plain.execute(PLAIN_INSERT, *row)
    return len(rows) / (time.perf_counter() - started)


async def rate(write: Write, writers: Sequence[Sequence[Commit]]) -> float:
    """Commits a second of writers at once, each one's one after the other."""
    started = time.perf_counter()
    await asyncio.gather(*(_all(write, commits) for commits in writers))
    return sum(len(commits) for commits in writers) / (time.perf_counter() - started)


async def _all(write: Write, commits: Sequence[Commit]) -> None:
    for commit in commits:
        status = await write(commit)
        assert status == "recorded", status


def _commits(cases: Iterator[int], key: SigningKey, log: str) -> Iterator[Commit]:
    """One writer's commits: cases one after the other, signed in advance."""
    for case in itertools.islice(cases, COMMITS_PER_WRITER // EVENTS_PER_CASE):
        acn = f"Z{case:06}"
        for version in range(EVENTS_PER_CASE):
            yield _commit(acn, version, key, log)


def _commit(acn: str, version: int, key: SigningKey, log: str) -> Commit:
    now = datetime.now(UTC)
    issued = int(now.timestamp())
    claims = Claims(
        sub=OFFICER.officer,
        person=OFFICER.person,
        org=OFFICER.organisation,
        role=OFFICER.role,
        aud=application_stream(acn),
        cmd="assign",
        body=digest({"officer": OFFICER.officer}),
        iat=issued,
        exp=issued + 600,
        jti=uuid.uuid4().hex,
        log=log,
    )
    row: JsonObject = {
        "acn": acn,
        "stage": "review",
        "waiting_for": "licensing_officer",
        "closed": False,
        "assigned_to": OFFICER.officer,
        "listed": False,
        "due": DUE,
        "registered_at": REGISTERED,
        "decided_at": None,
        "outcome": None,
        "license_number": None,
        "overdue": None,
        "pending_transaction": digest(acn),
        "item_class": "EAR99",
        "value_usd_cents": 100_000_00,
        "dispositions": [],
        "tasks": [
            {"role": "licensing_officer", "organisation": None, "due": DUE, "deadline": "initial_action"}
        ],
        "version": version + 1,
    }
    event = CaseAssigned(at=now, by=OFFICER, officer=OFFICER.officer)
    append = Append(
        stream=claims.aud,
        expected_version=version,
        events=(event.record(),),
        view=View(model="docket", row=row),
    )
    return Commit(proof=Proof(token=sign(claims, key), claims=claims), appends=(append,))

"""Recording events against plain INSERTs of rows of the same size, on one server, in turns."""

import asyncio
import itertools
import statistics
import time
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from eventlog.database import Connection, connection
from eventlog.migrate import migrate
from eventlog.proof import SigningKey, sign
from eventlog.recorder import Recorder
from eventlog.registry import bootstrap
from licensing.application.events import CaseAssigned
from licensing.authority import Actor, Claims, Role
from licensing.canonical import digest
from licensing.commit import Append, Commit, Proof, View
from licensing.contract import application_stream
from licensing.model import JsonObject
from licensing.officer.commands import AddOfficer, KeyTerm, RoleTerm

ROUNDS = 9
WRITERS = 16
COMMITS_PER_WRITER = 320
EVENTS_PER_CASE = 8

OFFICER = Actor(officer="o-1", person="p-1", organisation="agency", role=Role.LICENSING_OFFICER)

REGISTERED, DUE = "2026-09-01T14:00:00+00:00", "2026-11-30T05:00:00+00:00"
"""A deadline moves when a case is held, not with every event."""

PLAIN_TABLE = """
CREATE TABLE plain (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text, version integer, type text,
    at timestamptz, recorded_at timestamptz, command_id text, record text, proof text, hash bytea
)
"""
PLAIN_INSERT = """
INSERT INTO plain (stream, version, type, at, recorded_at, command_id, record, proof, hash)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def measure(dsn: str) -> dict[str, float]:
    """Recorded events per second as a multiple of plain INSERTs per second: medians of interleaved rounds.

    ``append_vs_insert``: one writer, one event a commit, proofs checked, docket kept.
    ``append_vs_insert_16``: sixteen such writers on one recorder. The baseline of both is one connection
    that inserts one row after the other. ``dsn`` names an empty database, which is filled.
    """
    await migrate(dsn)
    key = SigningKey.generate()
    roles = (RoleTerm(role=Role.REGISTRAR), RoleTerm(role=OFFICER.role))
    officer = AddOfficer(person="p-1", organisation="agency", key=KeyTerm(public_key=key.public), roles=roles)
    cases = itertools.count(1)
    rounds: list[tuple[float, float]] = []
    async with Recorder(dsn) as recorder, connection(dsn, application="bench") as plain:
        await bootstrap(recorder, OFFICER.officer, officer)
        await plain.execute(PLAIN_TABLE)
        for _ in range(ROUNDS + 1):
            insert = await _insert_rate(plain, list(_commits(cases, key)))
            alone = await _record_rate(recorder, [list(_commits(cases, key))])
            together = await _record_rate(recorder, [list(_commits(cases, key)) for _ in range(WRITERS)])
            rounds.append((alone / insert, together / insert))
    # The first round warms caches and connections.
    alone_ratios, together_ratios = zip(*rounds[1:], strict=True)
    return {
        "append_vs_insert": statistics.median(alone_ratios),
        "append_vs_insert_16": statistics.median(together_ratios),
    }


async def _insert_rate(plain: Connection, commits: Sequence[Commit]) -> float:
    now = datetime.now(UTC)
    rows = [
        (append.stream, append.expected_version + 1, "CaseAssigned", now, now, proof.claims.jti, record,
         proof.token, bytes(32))
        for append, proof, record in ((c.appends[0], c.proof, c.appends[0].events[0]) for c in commits)
        if proof is not None
    ]  # fmt: skip
    started = time.perf_counter()
    for row in rows:
        await plain.execute(PLAIN_INSERT, *row)
    return len(rows) / (time.perf_counter() - started)


async def _record_rate(recorder: Recorder, writers: Sequence[Sequence[Commit]]) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(_record(recorder, commits) for commits in writers))
    return sum(len(commits) for commits in writers) / (time.perf_counter() - started)


async def _record(recorder: Recorder, commits: Sequence[Commit]) -> None:
    for commit in commits:
        said = await recorder.record(commit)
        assert said.status == "recorded", said


def _commits(cases: Iterator[int], key: SigningKey) -> Iterator[Commit]:
    """One writer's commits: cases one after the other, signed in advance."""
    for case in itertools.islice(cases, COMMITS_PER_WRITER // EVENTS_PER_CASE):
        acn = f"Z{case:06}"
        for version in range(EVENTS_PER_CASE):
            yield _commit(acn, version, key)


def _commit(acn: str, version: int, key: SigningKey) -> Commit:
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
    )
    row: JsonObject = {
        "acn": acn,
        "stage": "review",
        "waiting_for": "licensing_officer",
        "assigned_to": OFFICER.officer,
        "listed": False,
        "due": DUE,
        "registered_at": REGISTERED,
        "decided_at": None,
        "outcome": None,
        "license_number": None,
        "overdue": None,
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

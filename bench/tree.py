"""A log of a million events as a tree: how fast it is published, proven and verified, in how much memory."""

import random
import statistics
import time
from pathlib import Path

from bench.memory import peak_mib
from greenlight.eventlog.database import WHOLE, connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.prove import Prover
from greenlight.eventlog.publish import Publisher
from greenlight.eventlog.published import PublishedLog
from greenlight.eventlog.verify import verify
from greenlight.signing.keys import SigningKey
from greenlight.tlog.folder import TileFolder

EVENTS = 1_000_000
EVENTS_PER_CASE = 8
PROOFS = 300

# Of the size that a recorded command has. None was signed: what is measured looks at no signature.
FILL = f"""
WITH made AS (
    SELECT n AS position, 'application-' || $3 || lpad(((n - 1) / {EVENTS_PER_CASE})::text, 6, '0') AS stream,
           ((n - 1) % {EVENTS_PER_CASE} + 1)::integer AS version, 'CaseAssigned' AS type,
           timestamptz '2026-09-01T14:00:00Z' + n * interval '1 second' AS at, md5(n::text) AS command_id,
           repeat(md5(n::text), 18) AS proof
    FROM generate_series($1::bigint, $2::bigint) AS n
), commands AS (
    INSERT INTO greenlight.command
    SELECT command_id, stream, 'assign', 'sha256:' || repeat('0', 64), version, position, at, 'o-1', position,
           position FROM made
)
INSERT INTO greenlight.event
SELECT position, stream, version, type, at, at, command_id,
       '{{"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || '","by":'
       '{{"officer":"o-1","organisation":"agency","person":"p-1","role":"licensing_officer"}},'
       '"officer":"o-1","reason":"' || repeat('because ', 20) || '","type":"CaseAssigned"}}', proof
FROM made
"""


async def measure(dsn: str, folder: Path) -> dict[str, float]:
    """``publish_events_per_second``: all of them, to tiles on disk. ``proof_ms``: one event's proof out of
    the database and the tiles, checked before it is given out; the median of events all over the log.
    ``verify_events_per_second``: order, commands and the tree, without signatures; ``verify_mib``: how much
    more memory the process had than before, at the most. ``dsn`` names an empty database, which is filled.
    """
    await migrate(dsn)
    async with connection(dsn, application="bench", limits=WHOLE) as database:
        await database.execute(FILL, 1, EVENTS, "Z")
        await database.execute("UPDATE greenlight.log SET position = $1", EVENTS)
        await database.execute("ANALYZE")
    tiles, key = TileFolder(folder / "bench-tiles"), SigningKey.generate()
    before = peak_mib()
    async with Publisher(dsn, tiles, key) as publisher:
        started = time.perf_counter()
        await publisher.publish()
        published = EVENTS / (time.perf_counter() - started)
    proof = await _proof_ms(dsn, tiles)
    started = time.perf_counter()
    verified = await verify(dsn, PublishedLog(tiles, key.public), signatures=False)
    seconds = time.perf_counter() - started
    assert (verified.fault, verified.published) == (None, EVENTS), verified
    return {
        "publish_events_per_second": published,
        "proof_ms": proof,
        "verify_events_per_second": EVENTS / seconds,
        "verify_mib": peak_mib() - before,
    }


async def _proof_ms(dsn: str, tiles: TileFolder) -> float:
    chance, taken = random.Random(6962), list[float]()
    prover = Prover(dsn, tiles)
    try:
        for _ in range(PROOFS):
            case = chance.randrange(EVENTS // EVENTS_PER_CASE)
            version = chance.randrange(EVENTS_PER_CASE) + 1
            started = time.perf_counter()
            proven = [each async for each in prover.prove(f"application-Z{case:06}", version)]
            taken.append(time.perf_counter() - started)
            assert len(proven) == 1
    finally:
        await prover.close()
    # The first connects.
    return statistics.median(taken[1:]) * 1_000

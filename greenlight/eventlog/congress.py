"""Read the report to Congress from the log: as it was known at an instant, each row with its proof."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime

from greenlight.eventlog.database import Source, parse
from greenlight.eventlog.prove import Prover, UnprovableError
from greenlight.eventlog.session import Session
from greenlight.eventlog.stored import COLUMNS, StoredEvent, read_head
from greenlight.kernel import merkle
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.congress import (
    Evidence,
    Report,
    Row,
    Standing,
    Step,
    aggregates_of,
    folded,
    of_year,
    row_of,
    standing,
)
from greenlight.law.determination.tables import Tables

PAGE_EVENTS = 1_000

# Positions are given out in the order of recording: what was known is the beginning of the log.
_KNOWN = """
SELECT coalesce((SELECT position FROM greenlight.event WHERE recorded_at <= $1
                 ORDER BY position DESC LIMIT 1), 0) AS position
"""

_EVENTS = (
    f"SELECT {COLUMNS} FROM greenlight.event"  # noqa: S608 - names of this package
    " WHERE starts_with(stream, $1) AND (stream, version) > ($2, $3) AND position <= $4"
    " ORDER BY stream, version LIMIT $5"
)


async def congress(dsn: str, year: int, known_at: datetime, tables: Tables) -> Report:
    """The report on a year by what was recorded up to ``known_at``; without hashes and proofs.

    :raises LogMissingError: the database holds no log.
    :raises LogUnavailableError: the database cannot be reached.
    :raises UnreadableError: a case has an event of a newer release.
    """
    session = Session(dsn, "greenlight-congress")
    try:
        log = (await read_head(session)).origin
        (found,) = await session.fetch(_KNOWN, known_at)
        position = int(str(found["position"]))
        rows: list[Row] = []
        unsettled: list[str] = []
        async with aclosing(_cases(session, position)) as cases:
            async for steps in cases:
                state = folded(steps)
                if state is None or not of_year(state, year):
                    continue
                match standing(state, tables):
                    case Standing.COVERED:
                        rows.append(row_of(state, steps, tables))
                    case Standing.UNSETTLED:
                        unsettled.append(state.acn)
                    case Standing.OUTSIDE:
                        pass
    finally:
        await session.close()
    return Report(
        year=year,
        known_at=known_at,
        log=log,
        position=position,
        tables_of=tables.issued,
        aggregates=aggregates_of(rows, len(unsettled)),
        rows=tuple(rows),
        unsettled=tuple(unsettled),
    )


async def _cases(source: Source, position: int) -> AsyncGenerator[list[Step]]:
    """The applications by number, each with its events up to ``position``."""
    prefix = application_stream("")
    stream, version = prefix, 0
    steps: list[Step] = []
    while True:
        rows = await source.fetch(_EVENTS, prefix, stream, version, position, PAGE_EVENTS)
        for row in rows:
            stored = parse(StoredEvent, row)
            if stored.stream != stream and steps:
                yield steps
                steps = []
            stream, version = stored.stream, stored.version
            steps.append(Step(APPLICATION.read(stored.record), version, stored.position))
        if len(rows) < PAGE_EVENTS:
            break
    if steps:
        yield steps


async def proven(report: Report, prover: Prover) -> Report:
    """The report with the hash and the proof of every event that its rows rest on.

    :raises UnprovableError: one is not published yet, or not what was published.
    :raises LogUnavailableError: the database cannot be reached.
    :raises OSError: what was published cannot be read.
    """
    rows = [
        row.model_copy(
            update={
                "evidence": tuple(
                    [await _proven(prover, application_stream(row.acn), each) for each in row.evidence]
                )
            }
        )
        for row in report.rows or ()
    ]
    return report.model_copy(update={"rows": tuple(rows)})


async def _proven(prover: Prover, stream: str, evidence: Evidence) -> Evidence:
    async with aclosing(prover.prove(stream, evidence.event)) as found:
        async for each in found:
            leaf = merkle.leaf_hash(each.proof.entry).hex()
            return evidence.model_copy(update={"leaf": f"sha256:{leaf}", "proof": bytes(each.proof).decode()})
    raise UnprovableError(f"position {evidence.position} is not in the log any more")

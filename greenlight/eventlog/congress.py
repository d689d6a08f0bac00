"""Read the report to Congress from the log: as it was known at an instant, each row with its proof."""

from collections import defaultdict
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime

from greenlight.eventlog.database import Source, parse
from greenlight.eventlog.prove import Prover, UnprovableError
from greenlight.eventlog.session import Session
from greenlight.eventlog.stored import COLUMNS, StoredEvent, read_head
from greenlight.kernel import merkle
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.state import ApplicationState
from greenlight.law.congress import Standing, Step, aggregates_of, folded, of_year, row_of, standing
from greenlight.law.determination.tables import Tables
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.listed_after import listed_after
from greenlight.law.registry import AnyAggregate
from greenlight.law.reported import Evidence, Report, Row

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

_LISTED = (
    f"SELECT {COLUMNS} FROM greenlight.event"  # noqa: S608 - names of this package
    " WHERE starts_with(stream, $1) AND (stream, version) > ($2, $3) AND position <= $4"
    " AND stream IN (SELECT stream FROM greenlight.event WHERE type = 'PartyListed' AND position <= $4)"
    " ORDER BY stream, version LIMIT $5"
)
"""Of streams in which a party was found on a later list."""


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
        licenses: defaultdict[str, list[tuple[str, list[Step]]]] = defaultdict(list)
        async with aclosing(_streams(session, _LISTED, LICENSE, license_stream(""), position)) as streams:
            async for steps in streams:
                if license_ := LICENSE.folded(None, (step.event for step in steps)):
                    licenses[license_.acn].append((license_.number, steps))
        found = _Found(year, tables)
        prefix = application_stream("")
        async with aclosing(_streams(session, _EVENTS, APPLICATION, prefix, position)) as streams:
            async for steps in streams:
                if state := folded(steps):
                    found.add(state, steps, licenses.get(state.acn, ()))
    finally:
        await session.close()
    return Report(
        year=year,
        known_at=known_at,
        log=log,
        position=position,
        tables_of=tables.issued,
        aggregates=aggregates_of(
            found.rows,
            len(found.unsettled),
            len(found.authorisations),
            len(found.unsettled_licenses),
            over=agency_date(known_at).year > year,
        ),
        rows=tuple(found.rows),
        unsettled=tuple(found.unsettled),
        authorisations=tuple(sorted(found.authorisations, key=lambda row: row.license_number or "")),
        unsettled_licenses=tuple(sorted(found.unsettled_licenses)),
    )


class _Found:
    """The rows so far."""

    def __init__(self, year: int, tables: Tables) -> None:
        self._year, self._tables = year, tables
        self.rows: list[Row] = []
        self.unsettled: list[str] = []
        self.authorisations: list[Row] = []
        self.unsettled_licenses: list[str] = []

    def add(
        self, state: ApplicationState, steps: Sequence[Step], licenses: Iterable[tuple[str, Sequence[Step]]]
    ) -> None:
        """An application, and those of its licenses that a later list has something of."""
        stands = standing(state, self._tables) if of_year(state, self._year) else Standing.OUTSIDE
        if stands is Standing.COVERED:
            self.rows.append(row_of(state, steps, self._tables))
        elif stands is Standing.UNSETTLED:
            self.unsettled.append(state.acn)
        for number, license_ in licenses:
            match listed_after(license_, state, steps, self._year, self._tables):
                case Row() as row:
                    self.authorisations.append(row)
                case Standing.UNSETTLED:
                    self.unsettled_licenses.append(number)
                case _:
                    pass


async def _streams(
    source: Source, events: str, kind: AnyAggregate, prefix: str, position: int
) -> AsyncGenerator[list[Step]]:
    """The streams of a kind in their order, each with its events up to ``position``."""
    stream, version = prefix, 0
    steps: list[Step] = []
    while True:
        rows = await source.fetch(events, prefix, stream, version, position, PAGE_EVENTS)
        for row in rows:
            stored = parse(StoredEvent, row)
            if stored.stream != stream and steps:
                yield steps
                steps = []
            stream, version = stored.stream, stored.version
            steps.append(Step(kind.read(stored.record), version, stored.position))
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

    async def of(rows: Iterable[Row]) -> tuple[Row, ...]:
        return tuple([await _with_proofs(row, prover) for row in rows])

    return report.model_copy(
        update={"rows": await of(report.rows or ()), "authorisations": await of(report.authorisations or ())}
    )


async def _with_proofs(row: Row, prover: Prover) -> Row:
    own = application_stream(row.acn)
    found = tuple([await _proven(prover, each.stream or own, each) for each in row.evidence])
    return row.model_copy(update={"evidence": found})


async def _proven(prover: Prover, stream: str, evidence: Evidence) -> Evidence:
    async with aclosing(prover.prove(stream, evidence.event)) as found:
        async for each in found:
            leaf = merkle.leaf_hash(each.proof.entry).hex()
            return evidence.model_copy(update={"leaf": f"sha256:{leaf}", "proof": bytes(each.proof).decode()})
    raise UnprovableError(f"position {evidence.position} is not in the log any more")

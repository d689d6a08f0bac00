"""Following the log: each commit is checked soon after it was recorded, and what is sound is cosigned."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import structlog

from greenlight.audit import place as places
from greenlight.audit.acknowledged import unacknowledged
from greenlight.audit.checker import Checker
from greenlight.audit.fault import Fault
from greenlight.audit.log import AFTER, commits
from greenlight.audit.place import Place, PlaceError
from greenlight.audit.shard import Given, Shard, begin, check
from greenlight.audit.tree import Tree
from greenlight.audit.unexamined import Unexamined, unexamined
from greenlight.audit.walk import audit, first_of_each, seen, without_gaps
from greenlight.eventlog.database import LOST_CONNECTION, WHOLE, Connection, DatabaseError, Row, connection
from greenlight.eventlog.stored import Head, LogMissingError, read_head
from greenlight.eventlog.tree import read_secret
from greenlight.tlog.note import NoteError
from greenlight.tlog.statement import Statement
from greenlight.tlog.tiles import TileError

_log = structlog.stdlib.get_logger("auditor")

PLACE = "place.json"
TILES = "tiles"
ACKNOWLEDGED = "acknowledged.jsonl"

FAR_BEHIND = 20_000
"""Events; with more to do, as many processes as there are processors do it first."""

PART = 2_000
"""Events between two times that the place is put on disk."""

# The end of a part, or of the commit that goes on beyond it: events of a commit were recorded at one time.
_END = """
SELECT coalesce(min(position) - 1, $2) FROM greenlight.event
WHERE position > $1 AND position <= $2
  AND recorded_at <> (SELECT recorded_at FROM greenlight.event WHERE position = $1)
"""


class Cosigner(Protocol):
    """Whoever says of a published checkpoint that what it covers was found sound."""

    def cosign(self, head: Head, tree: Tree, after: int) -> int | Fault:
        """Cosign the largest checkpoint that ``tree`` covers; ``after`` is the size of the last one. Answers
        the size that is cosigned now, or in what the checkpoint is not what the events lead to.

        :raises TileError, OSError: a folder cannot be used.
        """
        ...

    def tell(self, said: Statement) -> None:
        """Tell those who read what is published how the log stands.

        :raises OSError: the folder cannot be used.
        """
        ...


@dataclass(frozen=True, slots=True)
class Report:
    """The standing of an auditor: up to where it has checked, how many events come after that, the faults
    that nobody has acknowledged, and the size of the last checkpoint that it has cosigned; ``unexamined``:
    what could not be checked."""

    position: int
    behind: int
    open_faults: tuple[Fault, ...]
    cosigned: int = 0
    unexamined: tuple[Unexamined, ...] = ()


@dataclass(frozen=True, slots=True)
class Auditor:
    """A follower of a log. All that has to be kept is in ``folder``; ``told`` hears how it stands;
    ``tables``: the folder of control tables."""

    dsn: str
    folder: Path
    cosigner: Cosigner | None = None
    told: Callable[[Report], None] | None = None
    processes: int | None = None
    tables: Path | None = None

    @property
    def place_file(self) -> Path:
        return self.folder / PLACE

    @property
    def acknowledged_file(self) -> Path:
        return self.folder / ACKNOWLEDGED


async def follow(auditor: Auditor, ending: asyncio.Event, interval: float) -> None:
    """Check what is new every ``interval`` seconds until ``ending``; where the log is away, try again.

    :raises PlaceError: the folder is of another log.
    """
    while not ending.is_set():
        try:
            async with opened(auditor) as following:
                while not ending.is_set():
                    await following.catch_up(ending)
                    await _pause(ending, interval)
        except (DatabaseError, LogMissingError, *LOST_CONNECTION) as error:
            _log.warning("the log cannot be read", error=type(error).__name__)
            await _pause(ending, max(interval, 1))


async def _pause(ending: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(ending.wait(), seconds)


@asynccontextmanager
async def opened(auditor: Auditor) -> AsyncGenerator["Following"]:
    """The log, followed from where the folder says that it was left.

    :raises PlaceError: the folder is of another log.
    :raises LogMissingError, OSError, DatabaseError: the log cannot be read.
    """
    async with connection(auditor.dsn, application="greenlight-auditor", limits=WHOLE) as database:
        head = await read_head(database)
        secret = await read_secret(database)
        place = _found(auditor, head)
        tree = _tree(auditor, place, secret)
        if head.position - place.position > FAR_BEHIND:
            _log.info("far behind: all processors help", position=place.position)
            found = await audit(
                auditor.dsn,
                after=place.position,
                processes=auditor.processes,
                taken=tree.take,
                tables=auditor.tables,
            )
            place = _further(auditor, place, found.head.position, found.faults, tree, found.unexamined)
        checker = await begin(Shard(auditor.dsn, head, place.position, tables=auditor.tables), database)
        yield Following(auditor, database, checker, place, tree)


class Following:
    """A log that is open, and how far it was checked."""

    def __init__(
        self, auditor: Auditor, database: Connection, checker: Checker, place: Place, tree: Tree
    ) -> None:
        self._auditor = auditor
        self._database = database
        self._checker = checker
        self._tree = tree
        self.place = place

    async def catch_up(self, ending: asyncio.Event | None = None) -> Report:
        """Check up to the end of the log as it is now, or until ``ending``; what is sound is cosigned."""
        head = await read_head(self._database)
        while self.place.position < head.position and not (ending and ending.is_set()):
            await self._part(head.position)
            await self._cosign(head)
        await self._cosign(head)
        behind = max(head.position - self.place.position, 0)
        place = self.place
        report = Report(place.position, behind, self._open(), place.cosigned, place.unexamined)
        if self._auditor.told is not None:
            self._auditor.told(report)
        await self._tell(head, report)
        return report

    async def _tell(self, head: Head, report: Report) -> None:
        if self._auditor.cosigner is None:
            return
        said = Statement(
            origin=head.origin,
            time=int(time.time()),
            checked=report.position,
            cosigned=report.cosigned,
            acknowledged=len(self.place.faults) - len(report.open_faults),
            faults=tuple(fault.position for fault in report.open_faults),
        )
        try:
            await asyncio.to_thread(self._auditor.cosigner.tell, said)
        except (NoteError, OSError) as error:
            _log.error("not told", error=str(error))

    def _open(self) -> tuple[Fault, ...]:
        register = self._checker.signatures.register
        return unacknowledged(self._auditor.acknowledged_file, self.place.log_id, register, self.place.faults)

    async def _cosign(self, head: Head) -> None:
        """Cosign what was published of all that was checked, unless a fault is open."""
        cosigner = self._auditor.cosigner
        if cosigner is None or self._open():
            return
        try:
            said = await asyncio.to_thread(cosigner.cosign, head, self._tree, self.place.cosigned)
        except (TileError, OSError) as error:
            _log.error("not cosigned", error=str(error))
            return
        if isinstance(said, Fault):
            self.place = _further(self._auditor, self.place, self.place.position, (said,), self._tree)
        elif said != self.place.cosigned:
            self.place = self.place.model_copy(update={"cosigned": said})
            places.write(self._auditor.place_file, self.place)

    async def _part(self, head: int) -> None:
        after, through = self.place.position, head
        if head - after > PART:
            through = int(str(await self._database.fetchval(_END, after + PART, head)))
        faults: list[Fault] = []
        rows = without_gaps(_rows(self._database, after, through), after, through, faults)
        rows = seen(rows, self._tree.take)
        async for commit in commits(rows):
            faults.extend(await check(self._checker, Given(mine=True, rows=[dict(row) for row in commit])))
        faults.extend(await self._checker.compare(self._database, at_the_end=True))
        left = await unexamined(self._database, self._auditor.tables, after, through)
        self.place = _further(self._auditor, self.place, through, first_of_each(faults), self._tree, left)


def _found(auditor: Auditor, head: Head) -> Place:
    """The place in the folder, or the beginning."""
    place = places.read(auditor.place_file)
    if place is None:
        auditor.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Place(log_id=head.log_id, kind=head.kind)
    if (place.log_id, place.kind) != (head.log_id, head.kind):
        raise PlaceError(f"{auditor.place_file} is of another log: each log takes an auditor's folder")
    if place.position > head.position:
        reason = f"missing: the log ends before it, and was checked up to {place.position}"
        fault = Fault(position=head.position + 1, reason=reason)
        return _put(auditor, place, place.further(place.position, (fault,), place.edge))
    return place


def _tree(auditor: Auditor, place: Place, secret: bytes) -> Tree:
    try:
        return Tree(auditor.folder / TILES, secret, place.edge)
    except ValueError as error:
        raise PlaceError(
            f"{auditor.place_file}: {error}: move it away to begin at the first event"
        ) from error


def _further(
    auditor: Auditor,
    place: Place,
    position: int,
    faults: tuple[Fault, ...],
    tree: Tree,
    left: tuple[Unexamined, ...] = (),
) -> Place:
    """Put on disk how far it was checked, and tell what was ``left`` unexamined."""
    tree.settle()
    for each in left:
        missing = "a list" if each.tables is None else each.tables.isoformat()
        _log.warning("not examined", proposals=each.proposals, moments=each.moments, tables_missing=missing)
    return _put(auditor, place, place.further(position, faults, tree.edge, left))


def _put(auditor: Auditor, place: Place, after: Place) -> Place:
    """Each fault is told once, when it is found."""
    places.write(auditor.place_file, after)
    for fault in after.faults[len(place.faults) :]:
        _log.error("fault", position=fault.position, reason=fault.reason)
    return after


async def _rows(database: Connection, after: int, through: int) -> AsyncGenerator[Row]:
    for row in await database.fetch(AFTER, after, through):
        yield row

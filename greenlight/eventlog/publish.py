"""Publishing the log as a tree of hashes: it follows the log from where the tiles end.

The leaves are made from the database, so that any publisher of a log makes the same tree. What was published
is never contradicted: where the log is not what it was, nothing more is signed.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

from greenlight.eventlog.session import OverSession
from greenlight.eventlog.stored import Head, read_head
from greenlight.eventlog.tree import Leaf, leaves, read_columns, read_secret
from greenlight.kernel.model import Model
from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.asking import OutsideWitness, ask_all
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.folder import KEYS, TileFolder
from greenlight.tlog.note import Note, NoteError, NoteSigner
from greenlight.tlog.tiles import (
    HASH_BYTES,
    WIDTH,
    Edge,
    Tile,
    TileError,
    edge_tiles,
    subtree_reader,
)

P = ParamSpec("P")
T = TypeVar("T")

PAGE_EVENTS = 500
"""Read at once; what they take of the processor holds nobody up for long."""

STEP_EVENTS = 65_536
"""Between two checkpoints at the most, while there is more to catch up with."""


class ContradictionError(Exception):
    """The log is not what was published of it. Nothing is signed; the message says where they part."""


class Published(Model):
    """The size of the newest checkpoint, how many signatures it has, and which witnesses did not cosign it
    and why."""

    size: int
    signatures: int
    failed: dict[str, str]


class Publisher(OverSession):
    """Keeps one folder. Any number may try at once, on one machine: one works, the others leave it to it."""

    def __init__(
        self, dsn: str, folder: TileFolder, key: SigningKey, witnesses: Sequence[OutsideWitness] = ()
    ) -> None:
        """Connects on first use. ``key`` signs for the log, ``witnesses`` are asked to cosign."""
        super().__init__(dsn, application="greenlight-publish")
        self._folder = folder
        self._key = key
        self._witnesses = tuple(witnesses)
        self._olds: dict[str, int] = {}
        self._reached: tuple[Note, Edge] | None = None

    async def publish(self) -> Published | None:
        """Bring the folder to where the log stands; None: another process is at it.

        :raises ContradictionError: the log or the folder is not what was published.
        :raises LogMissingError: the database holds no log.
        :raises LogUnavailableError, DatabaseError: it cannot be read.
        :raises OSError: the folder cannot be written.
        """
        with self._folder.locked() as ours:
            if not ours:
                return None
            head = await read_head(self._session)
            secret = await read_secret(self._session)
            signer = NoteSigner(head.origin, self._key)
            note, edge = await _in_thread(self._resume, signer)
            # What fails on the way is begun again from what is on disk.
            self._reached = None
            await self._hold(head, secret, edge.size)
            failed: dict[str, str] = {}
            while note is None or edge.size < head.position:
                filled = await self._step(secret, edge, head.position)
                note, failed = await _in_thread(self._sign, signer, edge, filled)
            if not failed and self._lacks(note):
                failed = await _in_thread(self._ask_again, note, edge)
                note = self._newest(signer) or note
            self._reached = (note, edge)
            return Published(size=edge.size, signatures=len(note.signatures), failed=failed)

    def _resume(self, signer: NoteSigner) -> tuple[Note | None, Edge]:
        """The newest checkpoint, and the edge of the tree as the tiles have it."""
        note = self._newest(signer)
        try:
            self._folder.add_keys([signer.verifier, *(each.key for each in self._witnesses)])
        except NoteError as error:
            raise ContradictionError(f"{KEYS}: {error}") from error
        if note is None:
            return None, Edge()
        if self._reached is not None and self._reached[0].text == note.text:
            return note, self._reached[1]
        said = Checkpoint.parse(note.text)
        try:
            edge = Edge(said.size, tuple(self._folder.read(tile) for tile in edge_tiles(said.size)))
        except TileError as error:
            raise ContradictionError(str(error)) from error
        if edge.root() != said.root:
            raise ContradictionError(f"the tiles do not lead to the root of the checkpoint of {said.size}")
        return note, edge

    def _newest(self, signer: NoteSigner) -> Note | None:
        """The newest checkpoint that was signed; it is published if a crash, or somebody, left it out."""
        published = self._read(self._folder.newest(), signer)
        largest = self._folder.latest()
        if largest is None or (published is not None and largest <= published[0].size):
            return published and published[1]
        kept = self._folder.at(largest)
        found = self._read(kept, signer)
        if kept is not None:
            self._folder.publish(kept)
        return found and found[1]

    def _read(self, content: bytes | None, signer: NoteSigner) -> tuple[Checkpoint, Note] | None:
        if content is None:
            return None
        try:
            return checkpoint.read(content, signer.verifier)
        except NoteError as error:
            raise ContradictionError(
                f"the checkpoint in {self._folder.path} is not one of this log and this key ({error}): "
                "move the folder away to begin a new one"
            ) from error

    async def _hold(self, head: Head, secret: bytes, size: int) -> None:
        """Hold the end of what was published against the log."""
        if head.position < size:
            raise ContradictionError(
                f"the log ends at position {head.position}; {size} events were published: its end was cut off"
            )
        if size == 0:
            return
        at = size - 1
        tile = Tile(0, at // WIDTH, at % WIDTH + 1)
        try:
            known = await _in_thread(self._folder.read, tile)
        except TileError as error:
            raise ContradictionError(str(error)) from error
        found = leaves(secret, await read_columns(self._session, at, 1))
        if found != [Leaf(size, known[-HASH_BYTES:])]:
            raise ContradictionError(f"position {size} is not what was published: the log was rewritten")

    async def _step(self, secret: bytes, edge: Edge, end: int) -> list[Tile]:
        """Take in the next events, at most so many that a checkpoint is due; the tiles that they filled."""
        last = min(end, edge.size + STEP_EVENTS)
        filled: list[Tile] = []
        while edge.size < last:
            rows = await read_columns(self._session, edge.size, min(PAGE_EVENTS, last - edge.size))
            filled += await _in_thread(self._take, leaves(secret, rows), edge)
            if not rows:
                raise ContradictionError(f"position {edge.size + 1} is missing")
        return filled

    def _take(self, found: Sequence[Leaf], edge: Edge) -> list[Tile]:
        filled: list[Tile] = []
        for leaf in found:
            if leaf.position != edge.size + 1:
                raise ContradictionError(f"position {edge.size + 1} is missing")
            for tile, content in edge.append(leaf.hash):
                self._folder.write(tile, content)
                filled.append(tile)
        return filled

    def _sign(self, signer: NoteSigner, edge: Edge, filled: Sequence[Tile]) -> tuple[Note, dict[str, str]]:
        for tile, content in edge.partial():
            self._folder.write(tile, content)
        self._folder.settle()
        note = checkpoint.sign(Checkpoint(signer.name, edge.size, edge.root()), signer)
        asked = ask_all(self._witnesses, note, self._olds, subtree_reader(edge.size, self._folder.read))
        note = note.with_signatures(asked.signatures)
        self._folder.keep(edge.size, bytes(note))
        self._folder.publish(bytes(note))
        for tile in filled:
            self._folder.drop_partial(tile)
        return note, asked.failed

    def _lacks(self, note: Note) -> list[OutsideWitness]:
        return [each for each in self._witnesses if not any(one.by(each.key) for one in note.signatures)]

    def _ask_again(self, note: Note, edge: Edge) -> dict[str, str]:
        """Ask those again whose cosignature is missing; the log has not grown since."""
        subtree = subtree_reader(edge.size, self._folder.read)
        asked = ask_all(self._lacks(note), note, self._olds, subtree)
        if asked.signatures:
            self._folder.attach(edge.size, asked.signatures)
        return asked.failed


async def _in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that works on the folder. Whoever is cancelled waits for its end: it holds the lock."""
    call = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    try:
        return await asyncio.shield(call)
    except asyncio.CancelledError:
        await asyncio.wait([call])
        raise

"""Proofs that events are in the published log, for somebody who has nothing of ours but public keys."""

from collections.abc import AsyncGenerator
from typing import NamedTuple

from greenlight.eventlog.read import Reader
from greenlight.eventlog.session import Session
from greenlight.eventlog.stored import StoredEvent, read_head
from greenlight.eventlog.tree import read_secret
from greenlight.kernel import merkle
from greenlight.tlog import checkpoint, leaf
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import NoteError, VerifierKey
from greenlight.tlog.proof import Proof, ProofError
from greenlight.tlog.tiles import TileError, subtree_reader

_LOOKED_BACK = 20
"""Checkpoints that are looked through for one that more have cosigned: as many as are made in a minute."""


class UnprovableError(Exception):
    """There is no proof. The message says why."""


class Proven(NamedTuple):
    """An event, and the proof that it is in the log."""

    event: StoredEvent
    proof: Proof


class _Tree(NamedTuple):
    """A checkpoint as it was published, and the tree that it is of."""

    said: Checkpoint
    content: bytes
    subtree: merkle.Subtree


class Prover:
    """Makes proofs from the tiles of a folder. They rest on the checkpoint that most of those have signed
    whose keys are in ``keys.txt``; of several, on the newest."""

    def __init__(self, dsn: str, folder: TileFolder) -> None:
        """Connects on first use."""
        self._reader = Reader(dsn, application="greenlight-prove")
        self._session = Session(dsn, "greenlight-prove")
        self._folder = folder
        self._known: tuple[VerifierKey, bytes] | None = None
        self._tree: _Tree | None = None

    async def close(self) -> None:
        await self._reader.close()
        await self._session.close()

    async def prove(self, stream: str, version: int | None = None) -> AsyncGenerator[Proven]:
        """Proofs of the events of a stream, or of the one with this version.

        :raises UnprovableError: an event is not published yet, or not what was published; or what was
            published is not there, or not whole.
        :raises LogUnavailableError: the database cannot be reached.
        :raises OSError: the folder cannot be read.
        """
        log, secret = await self._names()
        async for event in self._reader.stream(stream, after=(version or 1) - 1):
            yield Proven(event, self._prove(log, secret, event))
            if version is not None:
                return

    async def _names(self) -> tuple[VerifierKey, bytes]:
        """The key of the log, as it was published, and its secret."""
        if self._known is None:
            origin = (await read_head(self._session)).origin
            try:
                log = next(key for key in self._folder.read_keys() if key.name == origin)
            except (NoteError, StopIteration) as error:
                raise UnprovableError(f"{self._folder.path} has no key of {origin}") from error
            self._known = log, await read_secret(self._session)
        return self._known

    def _prove(self, log: VerifierKey, secret: bytes, event: StoredEvent) -> Proof:
        index = event.position - 1
        try:
            tree = self._covering(log, event.position)
            path = merkle.inclusion(index, tree.said.size, tree.subtree)
            proof = Proof(leaf.entry(secret, event), index, tuple(path), tree.content)
            proof.check(log)
        except (NoteError, TileError) as error:
            raise UnprovableError(f"what was published is damaged: {error}") from error
        except ProofError as error:
            raise UnprovableError(
                f"position {event.position} is not what was published: run starter.py verify"
            ) from error
        return proof

    def _covering(self, log: VerifierKey, position: int) -> _Tree:
        newest = self._folder.newest()
        if newest is None:
            raise UnprovableError(f"nothing is published in {self._folder.path}")
        if (kept := self._tree) and kept.content == newest and position <= kept.said.size:
            return kept
        said, note = checkpoint.read(newest, log)
        if said.size < position:
            raise UnprovableError(
                f"position {position} is not published yet, the log ends at {said.size} there: "
                "try again in some seconds"
            )
        known = self._folder.read_keys()
        tree = _Tree(said, newest, subtree_reader(said.size, self._folder.read))
        most = len(note.signers(known))
        if most == len(known):
            self._tree = tree
            return tree
        for size in self._folder.sizes()[: -_LOOKED_BACK - 1 : -1]:
            content = self._folder.at(size)
            if size < position or content is None or most == len(known):
                break
            said, note = checkpoint.read(content, log)
            if (signed := len(note.signers(known))) > most:
                most = signed
                tree = _Tree(said, content, subtree_reader(said.size, self._folder.read))
        return tree

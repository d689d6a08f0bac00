"""Cosigning what was published of the log (c2sp.org/tlog-cosignature), with a key that the service lacks."""

import time
from dataclasses import replace
from pathlib import Path

from greenlight.audit.fault import Fault
from greenlight.audit.tree import Tree
from greenlight.eventlog.stored import Head
from greenlight.files import text_of
from greenlight.law.officer.keys import PublicKey
from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.durable import place, settle
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import KeyType, Note, NoteError, NoteSigner, VerifierKey
from greenlight.tlog.statement import Statement, auditor_of, sign

KEY = "key.pem"
_LOG_KEY = "log-key.txt"
TOLD_SECONDS = 30
"""Between two words on a log of which there is nothing new."""


def own_key(folder: Path) -> SigningKey:
    """The auditor's key, made on first use.

    :raises KeyFileError: the file in its place holds another kind of key, or others may read it.
    :raises OSError: it cannot be read or written.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / KEY
    if not path.exists():
        SigningKey.generate().save(path)
    return SigningKey.load(path)


def cosigned(content: bytes, auditor: PublicKey) -> int:
    """The size of a checkpoint that this auditor cosigned: all that it covers was checked.

    :raises NoteError: it is none, or they did not.
    """
    note = Note.parse(content)
    said = Checkpoint.parse(note.text)
    note.signers([VerifierKey(auditor_of(said.origin), KeyType.COSIGNATURE, auditor.content)])
    return said.size


class FolderCosigner:
    """Cosigns the checkpoints in the folder of a published log."""

    def __init__(self, published: TileFolder, own: Path) -> None:
        """``own``: the folder with the auditor's key, and with the key of the log as it was first met.

        :raises KeyFileError, OSError: as ``own_key``.
        """
        self._published = published
        self._own = own
        self._key = own_key(own)
        self._told: Statement | None = None

    def signer(self, origin: str) -> NoteSigner:
        """Whoever signs as the auditor of the log of that name."""
        return NoteSigner(auditor_of(origin), self._key, KeyType.COSIGNATURE)

    def cosign(self, head: Head, tree: Tree, after: int) -> int | Fault:
        """Cosign the largest checkpoint that ``tree`` covers; ``after`` is the size of the last one.

        Answers the size that is cosigned now; a fault where the checkpoint is not what the events lead to.

        :raises OSError: a folder cannot be used.
        :raises TileError: the auditor's own folder is not whole.
        """
        if not self._published.path.is_dir():
            return after
        signer = self.signer(head.origin)
        with self._published.locked(wait=True):
            size = self._published.latest(tree.size)
            if size is None:
                return after
            if size < after:
                return Fault(position=after, reason=f"the checkpoint of {after} events is gone")
            content = self._published.at(size)
            assert content is not None, "it was found there"
            try:
                said, note = checkpoint.read(content, self._log_key(head.origin))
            except NoteError as error:
                return Fault(position=size, reason=f"the checkpoint of {size} events: {error}")
            if said.size != size or said.root != tree.root(size):
                reason = f"the checkpoint of {size} events has another root than they lead to"
                return Fault(position=size, reason=reason)
            if not any(each.by(signer.verifier) for each in note.signatures):
                self._published.add_keys([signer.verifier], behind_the_log=True)
                self._published.attach(size, [checkpoint.cosign(note, signer, int(time.time()))])
        return size

    def tell(self, said: Statement) -> None:
        """Put the auditor's word on the log beside its checkpoints, where any are published: at once where it
        says something else than the last, and else now and then, so that one sees that it is looked after.

        :raises OSError: the folder cannot be used.
        """
        before = self._told
        if before and replace(said, time=before.time) == before and said.time - before.time < TOLD_SECONDS:
            return
        if not self._published.path.is_dir():
            return
        with self._published.locked(wait=True):
            if not self._published.read_keys():
                return
            self._published.add_keys([self.signer(said.origin).verifier], behind_the_log=True)
            self._published.state(sign(said, NoteSigner(auditor_of(said.origin), self._key)))
        self._told = said

    def _log_key(self, origin: str) -> VerifierKey:
        """The key of the log. The first that is met counts; for another, a person removes the file.

        :raises NoteError: there is none.
        """
        kept = self._own / _LOG_KEY
        if kept.exists():
            return VerifierKey.parse(text_of(kept).strip())
        for key in self._published.read_keys():
            if (key.name, key.type) == (origin, KeyType.NOTE):
                place(kept, f"{key}\n".encode())
                settle(self._own)
                return key
        raise NoteError("the log's key is not published")

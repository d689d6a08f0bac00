"""The standing of the log by what is published of it: checkpoints, who signed them, and the auditor's word.

Read from the folder of the published log alone, and nothing there is believed that its keys did not sign.
Whoever needs more than those keys' word holds the log against the folder (``starter.py verify``).
"""

from datetime import UTC, datetime
from typing import Final

from greenlight.eventlog.stored import Head
from greenlight.kernel.model import Instant, Model
from greenlight.tlog import checkpoint, statement
from greenlight.tlog.folder import TileFolder
from greenlight.tlog.note import KeyType, NoteError, VerifierKey
from greenlight.tlog.statement import auditor_of

SHOWN: Final = 10
"""Checkpoints that are told, the newest first."""


class Signed(Model):
    """A checkpoint: of how many events, by whom it is signed beside the log, and when the auditor cosigned
    it; ``wrong``: it is not what it should be."""

    size: int
    cosigners: tuple[str, ...] = ()
    audited_at: Instant | None = None
    wrong: str | None = None


class Word(Model):
    """The auditor's word: when it was given, up to where everything was checked, the last checkpoint that
    they cosigned, the positions of faults that are open, and how many others two people know of."""

    at: Instant
    checked: int
    cosigned: int
    acknowledged: int
    faults: tuple[int, ...]


class Audited(Model):
    """The standing of a log of so many ``events``. ``word`` is None where the auditor has given none, or none
    that counts, as ``missing`` says."""

    log: str
    events: int
    checkpoints: tuple[Signed, ...]
    word: Word | None = None
    missing: str | None = None

    @property
    def behind(self) -> int | None:
        """Events that the auditor has not checked; None: nobody knows."""
        return None if self.word is None else max(self.events - self.word.checked, 0)


def audited(folder: TileFolder, head: Head) -> Audited:
    """Read how the log of that head stands.

    :raises OSError: the folder cannot be read.
    """
    try:
        keys = folder.read_keys()
    except NoteError as error:
        return Audited(log=head.origin, events=head.position, checkpoints=(), missing=f"keys.txt: {error}")
    log = next((key for key in keys if (key.name, key.type) == (head.origin, KeyType.NOTE)), None)
    if log is None:
        missing = "nothing is published of this log"
        return Audited(log=head.origin, events=head.position, checkpoints=(), missing=missing)
    found = _word(folder, head.origin, keys)
    return Audited(
        log=head.origin,
        events=head.position,
        checkpoints=tuple(_signed(folder, size, log, keys) for size in _sizes(folder)),
        word=found if isinstance(found, Word) else None,
        missing=found if isinstance(found, str) else None,
    )


def _sizes(folder: TileFolder) -> list[int]:
    """Those of the newest checkpoints, the largest first."""
    sizes: list[int] = []
    size = folder.latest()
    while size is not None and len(sizes) < SHOWN:
        sizes.append(size)
        size = folder.latest(size - 1) if size else None
    return sizes


def _signed(folder: TileFolder, size: int, log: VerifierKey, keys: tuple[VerifierKey, ...]) -> Signed:
    try:
        said, note = checkpoint.read(folder.at(size) or b"", log)
        signers = note.signers(keys)
    except NoteError as error:
        return Signed(size=size, wrong=str(error))
    if said.size != size:
        return Signed(size=size, wrong=f"it is of {said.size} events")
    auditor = next((key for key in signers if key.name == auditor_of(log.name)), None)
    times = [each.time for each in note.signatures if auditor is not None and each.by(auditor)]
    return Signed(
        size=size,
        cosigners=tuple(key.name for key in signers if key != log),
        audited_at=datetime.fromtimestamp(times[0], UTC) if times else None,
    )


def _word(folder: TileFolder, origin: str, keys: tuple[VerifierKey, ...]) -> Word | str:
    """The auditor's word, or why there is none."""
    content = folder.statement()
    auditors = [key for key in keys if key.name == auditor_of(origin)]
    if content is None or not auditors:
        return "the auditor has told nothing here yet: greenlight-auditor follows the log"
    try:
        said = statement.read(content, origin, auditors)
    except NoteError as error:
        return f"the auditor's word does not count: {error}"
    return Word(
        at=datetime.fromtimestamp(said.time, UTC),
        checked=said.checked,
        cosigned=said.cosigned,
        acknowledged=said.acknowledged,
        faults=said.faults,
    )

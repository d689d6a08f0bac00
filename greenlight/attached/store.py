"""Bytes of attachments, kept by the case whose filing names them.

The log has their digests and never the bytes. A store takes no bytes but those that are named, and gives none
but those. The same document in two cases is kept twice, so that nobody learns from the store that it is.
A store is one log's, whose name is in it from the first document on.
"""

import asyncio
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from greenlight.codec.service import NONCE, KeyService, MissingKeyError, WrongKeyError
from greenlight.files import content_of
from greenlight.kernel.authority import LogName
from greenlight.law.application.attachments import Attachment
from greenlight.tlog.durable import placing, settle

_PLAIN, _SEALED = b"greenlight attachment, plain\n", b"greenlight attachment, sealed "
_MORE = 4_096
"""Bytes of a file, at most, beside those of the document in it."""
_OF = "log"
"""The file in a store that names the log whose it is."""
_CASE, _DIGEST = re.compile(r"application-[A-Z][0-9]{6}"), re.compile(r"[0-9a-f]{64}")
_DRAFT = re.compile(r"\.[0-9a-f]{64}\.[0-9a-f]{8}")
"""As ``placing`` calls what it has not written to its end."""
_DRAFT_SECONDS = 86_400
"""After which a file that was not written to its end is nobody's."""


class OtherBytesError(Exception):
    """The bytes are not those that the filing names. The message says in which way."""


class StoreError(Exception):
    """The store cannot take bytes, or give them. The message says what to do."""


class DamagedError(StoreError):
    """The bytes are not as they were put there, or cannot be opened."""


class LockedError(DamagedError):
    """The bytes are encrypted under a master key that is not here."""


class OtherLogError(StoreError):
    """The store is another log's."""


class Kept(NamedTuple):
    """Bytes in a store: of which case, by which digest, and since when."""

    stream: str
    digest: str
    since: datetime


class Store(Protocol):
    """Keeps the bytes of one log by case and digest. Any number of programs may use it at once."""

    async def put(self, log: LogName, stream: str, named: Attachment, content: bytes) -> bool:
        """Keep the bytes that a filing names; False: they were there already, and are there since now. What
        is there and cannot be opened, or is not as it was, is replaced.

        :raises OtherBytesError: they are others.
        :raises StoreError: the store is another log's, or cannot be written.
        """
        ...

    async def get(self, log: LogName, stream: str, named: Attachment) -> bytes | None:
        """The bytes; None: nobody has put them there.

        :raises StoreError: the store is another log's, or they cannot be read as they were put there.
        """
        ...

    async def has(self, stream: str, named: Attachment) -> bool:
        """Tell whether the bytes were put there."""
        ...

    async def everything(self, log: LogName) -> tuple[Kept, ...]:
        """All that is kept, and all that was left behind unfinished a day ago or longer.

        :raises StoreError: the store is another log's, or cannot be read.
        """
        ...

    async def drop(self, kept: Kept) -> None:
        """Remove what is kept there, if it is there still and was not brought again since."""
        ...


class Folder:
    """A store in a folder: one folder for each case, one file for each digest, for its owner alone.

    ``sealed``: what is written is encrypted by a key of its own, which the deployment's master key wraps and
    which is bound to case and digest. What is plain is read all the same.
    """

    def __init__(self, folder: Path, keys: KeyService, *, sealed: bool) -> None:
        self._folder, self._keys, self._sealed = folder, keys, sealed

    async def put(self, log: LogName, stream: str, named: Attachment, content: bytes) -> bool:
        if len(content) != named.size:
            raise OtherBytesError(f"it has {len(content)} bytes, and the filing names {named.size}")
        if not await asyncio.to_thread(named.is_of, content):
            raise OtherBytesError(f"its digest is another than {named.digest}, which the filing names")
        try:
            if not await asyncio.to_thread(self._is_of, log):
                await asyncio.to_thread(_write, self._folder / _OF, log.encode(), b"")
            if await self._is_whole(log, stream, named):
                # Whoever is about to remove it, as nobody named it, sees that it was brought again.
                await asyncio.to_thread(os.utime, self._file(stream, named.digest))
                return False
            head, stored = await self._closed(stream, named, content)
            await asyncio.to_thread(_write, self._file(stream, named.digest), head, stored)
        except OSError as error:
            raise StoreError(f"the store of attachments cannot be written: {error.strerror}") from error
        return True

    async def get(self, log: LogName, stream: str, named: Attachment) -> bytes | None:
        file = self._file(stream, named.digest)
        try:
            await asyncio.to_thread(self._is_of, log)
            stored = await asyncio.to_thread(content_of, file, named.size + _MORE)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise DamagedError(f"{named.digest} of {stream} cannot be read: {error.strerror}") from error
        content = await self._opened(stream, named, stored)
        if not await asyncio.to_thread(named.is_of, content):
            raise DamagedError(f"{named.digest} of {stream} is not as it was: bring it back from a backup")
        return content

    async def has(self, stream: str, named: Attachment) -> bool:
        return await asyncio.to_thread(self._file(stream, named.digest).exists)

    async def everything(self, log: LogName) -> tuple[Kept, ...]:
        try:
            # What no log has put there is nobody's to remove.
            return await asyncio.to_thread(lambda: tuple(self._all()) if self._is_of(log) else ())
        except OSError as error:
            raise StoreError(f"the store of attachments cannot be read: {error.strerror}") from error

    async def drop(self, kept: Kept) -> None:
        await asyncio.to_thread(self._drop, kept)

    def _file(self, stream: str, digest: str) -> Path:
        return self._folder / stream / digest.removeprefix("sha256:")

    def _is_of(self, log: LogName) -> bool:
        """Tell whether the store says that it is the log's; False: it says of none.

        :raises OtherLogError: it is another's.
        """
        try:
            found = content_of(self._folder / _OF, _MORE).decode("utf-8", "replace")
        except FileNotFoundError:
            return False
        if found != log:
            raise OtherLogError(
                f"the store of attachments is that of the log {found}, and this is {log}: name another folder"
                " by GREENLIGHT_ATTACHMENT_FOLDER"
            )
        return True

    async def _is_whole(self, log: LogName, stream: str, named: Attachment) -> bool:
        """Tell whether the bytes are there as they were put there."""
        try:
            return await self.get(log, stream, named) is not None
        except DamagedError:
            return False

    def _all(self) -> Iterator[Kept]:
        """All that has the names that are given here: whatever else lies in the folder is somebody else's."""
        for folder in sorted(self._folder.iterdir()):
            if _CASE.fullmatch(folder.name):
                for file in sorted(folder.iterdir()):
                    yield from _kept(file)

    def _drop(self, kept: Kept) -> None:
        file = self._file(kept.stream, kept.digest)
        if not any(each == kept for each in _kept(file)):
            return
        file.unlink(missing_ok=True)
        # It stays if there are others in it. Another program may have been as quick.
        with suppress(OSError):
            file.parent.rmdir()

    async def _closed(self, stream: str, named: Attachment, content: bytes) -> tuple[bytes, bytes]:
        if not self._sealed:
            return _PLAIN, content
        key = await self._keys.data_key(_bound(stream, named))
        nonce = os.urandom(NONCE)
        sealed = await asyncio.to_thread(
            AESGCM(key.secret).encrypt, nonce, content, _bound(stream, named).encode()
        )
        return _SEALED + f"{key.key_id} {key.wrapped.hex()}\n".encode(), nonce + sealed

    async def _opened(self, stream: str, named: Attachment, stored: bytes) -> bytes:
        if stored.startswith(_PLAIN):
            return stored.removeprefix(_PLAIN)
        head, _, sealed = stored.removeprefix(_SEALED).partition(b"\n")
        try:
            key_id, wrapped = head.decode("ascii").split(" ")
            key = await self._keys.unwrap(key_id, bytes.fromhex(wrapped), _bound(stream, named))
            return await asyncio.to_thread(
                AESGCM(key).decrypt, sealed[:NONCE], sealed[NONCE:], _bound(stream, named).encode()
            )
        except MissingKeyError as error:
            raise LockedError(
                f"{named.digest} of {stream} is encrypted under the codec key {error.key_id}: bring it back"
            ) from error
        except (WrongKeyError, InvalidTag, ValueError) as error:
            raise DamagedError(
                f"{named.digest} of {stream} is not as it was: bring it back from a backup"
            ) from error


def _bound(stream: str, named: Attachment) -> str:
    return f"attachment {stream} {named.digest}"


def _kept(file: Path) -> Iterator[Kept]:
    """The file, if it is one of a store."""
    try:
        found = file.lstat()
    except FileNotFoundError:
        # Another program has removed it, or finished it.
        return
    if not stat.S_ISREG(found.st_mode):
        return
    since = datetime.fromtimestamp(found.st_mtime, UTC)
    if _DIGEST.fullmatch(file.name):
        yield Kept(file.parent.name, f"sha256:{file.name}", since)
    elif _DRAFT.fullmatch(file.name) and time.time() - found.st_mtime > _DRAFT_SECONDS:
        yield Kept(file.parent.name, file.name, since)


def _write(file: Path, head: bytes, stored: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with placing(file) as draft:
        draft.write(head)
        draft.write(stored)
    settle(file.parent)

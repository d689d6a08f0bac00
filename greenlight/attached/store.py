"""Bytes of attachments, kept by the case whose filing names them.

The log has their digests and never the bytes. A store takes no bytes but those that are named, and gives none
but those. The same document in two cases is kept twice, so that nobody learns from the store that it is.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from greenlight.codec.service import NONCE, KeyService, MissingKeyError, WrongKeyError
from greenlight.law.application.attachments import Attachment
from greenlight.tlog.durable import placing, settle

_PLAIN, _SEALED = b"greenlight attachment, plain\n", b"greenlight attachment, sealed "
_DRAFT_SECONDS = 86_400
"""After which a file that was not written to its end is nobody's."""


class OtherBytesError(Exception):
    """The bytes are not those that the filing names. The message says in which way."""


class DamagedError(Exception):
    """The bytes are not as they were put there, or cannot be opened. The message says what to do."""


class Kept(NamedTuple):
    """Bytes in a store: of which case, by which digest, and since when."""

    stream: str
    digest: str
    since: datetime


class Store(Protocol):
    """Keeps bytes by case and digest. Any number of programs may use it at once."""

    async def put(self, stream: str, named: Attachment, content: bytes) -> bool:
        """Keep the bytes that a filing names; False: they were there already, and nothing was written.

        :raises OtherBytesError: they are others.
        :raises OSError: the store cannot be written.
        """
        ...

    async def get(self, stream: str, named: Attachment) -> bytes | None:
        """The bytes; None: nobody has put them there.

        :raises DamagedError: they are not as they were put there.
        """
        ...

    async def has(self, stream: str, named: Attachment) -> bool:
        """Tell whether the bytes were put there."""
        ...

    async def everything(self) -> tuple[Kept, ...]:
        """All that is kept, and all that was left behind unfinished a day ago or longer."""
        ...

    async def drop(self, kept: Kept) -> None:
        """Remove what is kept there, if it is there still."""
        ...


class Folder:
    """A store in a folder: one folder for each case, one file for each digest, for its owner alone.

    ``sealed``: what is written is encrypted by a key of its own, which the deployment's master key wraps and
    which is bound to case and digest. What is plain is read all the same.
    """

    def __init__(self, folder: Path, keys: KeyService, *, sealed: bool) -> None:
        self._folder, self._keys, self._sealed = folder, keys, sealed

    async def put(self, stream: str, named: Attachment, content: bytes) -> bool:
        if len(content) != named.size:
            raise OtherBytesError(f"it has {len(content)} bytes, and the filing names {named.size}")
        if not await asyncio.to_thread(named.is_of, content):
            raise OtherBytesError(f"its digest is another than {named.digest}, which the filing names")
        if await self.has(stream, named):
            return False
        head, stored = await self._closed(stream, named, content)
        await asyncio.to_thread(_write, self._file(stream, named.digest), head, stored)
        return True

    async def get(self, stream: str, named: Attachment) -> bytes | None:
        try:
            stored = await asyncio.to_thread(self._file(stream, named.digest).read_bytes)
        except FileNotFoundError:
            return None
        content = await self._opened(stream, named, stored)
        if not await asyncio.to_thread(named.is_of, content):
            raise DamagedError(f"{named.digest} of {stream} is not as it was: bring it back from a backup")
        return content

    async def has(self, stream: str, named: Attachment) -> bool:
        return await asyncio.to_thread(self._file(stream, named.digest).exists)

    async def everything(self) -> tuple[Kept, ...]:
        return await asyncio.to_thread(lambda: tuple(self._all()))

    async def drop(self, kept: Kept) -> None:
        await asyncio.to_thread(self._drop, kept)

    def _file(self, stream: str, digest: str) -> Path:
        return self._folder / stream / digest.removeprefix("sha256:")

    def _all(self) -> Iterator[Kept]:
        for file in sorted(self._folder.glob("*/*")):
            changed = file.stat().st_mtime
            since = datetime.fromtimestamp(changed, UTC)
            if not file.name.startswith("."):
                yield Kept(file.parent.name, f"sha256:{file.name}", since)
            elif time.time() - changed > _DRAFT_SECONDS:
                yield Kept(file.parent.name, file.name, since)

    def _drop(self, kept: Kept) -> None:
        file = self._file(kept.stream, kept.digest)
        file.unlink(missing_ok=True)
        if not any(file.parent.iterdir()):
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
            raise DamagedError(
                f"{named.digest} of {stream} is encrypted under the codec key {error.key_id}: bring it back"
            ) from error
        except (WrongKeyError, InvalidTag, ValueError) as error:
            raise DamagedError(
                f"{named.digest} of {stream} is not as it was: bring it back from a backup"
            ) from error


def _bound(stream: str, named: Attachment) -> str:
    return f"attachment {stream} {named.digest}"


def _write(file: Path, head: bytes, stored: bytes) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with placing(file) as draft:
        draft.write(head)
        draft.write(stored)
    settle(file.parent)

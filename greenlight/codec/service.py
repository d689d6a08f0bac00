"""Whoever wraps and unwraps data keys: the file of master keys, or a key service that has them."""

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from greenlight.codec.master import KEY_BYTES, CodecKeysError, MasterKeys, load

NONCE = 12
"""Bytes of a nonce, as GCM has it; a random one for each use of a key."""

LOOK = 1.0
"""Seconds between looks at whether the file of keys was changed."""

_log = logging.getLogger("codec")


class MissingKeyError(Exception):
    """No master key of that id is here."""

    def __init__(self, key_id: str) -> None:
        super().__init__(key_id)
        self.key_id = key_id


class WrongKeyError(Exception):
    """The wrapped key is not one that this master key wrapped for this case."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one case, and how it is wrapped by which master key."""

    secret: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    key_id: str


class KeyService(Protocol):
    """Has the master keys. What stands behind it may be a service of the deployment's (a KMS): data keys are
    kept for a while by who asks, so that it is asked rarely."""

    async def current(self) -> str:
        """The id of the master key that wraps what is new. Asked for every payload."""
        ...

    async def data_key(self, case: str) -> DataKey:
        """A new data key for a case, wrapped by the current master key."""
        ...

    async def unwrap(self, key_id: str, wrapped: bytes, case: str) -> bytes:
        """The data key that was wrapped for that case.

        :raises MissingKeyError: the master key is not here.
        :raises WrongKeyError: it did not wrap this for the case.
        """
        ...


class FileKeys:
    """The master keys of a file, which is read again when it changes: a rotation needs no restart."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        """:raises CodecKeysError: the file is not there, or not as it must be."""
        self._path = path
        self._clock = clock
        self._looked = clock()
        self._stamp = _stamp(path)
        self._use(load(path))

    async def current(self) -> str:
        self._look()
        return self._keys.current

    async def data_key(self, case: str) -> DataKey:
        self._look()
        key_id, secret, nonce = self._keys.current, os.urandom(KEY_BYTES), os.urandom(NONCE)
        sealed = self._ciphers[key_id].encrypt(nonce, secret, _bound(key_id, case))
        return DataKey(secret, nonce + sealed, key_id)

    async def unwrap(self, key_id: str, wrapped: bytes, case: str) -> bytes:
        self._look()
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise MissingKeyError(key_id)
        try:
            return cipher.decrypt(wrapped[:NONCE], wrapped[NONCE:], _bound(key_id, case))
        except (InvalidTag, ValueError) as error:
            raise WrongKeyError from error

    def _look(self) -> None:
        now = self._clock()
        if now - self._looked < LOOK:
            return
        self._looked = now
        try:
            stamp = _stamp(self._path)
            if stamp != self._stamp:
                self._use(load(self._path))
                self._stamp = stamp
                _log.info("codec keys read again: %s writes", self._keys.current)
        except (CodecKeysError, OSError) as error:
            # Those that were read go on; a program that starts says what is wrong.
            _log.error("codec keys cannot be read again, and those of before go on: %s", error)

    def _use(self, keys: MasterKeys) -> None:
        self._keys = keys
        self._ciphers = {key.id: AESGCM(key.secret) for key in keys.keys.values()}


class NoKeys:
    """No master keys at all: nothing is encrypted, and nothing that is can be read."""

    async def current(self) -> str:
        raise MissingKeyError("")

    async def data_key(self, case: str) -> DataKey:
        raise MissingKeyError("")

    async def unwrap(self, key_id: str, wrapped: bytes, case: str) -> bytes:
        raise MissingKeyError(key_id)


def _stamp(path: Path) -> tuple[int, int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0, 0)
    return found.st_ino, found.st_mtime_ns, found.st_size


def _bound(key_id: str, case: str) -> bytes:
    return f"greenlight 1 data key {key_id} {case}".encode()

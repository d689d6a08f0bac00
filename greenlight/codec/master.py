"""Master keys by their ids, in a file that nobody but its owner may read.

The id of a key has the day on which it was made and a digest of it, so that another key cannot stand under
the id of one that is lost. Every key in the file reads; the current one writes.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.files import content_of, opened
from greenlight.kernel.model import Instant, Model
from greenlight.kernel.problems import first_problem

KEY_BYTES = 32
"""AES-256."""
MOST = 1_000
"""Keys in a file: rotated daily, those of two years and more."""

KeyIdText = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}-[0-9a-f]{8}$")]


class CodecKeysError(Exception):
    """The file of master keys is not there, or not as it must be. The message says what to do."""


@dataclass(frozen=True, slots=True)
class MasterKey:
    """A key that wraps the data keys of cases."""

    id: str
    secret: bytes = field(repr=False)
    made: datetime

    @classmethod
    def generate(cls) -> Self:
        secret, made = secrets.token_bytes(KEY_BYTES), datetime.now(UTC).replace(microsecond=0)
        return cls(_id(secret, made), secret, made)


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """All master keys, by id in the order in which they were added, and the id of the current one."""

    current: str
    keys: dict[str, MasterKey]

    @classmethod
    def of(cls, key: MasterKey) -> Self:
        return cls(key.id, {key.id: key})

    def with_added(self, key: MasterKey) -> "MasterKeys":
        """The same with one more, which only reads."""
        if len(self.keys) >= MOST:
            raise CodecKeysError(f"there are {MOST} codec keys: take away what no history needs any more")
        return MasterKeys(self.current, {**self.keys, key.id: key})

    def with_current(self, key_id: str) -> "MasterKeys":
        """The same with another one that writes.

        :raises CodecKeysError: there is no such key.
        """
        if key_id not in self.keys:
            raise CodecKeysError(f"there is no codec key {key_id}: starter.py codec keys lists them")
        return MasterKeys(key_id, self.keys)


def rotated(keys: MasterKeys) -> MasterKeys:
    """The same with a new key, which writes from now on."""
    key = MasterKey.generate()
    return keys.with_added(key).with_current(key.id)


class _Written(Model):
    id: KeyIdText
    key: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")] = Field(repr=False)
    made: Instant


class _File(Model):
    version: Literal[1] = 1
    current: KeyIdText
    keys: Annotated[tuple[_Written, ...], Field(min_length=1, max_length=MOST)]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        for each in self.keys:
            if each.id != _id(_decoded(each.key), each.made):
                raise ValueError(f"the key {each.id} is not the one that had this id: bring that one back")
        if len({each.id for each in self.keys}) != len(self.keys):
            raise ValueError("a key is there twice")
        if self.current not in {each.id for each in self.keys}:
            raise ValueError(f"the current key {self.current} is not among them")
        return self


def load(path: Path) -> MasterKeys:
    """Read a file of master keys.

    :raises CodecKeysError: it is not there, others may read it, or it is not what it must be.
    """
    try:
        # The group may where a container's secrets are mounted for one (fsGroup).
        if path.stat().st_mode & 0o037:
            raise CodecKeysError(f"the codec keys {path} are open to others: chmod 600 {path}")
        written = _File.model_validate_json(content_of(path))
    except FileNotFoundError:
        raise CodecKeysError(
            f"there are no codec keys at {path}: let GREENLIGHT_CODEC_KEYS name the file that the service "
            "has, make one with starter.py codec make, or set GREENLIGHT_CODEC=off"
        ) from None
    except OSError as error:
        raise CodecKeysError(f"the codec keys {path} cannot be read: {error.strerror or error}") from error
    except ValidationError as error:
        raise CodecKeysError(f"the codec keys {path} are not as written: {first_problem(error)}") from None
    keys = {each.id: MasterKey(each.id, _decoded(each.key), each.made) for each in written.keys}
    return MasterKeys(written.current, keys)


def make(path: Path) -> MasterKeys:
    """Make a file with one key, unless there is a file already; what is there then.

    :raises CodecKeysError: it cannot be made, or what is there cannot be read.
    """
    if not path.exists():
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _draft(path, MasterKeys.of(MasterKey.generate())) as draft:
                # Unlike a rename, a link does not replace what another program made meanwhile.
                path.hardlink_to(draft)
        except FileExistsError:
            pass
        except OSError as error:
            raise CodecKeysError(f"the codec keys {path} cannot be made: {error.strerror}") from error
    return load(path)


def ready(sealing: Sealing) -> None:
    """Make the keys where there are none and they are to be made here: before anybody looks for them.

    :raises CodecKeysError: they cannot be made.
    """
    if sealing.make and sealing.keys is not None and sealing.mode is not CodecMode.OFF:
        make(sealing.keys)


def change(path: Path, by: Callable[[MasterKeys], MasterKeys]) -> MasterKeys:
    """Change the file, whole or not at all; whoever else changes it waits.

    :raises CodecKeysError: it cannot be read or written.
    """
    try:
        with _held(path):
            changed = by(load(path))
            with _draft(path, changed) as draft:
                draft.replace(path)
    except FileNotFoundError:
        load(path)
        raise
    except OSError as error:
        raise CodecKeysError(f"the codec keys {path} cannot be written: {error.strerror}") from error
    return changed


@contextmanager
def _held(path: Path) -> Generator[None]:
    """The file, locked; anew where somebody replaced it meanwhile."""
    while True:
        with opened(path) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file.fileno()).st_ino == path.stat().st_ino:
                yield
                return


@contextmanager
def _draft(path: Path, keys: MasterKeys) -> Generator[Path]:
    written = tuple(
        _Written(id=each.id, key=_encoded(each.secret), made=each.made) for each in keys.keys.values()
    )
    text = json.dumps(_File(current=keys.current, keys=written).model_dump(mode="json"), indent=2)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
        yield draft
        _sync(path.parent)
    finally:
        draft.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _id(secret: bytes, made: datetime) -> str:
    fingerprint = hashlib.sha256(b"greenlight codec key\0" + secret).hexdigest()[:8]
    return f"{made:%Y%m%d}-{fingerprint}"


def _encoded(secret: bytes) -> str:
    return base64.urlsafe_b64encode(secret).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(f"{text}=")

"""Signed checkpoints, kept outside the database: they show when a log's end was cut off, or a log rewritten.

A file of JSON lines, one ``{"token": …}`` each: a compact JWS over where the log stood. Keep the file, and
the key that signs it, where whoever can change the database cannot reach them.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from greenlight.eventlog.database import Connection, connection, parse
from greenlight.eventlog.stored import Hash, Head, read_head
from greenlight.kernel.model import Instant, Model
from greenlight.law.officer.keys import PublicKey
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import Token


class Checkpoint(Head):
    """The log stood here ``at`` that instant, by the signer's clock."""

    at: Instant


class CheckpointFileError(Exception):
    """A line of the file is not a checkpoint that the key signed. The message names the line."""


class _Line(Model):
    token: str


class _Hash(Model):
    hash: Hash


async def make(dsn: str, path: Path, key: SigningKey) -> Checkpoint:
    """Sign where the log stands now, and append it to the file; it is on disk when this returns.

    :raises OSError: the database or the file cannot be reached.
    """
    async with connection(dsn, application="greenlight-checkpoint") as database:
        head = await read_head(database)
    checkpoint = Checkpoint(**head.model_dump(), at=datetime.now(UTC))
    line = _Line(token=key.sign(checkpoint.model_dump_json().encode()))
    _append(path, line.model_dump_json() + "\n")
    return checkpoint


def read(path: Path, key: PublicKey) -> Iterator[Checkpoint]:
    """The checkpoints of a file, oldest first.

    :raises CheckpointFileError: a line is not a checkpoint that ``key`` signed.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                token = Token(_Line.model_validate_json(line).token)
                yield Checkpoint.model_validate_json(token.payload(key))
            except (ValidationError, ProofError) as error:
                raise CheckpointFileError(f"{path}, line {number}: not signed by {key.kid}") from error


async def compare(dsn: str, path: Path, key: PublicKey) -> str | None:
    """Say in a sentence how the log contradicts the checkpoints; None if it does not.

    Together with ``greenlight.eventlog.verify``, which says that the chain holds, this shows that nothing up
    to the last checkpoint was taken away or changed, not even by a restored backup.

    :raises CheckpointFileError: a line is not a checkpoint that ``key`` signed.
    """
    async with connection(dsn, application="greenlight-checkpoint") as database:
        head = await read_head(database)
        for checkpoint in read(path, key):
            contradiction = await _contradiction(database, head, checkpoint)
            if contradiction is not None:
                return contradiction
    return None


async def _contradiction(database: Connection, head: Head, checkpoint: Checkpoint) -> str | None:
    if checkpoint.log_id != head.log_id:
        return f"the checkpoint of {checkpoint.at} is of another log, {checkpoint.log_id}"
    if checkpoint.kind is not head.kind:
        return f"on {checkpoint.at} the log was one of {checkpoint.kind}; now it says {head.kind}"
    if checkpoint.position > head.position:
        return (
            f"the log ends at position {head.position}; on {checkpoint.at} it had reached "
            f"{checkpoint.position}: its end was cut off"
        )
    if checkpoint.position == 0:
        return None
    row = await database.fetchrow(
        "SELECT hash FROM greenlight.event WHERE position = $1", checkpoint.position
    )
    if row is None or parse(_Hash, row).hash != checkpoint.hash:
        return f"position {checkpoint.position} is not what it was on {checkpoint.at}: the log was rewritten"
    return None


def _append(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    # A new file is only there for good once its folder says so.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

"""Faults that two people have looked into: they stay on record, and hide nothing that comes after them.

A file of JSON lines, one ``{"token": …}`` each: a compact JWS by a registered key over the fault as told.
It is no part of the log: the log is what is in question, and the auditor cannot write there.
"""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from pydantic import ValidationError

from greenlight.audit.fault import Fault
from greenlight.eventlog.register import Register
from greenlight.files import content_of
from greenlight.kernel.model import Identifier, Instant, Model
from greenlight.kernel.roles import Role
from greenlight.signing.algorithm import ProofError
from greenlight.signing.keys import SigningKey
from greenlight.signing.tokens import Token

ROLES = frozenset({Role.AUDITOR, Role.REGISTRAR})
"""In which somebody may acknowledge a fault."""

NEEDED = 2


class Acknowledgement(Model):
    """An officer's word that they know of a fault of a log. ``at`` is by their clock."""

    acknowledges: Literal["fault"] = "fault"
    log_id: UUID
    position: int
    reason: str
    officer: Identifier
    at: Instant


class _Line(Model):
    token: str


def acknowledge(path: Path, log_id: UUID, fault: Fault, officer: str, key: SigningKey) -> None:
    """Add an officer's word to the file; it is on disk when this returns.

    :raises OSError: the file cannot be written.
    """
    said = Acknowledgement(
        log_id=log_id,
        position=fault.position,
        reason=fault.reason,
        officer=officer,
        at=datetime.now(UTC),
    )
    line = _Line(token=key.sign(said.model_dump_json().encode())).model_dump_json() + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def unacknowledged(
    path: Path, log_id: UUID, register: Register, faults: Iterable[Fault]
) -> tuple[Fault, ...]:
    """The faults of which no two people have said that they know.

    A word counts that was said with a key and in a role that the register had then. A line that is torn, or
    somebody else's, counts for nothing.

    :raises OSError: the file is there and cannot be read.
    """
    persons = _persons(path, log_id, register)
    return tuple(fault for fault in faults if len(persons.get((fault.position, fault.reason), ())) < NEEDED)


def _persons(path: Path, log_id: UUID, register: Register) -> Mapping[tuple[int, str], set[str]]:
    """By fault, who acknowledged it."""
    persons: dict[tuple[int, str], set[str]] = {}
    if not path.exists():
        return persons
    for line in content_of(path).decode(errors="replace").splitlines():
        try:
            token = Token(_Line.model_validate_json(line).token)
            said = Acknowledgement.model_validate_json(token.payload(register.public_key(token.kid)))
        except (ValidationError, ProofError):
            continue
        person = register.person(token.kid, said.officer, ROLES, said.at)
        if person is not None and said.log_id == log_id:
            persons.setdefault((said.position, said.reason), set()).add(person)
    return persons

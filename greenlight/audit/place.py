"""The place that an auditor has reached, and what it found: a small file of its own, so that it goes on
there."""

import os
import secrets
from pathlib import Path
from typing import Self
from uuid import UUID

from pydantic import ValidationError

from greenlight.audit.fault import Fault
from greenlight.audit.tree import EdgeAt
from greenlight.audit.unexamined import Unexamined, together
from greenlight.files import content_of
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.model import Model

MOST = 1_000
"""Faults that are kept one by one. Of a log with more it is known that it is none."""


class PlaceError(Exception):
    """The file is not an auditor's, or of another log. The message says what to do."""


class Place(Model):
    """Everything up to ``position`` of this log was checked, and ``faults`` were found. ``edge`` is that of
    the tree over it, and ``cosigned`` the size of the last checkpoint that was. ``unexamined``: what could
    not be checked."""

    log_id: UUID
    kind: Kind
    position: int = 0
    faults: tuple[Fault, ...] = ()
    edge: EdgeAt = EdgeAt()
    cosigned: int = 0
    unexamined: tuple[Unexamined, ...] = ()

    def further(
        self, position: int, faults: tuple[Fault, ...], edge: EdgeAt, left: tuple[Unexamined, ...] = ()
    ) -> Self:
        new = (fault for fault in faults if fault not in self.faults)
        faults = (*self.faults, *new)[:MOST]
        left = together(self.unexamined, left)
        return self.model_copy(
            update={"position": position, "faults": faults, "edge": edge, "unexamined": left}
        )


def read(path: Path) -> Place | None:
    """The place in the file; None where there is none yet.

    :raises PlaceError: it holds something else.
    :raises OSError: it cannot be read.
    """
    if not path.exists():
        return None
    try:
        return Place.model_validate_json(content_of(path))
    except ValidationError as error:
        raise PlaceError(
            f"{path} is not an auditor's place: move it away to begin at the first event"
        ) from error


def write(path: Path, place: Place) -> None:
    """Put the place on disk, whole or not at all.

    :raises OSError: it cannot be written.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            # A release of before reads it as long as there is nothing to say.
            unsaid = None if place.unexamined else {"unexamined"}
            file.write(place.model_dump_json(exclude=unsaid).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

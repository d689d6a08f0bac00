"""The way out for letters."""

import os
import tempfile
from pathlib import Path
from typing import Protocol


class DeliveryError(Exception):
    """The letter could not be delivered; another try may succeed. The message says why."""


class Courier(Protocol):
    """Delivers letters. The same letter may be handed over more than once, and must arrive once."""

    def deliver(self, letter_id: str, pdf: bytes) -> None:
        """Returns when the letter has arrived. Called in a thread.

        :raises DeliveryError: it has not, or that is not known.
        """
        ...


class FolderCourier:
    """Puts each letter into a folder as ``<letter-id>.pdf``: whole or not at all, and never over another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def deliver(self, letter_id: str, pdf: bytes) -> None:
        target = self._folder / f"{letter_id}.pdf"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                self._place(target, pdf)
            if target.read_bytes() != pdf:
                raise DeliveryError(f"{target}: another letter is there")
        except OSError as error:
            raise DeliveryError(f"{target}: {error.strerror or error}") from error

    def _place(self, target: Path, pdf: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".", suffix=".part")
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(pdf)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        self._sync_folder()

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

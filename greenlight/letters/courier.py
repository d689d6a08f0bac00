"""The way out for letters: one interface, of which the folder is the default.

Whoever fetches a letter where it is on record (`starter.py letters`, the front door) needs no courier.
"""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A letter on its way. ``about``: the number of its case, for who sorts mail; ``mailbox``: where its
    recipient's letters go, None: nothing is on file, or it is to nobody in particular."""

    letter_id: str
    pdf: bytes
    about: str = ""
    mailbox: str | None = None


class DeliveryError(Exception):
    """The letter could not be delivered; another try may succeed. The message says why, without a word of
    the letter."""


class UndeliverableError(DeliveryError):
    """No other try succeeds until somebody has done something about it. Other letters are not concerned."""


class CourierAwayError(DeliveryError):
    """The courier itself is not there, or is not let in: no other letter would fare better now."""


class Courier(Protocol):
    """Delivers letters. The same letter may be handed over more than once, and is known by its id."""

    async def deliver(self, letter: Dispatch) -> None:
        """Returns when the letter has arrived, or whoever brings it has answered for it.

        :raises DeliveryError: it has not, or that is not known.
        """
        ...


class FolderCourier:
    """Puts each letter into a folder as ``<letter-id>.pdf``: whole or not at all, and never over another.

    Nobody else reads it: the folder is made for its owner alone, and so is each file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def deliver(self, letter: Dispatch) -> None:
        await asyncio.to_thread(self._deliver, letter)

    def _deliver(self, letter: Dispatch) -> None:
        target = self._folder / f"{letter.letter_id}.pdf"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not target.exists():
                self._place(target, letter.pdf)
            if target.read_bytes() != letter.pdf:
                raise DeliveryError(f"{target}: another letter is there")
        except OSError as error:
            raise DeliveryError(f"{target}: {error.strerror or error}") from error

    def _place(self, target: Path, pdf: bytes) -> None:
        # Made with mode 0600, whatever the mask.
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

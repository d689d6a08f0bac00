"""Sends letters and is killed at a certain point of the first. Run by a test, in a process of its own."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from greenlight.eventlog.letters import LetterBox
from greenlight.kernel.model import Digest
from greenlight.letters.content import Letter
from greenlight.letters.courier import Dispatch, FolderCourier
from greenlight.letters.render import Rendered, render
from greenlight.letters.sheet import Sheet
from greenlight.service import letters
from greenlight.service.letters import drain

DSN, FOLDER, POINT = sys.argv[1:]


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_render(letter: Letter, sheet: Sheet, code: str) -> Rendered:
    rendered = render(letter, sheet, code)
    if POINT == "rendered":
        die()
    return rendered


class DyingBox(LetterBox):
    async def put(
        self, letter_id: str, *, rests_on: Digest, digest: Digest, pdf: bytes, sheet: str, code: str
    ) -> None:
        await super().put(letter_id, rests_on=rests_on, digest=digest, pdf=pdf, sheet=sheet, code=code)
        if POINT == "stored":
            die()

    async def mark_sent(self, letter_id: str) -> None:
        await super().mark_sent(letter_id)
        if POINT == "marked":
            die()


class DyingCourier(FolderCourier):
    async def deliver(self, letter: Dispatch) -> None:
        await super().deliver(letter)
        if POINT == "delivered":
            die()

    def _place(self, target: Path, pdf: bytes) -> None:
        if POINT == "half written":
            (target.parent / ".half.part").write_bytes(pdf[: len(pdf) // 2])
            die()
        super()._place(target, pdf)


letters.render = dying_render
letters.LetterBox = DyingBox
asyncio.run(drain(DSN, DyingCourier(Path(FOLDER))))

"""Every letter that is owed is sent once, whoever sends and whoever dies."""

import asyncio
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from activities.letters import drain
from eventlog.letters import LetterBox
from eventlog.recorder import Recorder
from letters.courier import DeliveryError, FolderCourier
from licensing.canonical import digest_bytes
from tests.eventlog.crowd import Crowd
from tests.eventlog.decided import OWED, decided

ROOT = Path(__file__).parents[2]


class Counting(FolderCourier):
    """Counts deliveries, takes its time over them, and refuses the letters that it is told to."""

    def __init__(self, folder: Path, *, refuses: str | None = None) -> None:
        super().__init__(folder)
        self.delivered: Counter[str] = Counter()
        self.refuses = refuses

    def deliver(self, letter_id: str, pdf: bytes) -> None:
        if self.refuses is not None and self.refuses in letter_id:
            raise DeliveryError("the letter box is full")
        self.delivered[letter_id] += 1
        time.sleep(0.02)
        super().deliver(letter_id, pdf)


async def outcomes(dsn: str, crowd: Crowd) -> list[str]:
    """A case of each outcome; the ids of the letters that are owed then."""
    async with Recorder(dsn) as recorder:
        for number, outcome in enumerate(OWED):
            await decided(recorder, crowd, f"Z{number:06}", outcome)
    return await pending(dsn)


async def pending(dsn: str) -> list[str]:
    async with LetterBox(dsn) as box:
        return [owed.letter_id for owed in await box.pending()]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


async def test_what_is_owed_is_stored_delivered_and_marked(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    assert len(owed) == sum(len(kinds) for kinds in OWED.values())
    drained = await drain(letter_log, FolderCourier(tmp_path / "letters"))
    assert (list(drained.sent), drained.failed) == (owed, ())
    assert names(tmp_path / "letters") == sorted(f"{letter_id}.pdf" for letter_id in owed)
    async with LetterBox(letter_log) as box:
        for letter_id in owed:
            letter = await box.letter(letter_id)
            assert letter is not None
            pdf = (tmp_path / "letters" / f"{letter_id}.pdf").read_bytes()
            assert (pdf, digest_bytes(pdf)) == (letter.pdf, letter.digest)
    assert await pending(letter_log) == []
    assert (await drain(letter_log, FolderCourier(tmp_path / "letters"))).sent == ()


async def test_many_may_send_at_once(letter_log: str, crowd: Crowd, tmp_path: Path) -> None:
    owed = await outcomes(letter_log, crowd)
    courier = Counting(tmp_path)
    drained = await asyncio.gather(*(drain(letter_log, courier) for _ in range(4)))
    assert sorted(letter_id for one in drained for letter_id in one.sent) == sorted(owed)
    assert courier.delivered == Counter(owed)


async def test_one_that_cannot_be_delivered_stays_owed_and_holds_up_no_other(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    drained = await drain(letter_log, Counting(tmp_path, refuses="intent_to_deny"))
    (failure,) = drained.failed
    assert (failure.letter_id, failure.reason) == (
        "application-Z000002-6-intent_to_deny",
        "the letter box is full",
    )
    assert await pending(letter_log) == [failure.letter_id]
    assert len(drained.sent) == len(owed) - 1
    again = Counting(tmp_path)
    assert (await drain(letter_log, again)).sent == (failure.letter_id,)
    assert again.delivered == Counter([failure.letter_id])


async def test_what_is_on_record_is_sent_even_if_it_would_be_made_otherwise_today(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    earlier = b"%PDF-1.7 of an earlier template"
    async with LetterBox(letter_log) as box:
        await box.put(owed[0], rests_on="sha256:" + "0" * 64, digest=digest_bytes(earlier), pdf=earlier)
    await drain(letter_log, FolderCourier(tmp_path))
    assert (tmp_path / f"{owed[0]}.pdf").read_bytes() == earlier


@pytest.mark.parametrize("point", ["rendered", "stored", "half written", "delivered", "marked"])
async def test_a_sender_may_be_killed_at_any_point(
    letter_log: str, crowd: Crowd, tmp_path: Path, point: str
) -> None:
    owed = await outcomes(letter_log, crowd)
    sender = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.activities.dying", letter_log, str(tmp_path), point), cwd=ROOT
    )
    assert await sender.wait() == -signal.SIGKILL
    courier = Counting(tmp_path)
    async with asyncio.timeout(20):
        # The server may need a moment to notice that the connection is gone.
        while await pending(letter_log):
            await drain(letter_log, courier)
    assert courier.delivered == Counter(owed if point != "marked" else owed[1:])
    assert names(tmp_path) == sorted(f"{letter_id}.pdf" for letter_id in owed)
    async with LetterBox(letter_log) as box:
        for letter_id in owed:
            letter = await box.letter(letter_id)
            assert letter is not None
            assert letter.pdf == (tmp_path / f"{letter_id}.pdf").read_bytes()

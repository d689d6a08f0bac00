"""Every letter that is owed is sent once, whoever sends and whoever dies."""

import asyncio
import signal
import sys
from collections import Counter
from pathlib import Path

import pytest

from greenlight.eventlog.database import connection
from greenlight.eventlog.letters import LetterBox, Owed
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.canonical import digest_bytes
from greenlight.law.letter import LetterKind
from greenlight.law.officer.commands import AddKey, KeyTerm
from greenlight.letters.compose import companion, compose
from greenlight.letters.content import Step
from greenlight.letters.courier import (
    CourierAwayError,
    DeliveryError,
    Dispatch,
    FolderCourier,
    UndeliverableError,
)
from greenlight.letters.sheet import Letterhead, Sheet
from greenlight.service.letters import Checked, Drained, check, drain
from tests.addresses import as_administrator
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.decided import OWED, decided
from tests.law.actors import OFFICER
from tests.letters.text import texts_of

ROOT = Path(__file__).parents[2]
SHEET, CODE, OTHER_CODE = Sheet().record, "2KMN-F5PT-91Q1-FJQ0", "2KMN-F5PT-91Q1-FJQ1"


class Counting(FolderCourier):
    """Counts deliveries, takes its time over them, and refuses the letters that it is told to."""

    def __init__(
        self, folder: Path, *, refuses: str | None = None, refusal: type[DeliveryError] = DeliveryError
    ) -> None:
        super().__init__(folder)
        self.refusal = refusal
        self.delivered: Counter[str] = Counter()
        self.refuses = refuses

    async def deliver(self, letter: Dispatch) -> None:
        if self.refuses is not None and self.refuses in letter.letter_id:
            raise self.refusal("the letter box is full")
        self.delivered[letter.letter_id] += 1
        await asyncio.sleep(0.02)
        await super().deliver(letter)


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


async def test_the_letters_of_a_rehearsal_say_so(rehearsal_log: str, crowd: Crowd, tmp_path: Path) -> None:
    owed = await outcomes(rehearsal_log, crowd)
    drained = await drain(rehearsal_log, FolderCourier(tmp_path))
    assert (list(drained.sent), drained.failed) == (owed, ())
    for letter_id in owed:
        for text in texts_of((tmp_path / f"{letter_id}.pdf").read_bytes()):
            assert "SPECIMEN · Rehearsal: not a legal document" in text
    assert await check(rehearsal_log) == Checked(letters=len(owed), different=())


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


async def test_one_that_is_refused_for_good_waits_for_somebody_and_holds_up_no_other(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    courier = Counting(tmp_path, refuses="intent_to_deny", refusal=UndeliverableError)
    drained = await drain(letter_log, courier)
    (failure,) = drained.failed
    assert (failure.for_good, drained.given_up, len(drained.sent)) == (True, 1, len(owed) - 1)
    well = Counting(tmp_path)
    assert await drain(letter_log, well) == Drained(sent=(), failed=(), given_up=1)
    async with LetterBox(letter_log) as box:
        (told,) = [each for each in await box.unsent() if each.letter_id == failure.letter_id]
        assert (told.given_up, told.problem) == (True, "the letter box is full")
        assert not await box.retry(owed[0]), "it went out"
        assert await box.retry(failure.letter_id)
    assert await drain(letter_log, well) == Drained(sent=(failure.letter_id,), failed=(), given_up=0)
    assert well.delivered == Counter([failure.letter_id])


async def test_while_the_courier_is_away_no_other_letter_is_tried(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    drained = await drain(letter_log, Counting(tmp_path, refuses="-", refusal=CourierAwayError))
    assert [failure.letter_id for failure in drained.failed] == owed[:1]
    assert sorted((await drain(letter_log, Counting(tmp_path))).sent) == sorted(owed)


async def test_a_letter_is_made_again_on_the_paper_of_then(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    """Whatever the letterhead is today."""
    owed = await outcomes(letter_log, crowd)
    await drain(letter_log, FolderCourier(tmp_path), Letterhead(name="Office of Permits"))
    for letter_id in owed:
        assert "Office of Permits" in texts_of((tmp_path / f"{letter_id}.pdf").read_bytes())[0]
    assert await check(letter_log) == Checked(letters=len(owed), different=())


async def test_a_letter_is_found_by_the_code_on_it(letter_log: str, crowd: Crowd, tmp_path: Path) -> None:
    owed = await outcomes(letter_log, crowd)
    await drain(letter_log, FolderCourier(tmp_path))
    async with LetterBox(letter_log) as box:
        for listed in await box.of("application-Z000001"):
            assert listed.code is not None
            pdf = (tmp_path / f"{listed.letter_id}.pdf").read_bytes()
            assert all(f"Check code {listed.code}" in text for text in texts_of(pdf))
            found = await box.by_code(listed.code)
            assert found is not None
            assert (found.letter_id, found.digest) == (listed.letter_id, digest_bytes(pdf))
        assert await box.by_code(CODE) is None
        assert len(owed) == len({(await box.letter(each)) is not None and each for each in owed})


@pytest.mark.parametrize("trial", [False, True])
async def test_letters_say_where_a_key_for_trials_is_in_the_register(
    letter_log: str, crowd: Crowd, tmp_path: Path, *, trial: bool
) -> None:
    owed = await outcomes(letter_log, crowd)
    if trial:
        other = Signer(OFFICER)
        term = KeyTerm(public_key=other.key.public, development=True)
        async with Recorder(letter_log) as recorder:
            await crowd.carried_out(
                recorder, OFFICER.officer, AddKey(key=term, possession=other.possession())
            )
    await drain(letter_log, FolderCourier(tmp_path))
    for letter_id in owed:
        for text in texts_of((tmp_path / f"{letter_id}.pdf").read_bytes()):
            assert ("SPECIMEN · Signed with keys for trying things out" in text) is trial
    assert (await check(letter_log)).different == ()


class Panic(BaseException):
    """As a library in Rust ends; its words are of a filing."""


class Panicking(FolderCourier):
    async def deliver(self, letter: Dispatch) -> None:
        if "intent_to_deny" in letter.letter_id:
            raise Panic("rotary kilns for Example Networks")
        await super().deliver(letter)


async def test_whatever_one_fails_with_is_told_without_its_words_and_it_may_rest(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    drained = await drain(letter_log, Panicking(tmp_path))
    (failure,) = drained.failed
    assert len(drained.sent) == len(owed) - 1
    assert failure.reason.startswith("Panic; tests/activities/test_letters.py:")
    assert "kilns" not in failure.reason
    rested = await drain(letter_log, FolderCourier(tmp_path), resting=[failure.letter_id])
    assert (rested.sent, rested.failed) == ((), ())
    assert (await drain(letter_log, FolderCourier(tmp_path))).sent == (failure.letter_id,)


async def test_one_that_nobody_here_can_make_holds_up_no_other(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    """That of another program's extension, say."""
    owed = await outcomes(letter_log, crowd)
    async with connection(as_administrator(letter_log), application="test") as database:
        await database.execute(
            "INSERT INTO greenlight.outbox (stream, version, kind, position)"
            " VALUES ('noise-x', 1, 'permit', 0)"
        )
    drained = await drain(letter_log, FolderCourier(tmp_path))
    assert sorted(drained.sent) == sorted(owed)
    assert [failure.letter_id for failure in drained.failed] == ["noise-x-1-permit"]


async def test_what_is_on_record_is_sent_even_if_it_would_be_made_otherwise_today(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    earlier = b"%PDF-1.7 of an earlier template"
    async with LetterBox(letter_log) as box:
        await box.put(
            owed[0],
            rests_on="sha256:" + "0" * 64,
            digest=digest_bytes(earlier),
            pdf=earlier,
            sheet=SHEET,
            code=CODE,
        )
    await drain(letter_log, FolderCourier(tmp_path))
    assert (tmp_path / f"{owed[0]}.pdf").read_bytes() == earlier


async def test_letters_are_made_again_and_compared(letter_log: str, crowd: Crowd, tmp_path: Path) -> None:
    owed = await outcomes(letter_log, crowd)
    assert await check(letter_log) == Checked(letters=0, different=())
    await drain(letter_log, FolderCourier(tmp_path))
    told: list[tuple[int, int]] = []
    checked = await check(letter_log, progress=lambda done, total: told.append((done, total)))
    assert checked == Checked(letters=len(owed), different=())
    assert told == [(number, len(owed)) for number in range(1, len(owed) + 1)]
    assert (await check(letter_log, "application-Z000002")).letters == 1


async def stored(box: LetterBox, letter_id: str, rests_on: str, pdf: bytes, code: str = CODE) -> None:
    digest = digest_bytes(pdf)
    await box.put(letter_id, rests_on=rests_on, digest=digest, pdf=pdf, sheet=SHEET, code=code)


SENT = "UPDATE greenlight.outbox SET sent_at = now() WHERE letter_id = $1"


async def test_a_letter_that_its_events_do_not_lead_to_is_named(letter_log: str, crowd: Crowd) -> None:
    owed = await outcomes(letter_log, crowd)
    false, other = b"%PDF-1.7 You may export.", "sha256:" + "0" * 64
    async with LetterBox(letter_log) as box:
        step = next(letter for letter in await box.pending() if letter.letter_id == owed[0])
        await box.put(
            owed[0],
            rests_on=await rests_on(box, step),
            digest=digest_bytes(false),
            pdf=false,
            sheet=SHEET,
            code=CODE,
        )
        await box.put(
            owed[1], rests_on=other, digest=digest_bytes(false), pdf=false, sheet=SHEET, code=OTHER_CODE
        )
    async with connection(as_administrator(letter_log), application="test") as database:
        await database.execute(SENT, owed[2])
    checked = await check(letter_log)
    assert checked.letters == 3
    assert {failure.letter_id: failure.reason for failure in checked.different} == {
        owed[0]: "made again, it has other bytes",
        owed[1]: "it rests on other events than those of the log",
        owed[2]: "it was sent, and is not on record",
    }


async def rests_on(box: LetterBox, owed: Owed) -> str:
    records = await box.records(owed.stream, owed.version)
    step = Step(stream=owed.stream, version=owed.version, kind=LetterKind(owed.kind))
    other = companion(step, records)
    return compose(step, records, await box.records(other) if other else ()).rests_on


async def test_stored_bytes_that_were_changed_are_found(
    letter_log: str, crowd: Crowd, tmp_path: Path
) -> None:
    owed = await outcomes(letter_log, crowd)
    await drain(letter_log, FolderCourier(tmp_path))
    async with connection(as_administrator(letter_log), application="test") as database:
        await database.execute("ALTER TABLE greenlight.letter DISABLE TRIGGER USER")
        await database.execute("ALTER TABLE greenlight.letter DROP CONSTRAINT letter_check")
        await database.execute("UPDATE greenlight.letter SET pdf = 'x' WHERE letter_id = $1", owed[0])
    (failure,) = (await check(letter_log)).different
    assert (failure.letter_id, failure.reason) == (
        owed[0],
        "the stored bytes are not those of its digest",
    )


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

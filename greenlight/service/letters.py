"""Sending the letters that are owed, and making those again that were sent."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from greenlight.eventlog.letters import Kept, LetterBox, LetterConflictError, Owed
from greenlight.eventlog.session import LogUnavailableError
from greenlight.kernel.model import Model
from greenlight.kernel.streams import officer_stream, stream_key
from greenlight.law.officer.aggregate import OFFICER
from greenlight.letters.compose import companion, compose, recipient
from greenlight.letters.content import Letter, Records, Step
from greenlight.letters.courier import (
    Courier,
    CourierAwayError,
    DeliveryError,
    Dispatch,
    UndeliverableError,
)
from greenlight.letters.officers import Register, officers_in
from greenlight.letters.render import NO_CODE, Rendered, RenderError, render
from greenlight.letters.sheet import Letterhead, Sheet, Specimen, check_code
from greenlight.service.unforeseen import name, places

BATCH = 100


PLAIN = Letterhead()


class Failure(Model):
    """A letter that stays owed, and why; ``for_good``: until somebody does something about it."""

    letter_id: str
    reason: str
    for_good: bool = False


class Drained(Model):
    """The outcome for the letters that were owed. Those that others were just sending are in neither.
    ``given_up`` counts those that wait for somebody, of before included."""

    sent: tuple[str, ...]
    failed: tuple[Failure, ...]
    given_up: int = 0


class Checked(Model):
    """The number of letters that were made again, and those that were not as they are on record."""

    letters: int
    different: tuple[Failure, ...]


Progress = Callable[[int, int], None]
"""Told how many letters were compared, and how many there are."""


async def drain(
    dsn: str,
    courier: Courier,
    letterhead: Letterhead = PLAIN,
    *,
    resting: Sequence[str] = (),
    limit: int = BATCH,
) -> Drained:
    """Make and deliver what is owed, but for those letters that are ``resting``. Any number may do this at
    once, and be killed at any point.

    A letter is on record before it is delivered, so that another try delivers the same bytes, whatever has
    become of templates and fonts meanwhile; and it is marked as sent after it was delivered, so that none is
    lost. A letter that was delivered and not marked is delivered again under the same id.

    :raises LogUnavailableError: try again.
    """
    sent: list[str] = []
    failed: list[Failure] = []
    async with LetterBox(dsn) as box:
        for owed in await box.pending(limit, but=resting):
            async with box.claim(owed.letter_id) as claimed:
                if not claimed:
                    continue
                try:
                    await _send(box, courier, owed, letterhead)
                    sent.append(owed.letter_id)
                except (LogUnavailableError, asyncio.CancelledError, KeyboardInterrupt, SystemExit):
                    raise
                except BaseException as error:  # noqa: BLE001 - typst, in Rust, ends by no Exception.
                    # One letter that cannot be sent must not hold up the others, whatever is wrong with it.
                    failure = _failure(owed.letter_id, error)
                    failed.append(failure)
                    await box.failed(failure.letter_id, failure.reason, for_good=failure.for_good)
                    if isinstance(error, CourierAwayError):
                        break
        given_up = await box.given_up()
    return Drained(sent=tuple(sent), failed=tuple(failed), given_up=given_up)


def _failure(letter_id: str, error: BaseException) -> Failure:
    for_good = isinstance(error, UndeliverableError)
    return Failure(letter_id=letter_id, reason=_reason(error), for_good=for_good)


def _reason(error: BaseException) -> str:
    """An error without the words of a filing, which all but these may quote."""
    if isinstance(error, DeliveryError | LetterConflictError):
        return str(error)
    return "; ".join((name(error), *places(error)))


async def _send(box: LetterBox, courier: Courier, owed: Owed, letterhead: Letterhead) -> None:
    basis = await _basis(box, owed)
    stored = await box.letter(owed.letter_id)
    pdf = stored.pdf if stored else await _make(box, basis, letterhead)
    mailbox = await _mailbox(box, basis)
    letter = Dispatch(owed.letter_id, pdf, about=stream_key(owed.stream), mailbox=mailbox)
    await courier.deliver(letter)
    await box.mark_sent(owed.letter_id)


async def _make(box: LetterBox, basis: "_Basis", letterhead: Letterhead) -> bytes:
    """The letter, made from its events and put on record, with its paper and code."""
    letter = basis.letter()
    sheet = Sheet(letterhead=letterhead, specimen=await _specimen(box), annex=True)
    code = check_code(await box.secret(), letter.letter_id, letter.rests_on)
    rendered = await asyncio.to_thread(render, letter, sheet, code)
    await box.put(
        rendered.letter_id,
        rests_on=rendered.rests_on,
        digest=rendered.digest,
        pdf=rendered.pdf,
        sheet=sheet.record,
        code=code,
    )
    return rendered.pdf


async def _specimen(box: LetterBox) -> Specimen | None:
    if await box.rehearsal():
        return Specimen.REHEARSAL
    return Specimen.DEVELOPMENT if await box.development() else None


@dataclass(frozen=True, slots=True)
class _Basis:
    """The records that a letter is made from."""

    step: Step
    records: Records
    others: Records
    register: Register

    def letter(self) -> Letter:
        return compose(self.step, self.records, self.others, self.register)


async def _basis(box: LetterBox, owed: Owed | Kept) -> _Basis:
    step = Step(stream=owed.stream, version=owed.version, kind=owed.kind)
    records = await box.records(step.stream, step.version)
    other = companion(step, records)
    others = await box.records(other) if other else ()
    whose = recipient(step, records, others)
    named = officers_in((*records, *others)).union([whose] if whose else [])
    register = await box.register(named, owed.position)
    return _Basis(step, records, others, register)


async def _mailbox(box: LetterBox, basis: _Basis) -> str | None:
    """The address to which the recipient's letters go now, whenever the letter was made."""
    officer = recipient(basis.step, basis.records, basis.others)
    if officer is None:
        return None
    state = OFFICER.replay(None, await box.records(officer_stream(officer)))
    return state.particulars.email if state and state.particulars else None


async def check(dsn: str, stream: str | None = None, progress: Progress | None = None) -> Checked:
    """Make every letter again that was made or sent, of a case or of all, and compare the two.

    A letter of an earlier version's template differs as well: make it again with that version.

    :raises LogUnavailableError: try again.
    """
    letters = 0
    different: list[Failure] = []
    async with LetterBox(dsn) as box:
        total = await box.how_many(stream)
        async for kept in box.kept(stream):
            letters += 1
            reason = await _difference(box, kept)
            if reason is not None:
                different.append(Failure(letter_id=kept.letter_id, reason=reason))
            if progress is not None:
                progress(letters, max(letters, total))
    return Checked(letters=letters, different=tuple(different))


async def one_again(box: LetterBox, letter_id: str) -> str | None:
    """Make one letter again that is on record; say why it is not the one that its events lead to, if so."""
    kept = await box.one_kept(letter_id)
    return "it is not on record" if kept is None else await _difference(box, kept)


async def _again(box: LetterBox, kept: Kept) -> Rendered:
    """The letter on the paper on which it was made."""
    letter = (await _basis(box, kept)).letter()
    if kept.sheet is None:
        return await asyncio.to_thread(render, letter, Sheet(specimen=await _specimen(box)), NO_CODE)
    code = check_code(await box.secret(), letter.letter_id, letter.rests_on)
    return await asyncio.to_thread(render, letter, Sheet.model_validate_json(kept.sheet), code)


async def _difference(box: LetterBox, kept: Kept) -> str | None:
    """Say why a letter is not the one that its events lead to, if so."""
    if kept.digest is None:
        return "it was sent, and is not on record"
    if kept.of_pdf != kept.digest:
        return "the stored bytes are not those of its digest"
    try:
        rendered = await _again(box, kept)
    except (ValueError, RenderError) as error:
        return f"it cannot be made again: {error}"
    if rendered.rests_on != kept.rests_on:
        return "it rests on other events than those of the log"
    return None if rendered.digest == kept.digest else "made again, it has other bytes"

"""Sending the letters that are owed, each exactly once, and making those again that were sent."""

import asyncio
from collections.abc import Callable

from greenlight.eventlog.letters import Kept, LetterBox, LetterConflictError, Owed
from greenlight.kernel.model import Model
from greenlight.letters.compose import companion, compose
from greenlight.letters.content import Step
from greenlight.letters.courier import Courier, DeliveryError
from greenlight.letters.render import Rendered, RenderError, render

BATCH = 100


class Failure(Model):
    """A letter that stays owed, and why."""

    letter_id: str
    reason: str


class Drained(Model):
    """The outcome for the letters that were owed. Those that others were just sending are in neither."""

    sent: tuple[str, ...]
    failed: tuple[Failure, ...]


class Checked(Model):
    """The number of letters that were made again, and those that were not as they are on record."""

    letters: int
    different: tuple[Failure, ...]


Progress = Callable[[int, int], None]
"""Told how many letters were compared, and how many there are."""


async def drain(dsn: str, courier: Courier, *, limit: int = BATCH) -> Drained:
    """Make and deliver what is owed. Any number may do this at once, and be killed at any point.

    A letter is on record before it is delivered, so that another try delivers the same bytes, whatever has
    become of templates and fonts meanwhile; and it is marked as sent after it was delivered, so that none is
    lost. A letter that was delivered and not marked is delivered again under the same id.

    :raises LogUnavailableError: try again.
    """
    sent: list[str] = []
    failed: list[Failure] = []
    async with LetterBox(dsn) as box:
        for owed in await box.pending(limit):
            async with box.claim(owed.letter_id) as claimed:
                if not claimed:
                    continue
                try:
                    await _send(box, courier, owed)
                    sent.append(owed.letter_id)
                except (ValueError, RenderError, LetterConflictError, DeliveryError) as error:
                    # One letter that cannot be sent must not hold up the others.
                    failed.append(Failure(letter_id=owed.letter_id, reason=str(error)))
    return Drained(sent=tuple(sent), failed=tuple(failed))


async def _send(box: LetterBox, courier: Courier, owed: Owed) -> None:
    stored = await box.letter(owed.letter_id)
    pdf = stored.pdf if stored else await _make(box, owed)
    await asyncio.to_thread(courier.deliver, owed.letter_id, pdf)
    await box.mark_sent(owed.letter_id)


async def _make(box: LetterBox, owed: Owed) -> bytes:
    """The letter, made from its events and put on record."""
    rendered = await _rendered(box, Step(stream=owed.stream, version=owed.version, kind=owed.kind))
    await box.put(rendered.letter_id, rests_on=rendered.rests_on, digest=rendered.digest, pdf=rendered.pdf)
    return rendered.pdf


async def _rendered(box: LetterBox, step: Step) -> Rendered:
    records = await box.records(step.stream, step.version)
    other = companion(step, records)
    others = await box.records(other) if other else ()
    rehearsal = await box.rehearsal()
    return await asyncio.to_thread(lambda: render(compose(step, records, others), rehearsal=rehearsal))


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


async def _difference(box: LetterBox, kept: Kept) -> str | None:
    """Say why a letter is not the one that its events lead to, if so."""
    if kept.digest is None:
        return "it was sent, and is not on record"
    if kept.of_pdf != kept.digest:
        return "the stored bytes are not those of its digest"
    try:
        step = Step(stream=kept.stream, version=kept.version, kind=kept.kind)
        rendered = await _rendered(box, step)
    except (ValueError, RenderError) as error:
        return f"it cannot be made again: {error}"
    if rendered.rests_on != kept.rests_on:
        return "it rests on other events than those of the log"
    return None if rendered.digest == kept.digest else "made again, it has other bytes"

"""Sending the letters that are owed, each exactly once."""

import asyncio

from eventlog.letters import LetterBox, LetterConflictError, Owed
from letters.compose import NoLetterError, companion, compose
from letters.content import Kind, Step
from letters.courier import Courier, DeliveryError
from letters.render import RenderError, render
from licensing.model import Model

BATCH = 100


class Failure(Model):
    """A letter that stays owed, and why."""

    letter_id: str
    reason: str


class Drained(Model):
    """What came of the letters that were owed. Those that others were just sending are in neither."""

    sent: tuple[str, ...]
    failed: tuple[Failure, ...]


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
                except (NoLetterError, RenderError, LetterConflictError, DeliveryError) as error:
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
    step = Step(stream=owed.stream, version=owed.version, kind=Kind(owed.kind))
    records = await box.records(owed.stream, owed.version)
    other = companion(step, records)
    others = await box.records(other) if other else ()
    rendered = await asyncio.to_thread(lambda: render(compose(step, records, others)))
    await box.put(rendered.letter_id, rests_on=rendered.rests_on, digest=rendered.digest, pdf=rendered.pdf)
    return rendered.pdf

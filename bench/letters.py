"""Letters from events to PDF, no two alike, once the fonts are loaded."""

import statistics
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from bench.cases import APPLICATION
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Outcome
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.events import ApplicationSubmitted, RecommendationMade
from greenlight.law.letter import LetterKind
from greenlight.letters.compose import compose
from greenlight.letters.content import Step
from greenlight.letters.render import render

LETTERS = 50
WARM_UP = 5
AT = datetime(2026, 9, 1, 14, tzinfo=UTC)
BY = Actor(officer="olga", person="p-olga", organisation="bis", role=Role.LICENSING_OFFICER)
REASONS = "The end user is listed. "


def measure() -> dict[str, float]:
    """Milliseconds for a notice of intent to deny of two pages, the median."""
    return {"letter_ms": statistics.median([_letter(number) for number in range(LETTERS)][WARM_UP:])}


def _letter(number: int) -> float:
    acn = f"A{number:06}"
    records = _records(acn)
    step = Step(stream=application_stream(acn), version=len(records), kind=LetterKind.INTENT_TO_DENY)
    began = time.perf_counter()
    render(compose(step, records))
    return (time.perf_counter() - began) * 1000


def _records(acn: str) -> tuple[str, ...]:
    reasons = f"{REASONS * 20}This is about {acn}."
    events: Sequence[ApplicationSubmitted | RecommendationMade | IntentToDenyIssued] = (
        ApplicationSubmitted(at=AT, by=BY, acn=acn, application=APPLICATION),
        RecommendationMade(
            at=AT, by=BY, outcome=Outcome.DENY, reasons=reasons, lines=(), conditions=(), riders=()
        ),
        IntentToDenyIssued(at=AT, reasons=reasons),
    )
    return tuple(event.record() for event in events)

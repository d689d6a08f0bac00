"""Attestations in short: days in Washington, `2025-11-10` or `11-10` of 2025."""

from datetime import date, datetime

from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.rule.acts import Act, ActKind, Attestation, Certainty
from greenlight.law.rule.standing import Standing, Timeline


def day(text: str) -> date:
    return date.fromisoformat(text if len(text) > 5 else f"2025-{text}")


def at(text: str) -> datetime:
    """The start of a day in Washington."""
    return start_of_day(day(text))


def act(kind: str, effective: str, *, through: str | None = None, citation: str | None = None) -> Act:
    return Act(
        kind=ActKind(kind),
        citation=citation or f"{kind} of {effective}",
        effective=at(effective),
        valid_through=day(through) if through else None,
        certainty=Certainty.SECOND_HAND,
        text="As attested.",
    )


def attested(number: int, known: str, said: Act | None, corrects: int | None = None) -> Attestation:
    return Attestation(number=number, act=said, known=at(known), corrects=corrects)


def on(timeline: Timeline, day: str, known: str | None = None) -> str:
    """The readings at the start of a day, as known at the start of another."""
    found: Standing = timeline.at(at(day), at(known) if known else None)
    return " or ".join(each.force.value for each in found.readings)


ADOPTED = attested(1, "09-29", act("adopted", "09-29", citation="90 FR 47201"))
SUSPENDED = attested(2, "11-10", act("suspended", "11-10", through="2026-11-09", citation="90 FR 50857"))

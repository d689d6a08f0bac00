"""Every event is what its record says, and nothing else."""

import json
from typing import get_args

import pytest
from pydantic import ValidationError

from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.canonical import canonical
from greenlight.kernel.commit import Event
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import ApplicationEvent
from greenlight.law.application.screening.resolution import ResolutionLapsed
from greenlight.law.directive.scope import Posture
from tests.law.actors import OFFICER
from tests.law.application.cases import ALIKE, BEGIN, LET, NOTED, WAIT, in_review, possibly_listed
from tests.law.application.directives import PRESUME, directive, held_against, meant_for
from tests.law.application.stories import EXISTING

REFUSED = CommandRefused(
    at=BEGIN,
    by=OFFICER,
    command="countersign",
    command_id="command-0001",
    code=RefusalCode.WRONG_STAGE,
    message="countersign is not possible at stage review",
)
FROZEN = held_against(in_review(), directive(Posture.HOLD))
SAMPLES: dict[str, Event] = {
    type(event).__name__: event for story in EXISTING.values() for event in story().events
} | {
    "CaseFrozen": FROZEN.events[-1],
    "CommandRefused": REFUSED,
    "DirectiveApplied": meant_for(in_review(), directive(PRESUME))[0],
    "ExpediteGranted": in_review().to_be_expedited().after(LET).events[-1],
    "ExpediteRefused": in_review().to_be_expedited().after(WAIT).events[-1],
    "AnswerFlipped": in_review().flipped().events[-1],
    "FlipNoted": in_review().flipped().after(NOTED).events[-1],
    "FreezeLapsed": FROZEN.later(days=31).advanced().events[-1],
    "FreezeLifted": held_against(FROZEN).events[-1],
    "MatchConfirmed": possibly_listed().resolved().confirmed().events[-1],
    "ResolutionLapsed": ResolutionLapsed(at=BEGIN, listing=ALIKE.listing, pair=ALIKE.pair or ""),
}


def test_there_is_a_sample_of_every_event() -> None:
    kinds = {kind.__name__ for kind in get_args(ApplicationEvent)}
    assert set(SAMPLES) == kinds | {"CommandRefused"}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_an_event_round_trips_through_its_record(name: str) -> None:
    event = SAMPLES[name]
    record = event.record()
    again = APPLICATION.read(record)
    assert again == event
    assert type(again) is type(event)
    assert again.record() == record
    assert canonical(json.loads(record)).decode() == record
    assert json.loads(record)["type"] == name


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_record_is_written_strictly(name: str) -> None:
    """Read it is past what a newer release may know."""
    event = SAMPLES[name]
    fields = {**json.loads(event.record()), "surprise": 1}
    with pytest.raises(ValidationError, match="surprise"):
        type(event).model_validate(fields)
    assert APPLICATION.read(json.dumps(fields)) == event


def test_a_record_of_no_known_event_is_not_read() -> None:
    with pytest.raises(UnreadableError, match="ApplicationMislaid"):
        APPLICATION.read('{"type":"ApplicationMislaid","at":"2026-09-01T14:00:00Z"}')

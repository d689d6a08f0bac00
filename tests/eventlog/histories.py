"""Cases lived through at random and recorded as the service records them, refusals included."""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import COMMANDS, Submit
from greenlight.law.application.flip.commands import RecordFlip
from greenlight.law.application.needs import (
    LicenseNumber,
    RememberedOf,
)
from greenlight.law.application.screening.language import Resolution
from greenlight.law.application.state import ApplicationState, Stage, dossier_digest
from greenlight.law.contract import permitted
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.moment.events import MomentCame
from greenlight.law.moment.state import key_of
from greenlight.law.outlook.come import because
from greenlight.law.outlook.coming import Coming, entry
from tests.eventlog.crowd import NOW, Crowd, Signer
from tests.law.application.cases import FACTS, NAMES, Case
from tests.law.application.stories import bodies
from tests.law.decisions import Told, told

PERMITTED = permitted()
DECISIONS = decisions(COMMANDS)

STEPS = 12

FORWARD = {
    None: "submit",
    Stage.TRIAGE: "record_screening",
    Stage.REVIEW: "recommend",
    Stage.AWAITING_ANSWER: "answer",
    Stage.COUNTERSIGNATURE: "countersign",
    Stage.SIGN_OFF: "sign_off",
}
"""What brings a case nearer to its end."""

SENT = [
    name
    for name in NAMES
    if name not in PERMITTED or PERMITTED[name] <= {m.actor.role for m in Crowd().members}
]
"""Commands of those who are in the crowd, and of the service."""


@dataclass(frozen=True, slots=True)
class Story:
    """A case so far."""

    acn: str
    state: ApplicationState | None = None
    version: int = 0
    now: datetime = NOW

    async def told(self, recorder: Recorder, events: tuple[Event, ...], proof: Proof | None) -> "Story":
        """The case after ``events``, which are on record then."""
        state = self.state
        for event in events:
            state = APPLICATION.apply(state, event)
        version = self.version + len(events)
        append = Append(
            stream=application_stream(self.acn),
            expected_version=self.version,
            events=tuple(event.record() for event in events),
            view=APPLICATION.view(state, version) if state else None,
        )
        others = APPLICATION.consequences(state, events) if state else ()
        refuses = isinstance(events[-1], CommandRefused)
        said = await recorder.record(Commit(proof=proof, appends=(append, *others), refuses=refuses))
        assert (said.status, said.version) == ("recorded", version), said
        return replace(self, state=state, version=version)

    async def sent(
        self,
        recorder: Recorder,
        crowd: Crowd,
        name: str,
        body: Body,
        remembered: tuple[Resolution, ...] = (),
        by: Signer | None = None,
    ) -> "Story":
        """The case after a command, accepted or refused. Every case has a transaction of its own."""
        if isinstance(body, Submit):
            application = body.application.model_copy(update={"reference": self.acn})
            body = body.model_copy(update={"application": application})
        if isinstance(body, RecordFlip):
            body = body.model_copy(update={"instant": self.now, "because": because((entered(self.now),))})
        sender = by or (crowd.of(next(iter(PERMITTED[name]))) if name in PERMITTED else None)
        dossier = dossier_digest(self.state) if self.state and name in DECISIONS else None
        command = Command(
            key=self.acn,
            body=body,
            by=sender.actor if sender else None,
            dossier=dossier,
            facts=Told(by_type={**FACTS, RememberedOf: remembered}).without(LicenseNumber),
        )
        decision = APPLICATION.decide(self.state, command, self.now)
        if isinstance(decision, LicenseNumber):
            command = told(command, {LicenseNumber: await recorder.reserve_license_number(self.acn)})
            decision = APPLICATION.decide(self.state, command, self.now)
        assert not isinstance(decision, Need)
        if sender is None:
            if isinstance(decision, Refusal):
                return self
            if isinstance(body, RecordFlip):
                await come(recorder, body.instant)
            return await self.told(recorder, decision, None)
        content = body.model_dump(mode="json")
        claims = sender.claims(application_stream(self.acn), name, content, dossier=dossier)
        if isinstance(decision, Refusal):
            decision = (
                CommandRefused(
                    at=self.now,
                    by=claims.actor,
                    command=name,
                    command_id=claims.jti,
                    code=decision.code,
                    message=decision.message,
                ),
            )
        return await self.told(recorder, decision, sender.proof(claims))


async def live(recorder: Recorder, crowd: Crowd, acn: str, seed: int) -> Story:
    """One case with whatever ``seed`` makes of it, days apart; a license that comes of it expires."""
    chance = random.Random(seed)
    story = Story(acn)
    for _ in range(STEPS):
        story = replace(story, now=story.now + timedelta(days=chance.uniform(0, 5)))
        if due := APPLICATION.advance(story.state, story.now):
            story = await story.told(recorder, due, None)
        forward = FORWARD.get(story.state.stage if story.state else None)
        name = forward if forward and chance.random() < 0.7 else chance.choice(SENT)
        possible = bodies(name, Case(state=story.state, now=story.now))
        if possible:
            story = await story.sent(recorder, crowd, name, chance.choice(possible))
    if story.state and story.state.license_number:
        await expire(recorder, story.state.license_number)
    return story


def entered(at: datetime) -> Coming:
    """The thing that came at an instant of a life."""
    return entry("skerry", at, "91 FR 1", counts=True)


async def come(recorder: Recorder, instant: datetime) -> None:
    """Put on record that an instant has come, before an answer becomes another one by it."""
    event = MomentCame(at=instant, instant=instant, coming=(entered(instant),), pending=1)
    append = Append(
        stream=MOMENT.stream(key_of(instant)),
        expected_version=0,
        events=(event.record(),),
        view=MOMENT.view(MOMENT.evolve(None, event), 1),
    )
    assert (await recorder.record(Commit(proof=None, appends=(append,)))).status == "recorded"


async def expire(recorder: Recorder, number: str) -> None:
    page = await recorder.read_stream(license_stream(number))
    state = LICENSE.replay(None, page.records)
    events = LICENSE.advance(state, NOW + timedelta(days=3_000))
    for event in events:
        state = LICENSE.apply(state, event)
    assert state is not None
    append = Append(
        stream=license_stream(number),
        expected_version=len(page.records),
        events=tuple(event.record() for event in events),
        view=LICENSE.view(state, len(page.records) + len(events)),
    )
    assert (await recorder.record(Commit(proof=None, appends=(append,)))).status == "recorded"

"""Batches in the log, recorded as the service records them."""

from dataclasses import dataclass, replace
from datetime import timedelta

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.authority import Claims
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof, Recorded
from greenlight.kernel.inclusion import Inclusion, Leaf, case_command_id, inclusion
from greenlight.kernel.model import JsonObject
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.streams import application_stream, batch_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, SignOff
from greenlight.law.application.needs import LicenseNumber
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.commands import OpenBatch, SettleCases, SignBatch
from greenlight.law.batch.delivery import Delivery
from greenlight.law.batch.prepare import leaf
from greenlight.law.batch.state import BatchState, dossier_digest
from tests.eventlog.crowd import NOW, Crowd, Signer
from tests.eventlog.decided import BEGINNING
from tests.eventlog.histories import Story
from tests.law.application.cases import DENY, GRANT


async def at_sign_off(recorder: Recorder, crowd: Crowd, acn: str, *, deny: bool = False) -> Story:
    """A case that waits for the executive."""
    story = Story(acn)
    for name, body in (
        *BEGINNING,
        ("recommend", DENY if deny else GRANT),
        ("countersign", Countersign(agrees=True)),
    ):
        story = await story.sent(recorder, crowd, name, body)
    return story


@dataclass
class Lot:
    """A batch over cases, and the proof by which it was signed."""

    recorder: Recorder
    crowd: Crowd
    cases: tuple[Story, ...]
    key: str = "spring"
    state: BatchState | None = None
    version: int = 0
    proof: Proof | None = None

    @property
    def stream(self) -> str:
        return batch_stream(self.key)

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        found = [leaf(case.state) for case in self.cases if case.state]
        return tuple(each for each in found if each)

    @property
    def claims(self) -> Claims:
        assert self.proof is not None, "it is signed"
        return self.proof.claims

    async def told(self, events: tuple[Event, ...], proof: Proof | None) -> Recorded:
        state = self.state
        for event in events:
            state = BATCH.apply(state, event)
        assert state is not None, "events lead to a state"
        append = Append(
            stream=self.stream,
            expected_version=self.version,
            events=tuple(event.record() for event in events),
            view=BATCH.view(state, self.version + len(events)),
        )
        said = await self.recorder.record(Commit(proof=proof, appends=(append,)))
        if said.status == "recorded":
            self.state, self.version = state, said.version
        return said

    async def sent(self, name: str, body: Body, by: Signer, **claims: object) -> Proof:
        dossier = dossier_digest(self.state) if self.state and name == "sign_batch" else None
        command = Command(key=self.key, body=body, by=by.actor, dossier=dossier)
        decision = BATCH.decide(self.state, command, NOW)
        assert not isinstance(decision, Refusal | Need), decision
        content: JsonObject = body.model_dump(mode="json")
        proof = by.proof(by.claims(self.stream, name, content, dossier=dossier, **claims))
        said = await self.told(decision, proof)
        assert said.status == "recorded", said
        return proof

    async def opened(self) -> "Lot":
        await self.sent("open_batch", OpenBatch(title="Spring", leaves=self.leaves), self.crowd.officer)
        return self

    async def signed(self, **claims: object) -> "Lot":
        assert self.state is not None, "it is open"
        body = SignBatch.model_validate(self.state.signed.model_dump())
        self.proof = await self.sent("sign_batch", body, self.crowd.executive, **claims)
        return self

    def included(self, index: int) -> Inclusion:
        assert self.state is not None, "it is open"
        return inclusion(self.stream, self.state.leaves, index)

    async def decision(self, index: int, included: Inclusion | None = None) -> Commit:
        """What decides the case at ``index``, as the desk would commit it."""
        return await decided(
            self.recorder,
            self.cases[index],
            Proof(
                token=self.proof.token if self.proof else "",
                claims=self.claims,
                inclusion=included or self.included(index),
            ),
        )

    async def settled(self, *deliveries: Delivery) -> Recorded:
        command: Command[Body] = Command(key=self.key, body=SettleCases(deliveries=deliveries), by=None)
        decision = BATCH.decide(self.state, command, NOW)
        assert not isinstance(decision, Refusal | Need), decision
        return await self.told(decision, None)

    def delivery(self, index: int, code: str | None = None) -> Delivery:
        stream = self.leaves[index].stream
        return Delivery(case=stream, command_id=case_command_id(self.claims.jti, stream), code=code)


async def decided(recorder: Recorder, case: Story, proof: Proof) -> Commit:
    """The commit of an approval on this proof. Whether the proof holds, the log is to say."""
    assert proof.inclusion is not None, "that of a batch"
    assert case.state is not None, "it was submitted"
    command: Command[Body] = Command(
        key=case.acn,
        body=SignOff(approves=True),
        by=proof.claims.actor,
        dossier=proof.inclusion.dossier,
        inclusion=proof.inclusion,
    )
    number = await recorder.reserve_license_number(application_stream(case.acn))
    command = command.knowing(LicenseNumber(case.acn), number)
    # Whatever is wrong with the inclusion, the law is to let it pass.
    held = leaf(case.state)
    assert held is not None, "it waits for the executive"
    lawful = proof.inclusion.model_copy(update={"outcome": held.outcome})
    decision = APPLICATION.decide(
        case.state, replace(command, dossier=held.dossier, inclusion=lawful), case.now + timedelta(minutes=1)
    )
    assert not isinstance(decision, Refusal | Need), decision
    first = decision[0].model_copy(update={"inclusion": proof.inclusion})
    events, state = (first, *decision[1:]), case.state
    for event in events:
        state = APPLICATION.evolve(state, event)
    append = Append(
        stream=application_stream(case.acn),
        expected_version=case.version,
        events=tuple(event.record() for event in events),
        view=APPLICATION.view(state, case.version + len(events)),
    )
    return Commit(proof=proof, appends=(append, *APPLICATION.consequences(state, events)))

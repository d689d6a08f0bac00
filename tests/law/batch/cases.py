"""Batches as tests need them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.inclusion import Leaf, LeafOutcome, case_command_id, signed_root
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.commands import DiscardBatch, OpenBatch, SettleCases, SignBatch
from greenlight.law.batch.delivery import Delivery
from greenlight.law.batch.state import BatchState, dossier_digest
from tests.law.actors import EXECUTIVE, OFFICER

NOW = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
KEY = "spring"
JTI = "sign-spring-1"


def leaf(number: int, outcome: LeafOutcome = "grant") -> Leaf:
    return Leaf(stream=f"application-A{number:06}", dossier=digest({"case": number}), outcome=outcome)


def leaves(count: int) -> tuple[Leaf, ...]:
    return tuple(leaf(number, "deny" if number % 5 == 0 else "grant") for number in range(1, count + 1))


def opening(count: int = 3) -> OpenBatch:
    return OpenBatch(title="Spring cases", leaves=leaves(count))


def signing(of: Sequence[Leaf]) -> SignBatch:
    return SignBatch.model_validate(signed_root(of).model_dump())


def delivery(number: int, code: str | None = None) -> Delivery:
    stream = f"application-A{number:06}"
    return Delivery(case=stream, command_id=case_command_id(JTI, stream), code=code)


NAMES: dict[type[Body], str] = {
    OpenBatch: "open_batch",
    SignBatch: "sign_batch",
    DiscardBatch: "discard_batch",
    SettleCases: "settle_cases",
}


class Batch:
    """A batch so far, with commands from whoever may send them."""

    def __init__(self, *events: Event) -> None:
        self.events: list[Event] = []
        self.state: BatchState | None = None
        self.now = NOW
        self.add(events)

    def add(self, events: Sequence[Event]) -> None:
        for event in events:
            # As it is read back from the log.
            self.state = BATCH.apply(self.state, BATCH.read(event.record()))
            self.events.append(event)

    @property
    def dossier(self) -> str | None:
        return dossier_digest(self.state) if self.state else None

    def command(self, body: Body) -> Command[Body]:
        """As whoever may send it sends it."""
        name = NAMES[type(body)]
        by = {"open_batch": OFFICER, "settle_cases": None}.get(name, EXECUTIVE)
        return Command(key=KEY, body=body, by=by, dossier=self.dossier)

    def asked(self, body: Body, by: Actor | None = None) -> Decision:
        command = self.command(body)
        return self.decides(command if by is None else replace(command, by=by))

    def decides(self, command: Command[Body]) -> Decision:
        return BATCH.decide(self.state, command, self.now)

    def after(self, *bodies: Body) -> "Batch":
        for body in bodies:
            self.now += timedelta(minutes=1)
            decision = self.asked(body)
            assert not isinstance(decision, Refusal | Need), decision
            self.add(decision)
        return self


def prepared(count: int = 3) -> Batch:
    return Batch().after(opening(count))


def delivering(count: int = 3) -> Batch:
    return prepared(count).after(signing(leaves(count)))


def delivered() -> Batch:
    return delivering(1).after(SettleCases(deliveries=(delivery(1),)))


def discarded() -> Batch:
    return prepared().after(DiscardBatch(reasons="Another one is better."))

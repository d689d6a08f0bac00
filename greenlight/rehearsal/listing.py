"""The entry on the list and its reprieve, as they were: who was listed when, what was known, how it ended.

What a policy decides is not planned: the service does that by itself, from these facts and its own docket.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from greenlight.kernel.body import Body
from greenlight.kernel.streams import entity_stream, reprieve_stream
from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.entity.commands import AmendListing, CastVote
from greenlight.law.entity.committee import SEATS, Vote
from greenlight.law.reprieve.commands import (
    AddEntities,
    EndReprieve,
    OpenReprieve,
    RecordPublication,
    SubmitEvidence,
    TermOrder,
)
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.law.terms.deciding import KnownFact
from greenlight.reference.entities import amendments, opening
from greenlight.reference.reprieves import ReprieveFile, entities
from greenlight.rehearsal.driver import Driver
from greenlight.rehearsal.step import Action, Signers, Step
from greenlight.screening.book import ListingBook

ENTITY = "huawei-technologies"
"""As the list that parties are held against has it: the record speaks in the place of that entry."""
_FROM_THE_LOG = frozenset({"applications_received", "applications_pending"})
_AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Listed:
    """An entry and its reprieve, decided by ``policy``."""

    book: ListingBook
    history: ReprieveFile
    policy: Policy
    signers: Signers

    def plan(self, driver: Driver) -> None:
        """Put on the agenda what people did and knew, from the driver's first instant to the end."""
        driver.plan(driver.now, self._list)
        for amendment in amendments(self.book):
            at = amendment.effective
            if at is not None and driver.now < at <= self.ends:
                driver.plan(at, self._moved(_now(amendment)))
        driver.plan(start_of_day(self.history.terms[0].effective), self._open)
        for at, officer, body in self._acts():
            driver.plan(at, self._by(officer, reprieve_stream(self.history.key), body))

    @property
    def ends(self) -> datetime:
        assert self.history.end is not None, "the reprieve of 2019 has ended"
        return start_of_day(self.history.end.effective) + _AN_HOUR

    async def _list(self, step: Step) -> None:
        client = step.client(self.signers["vera"])
        await client.list_entity(ENTITY, opening(self.book), command_id=step.command_id())
        await self._carry(step)

    def _moved(self, amendment: AmendListing) -> Action:
        async def act(step: Step) -> None:
            await step.decide(self.signers["vera"], entity_stream(ENTITY), amendment)
            await self._carry(step)

        return act

    async def _carry(self, step: Step) -> None:
        """The majority that an addition or an amendment takes, one department after the other."""
        for seat in SEATS[:3]:
            await step.decide(self.signers[seat], entity_stream(ENTITY), CastVote(vote=Vote.APPROVE))

    async def _open(self, step: Step) -> None:
        first = self.history.terms[0]
        order = TermOrder(
            effective=start_of_day(first.effective),
            valid_through=first.valid_through,
            scope=self.history.scopes[first.scope],
            entities=entities(first, self.book),
            reason=first.reason,
        )
        decides = OpenReprieve(title=self.history.title, policy=as_evidence(self.policy), term=order)
        await step.open_reprieve(self.signers["vera"], self.history.key, decides)

    def _acts(self) -> Iterator[tuple[datetime, str, Body]]:
        """Place what the clock must find done an hour before its day, all else an hour after it began."""
        policy, end = as_evidence(self.policy), self.history.end
        assert end is not None, "the reprieve of 2019 has ended"
        first, second = self.history.terms[:2]
        joined = AddEntities(
            entities=entities(second, self.book) - entities(first, self.book),
            effective=start_of_day(second.effective),
            running_terms=False,
            reasons="Listed",
            citation=second.listed_by[-1],
            published=start_of_day(second.published),
        )
        yield start_of_day(second.effective) - _AN_HOUR, "vera", joined
        for term in self.history.terms:
            published = start_of_day(term.published)
            printed = RecordPublication(term=term.number, citation=term.citation, published=published)
            yield published + _AN_HOUR, "olga", printed
        for fact in self.history.facts:
            if policy.origins[fact.name] is Origin.EVIDENCE:
                known = KnownFact(name=fact.name, value=fact.value, source=fact.source)
                yield (
                    max(start_of_day(fact.known) - _AN_HOUR, start_of_day(first.effective) + _AN_HOUR),
                    "defense",
                    SubmitEvidence(fact=known, statement=fact.source),
                )
        ending = EndReprieve(reasons=end.reason, citation=end.citation, published=start_of_day(end.published))
        yield self.ends, "vera", ending

    def _by(self, officer: str, stream: str, body: Body) -> Action:
        async def act(step: Step) -> None:
            await step.decide(self.signers[officer], stream, body)

        return act


def as_evidence(policy: Policy) -> Policy:
    """The policy with what the log does not tell, such as comments, as evidence that is submitted."""
    origins = {
        name: Origin.EVIDENCE if origin is Origin.GATHERED and name not in _FROM_THE_LOG else origin
        for name, origin in policy.origins.items()
    }
    # A directive that is gathered counts as long as it stands; here it is submitted once.
    return policy.model_copy(update={"origins": origins, "evidence_days": 1_000})


def _now(amendment: AmendListing) -> AmendListing:
    """Decided at the instant from which it counts."""
    return amendment.model_copy(update={"effective": None})

"""The docket of 2019-2020 as a rehearsal: from the listing on, with made-up applications.

Nobody decides anything until the executive gives the green light by a directive; then one signature decides
many cases. What each application is to come to is its fate; the courses below lead there by the law.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from greenlight.eventlog.read import Reader
from greenlight.eventlog.rows import DocketFilter
from greenlight.kernel.body import Body
from greenlight.kernel.inclusion import Leaf
from greenlight.kernel.streams import application_stream, batch_stream
from greenlight.kernel.time.calendar import AGENCY_ZONE, Closing, business_day_from
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Advise,
    Assign,
    Countersign,
    DelegateBack,
    Outcome,
    Recommend,
    Refer,
    ReturnGround,
    ReturnWithoutAction,
)
from greenlight.law.application.dispositions import statistical_class
from greenlight.law.application.interagency.agency import Advice, Agency
from greenlight.law.application.state import Stage
from greenlight.law.batch.commands import OpenBatch
from greenlight.law.batch.prepare import leaf
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.scope import ItemClass, Posture, Scope
from greenlight.reference.dockets import DocketFile
from greenlight.rehearsal.driver import Driver
from greenlight.rehearsal.played import PlayedOfficer
from greenlight.rehearsal.step import Action, Signers, Step
from greenlight.rehearsal.synthetic import Arrival, Fate

AGENCIES = (Agency.DEFENSE, Agency.ENERGY, Agency.STATE)
_DENIES = frozenset({Fate.TO_BE_DENIED, Fate.STUCK, Fate.DENIED_LATER})
_OPENS = 10


@dataclass(frozen=True, slots=True)
class Docket:
    """The docket that is rehearsed, and by whom: ``signers`` by the names of the development officers."""

    file: DocketFile
    arrivals: tuple[Arrival, ...]
    signers: Signers
    reader: Reader

    def plan(self, driver: Driver) -> None:
        """Put everything on the agenda that does not follow from something else."""
        for arrival in self.arrivals:
            acn = driver.control_number(arrival.number)
            case = application_stream(acn)
            driver.plan(arrival.at, partial(self._submit, arrival, acn), case=case)
        driver.plan(_on(self.file.green_light.day), self._green_light)
        for at in self._signing_days():
            driver.plan(at, self._sign)

    async def _submit(self, arrival: Arrival, acn: str, step: Step) -> None:
        applicant = self.signers["acme" if arrival.number % 2 else "globex"]
        await step.submit(applicant, arrival.submission, acn)
        for at, action in self._course(arrival, application_stream(acn), step):
            step.plan(at, action)

    def _course(self, arrival: Arrival, case: str, step: Step) -> Iterator[tuple[datetime, Action]]:
        """Plan what officers and agencies do about it, from its arrival on."""
        at = _later(step, step.now, 1, 3)
        yield at, self._by("olga", case, Assign(officer="olga"))
        at = _later(step, at, 1, 4)
        yield at, self._by("olga", case, Refer(agencies=AGENCIES))
        answers = [_later(step, at, 5, 25) for _ in AGENCIES]
        for agency, answered in zip(AGENCIES, answers, strict=True):
            yield answered, self._by(agency.value, case, _advice(arrival.fate, agency))
        yield from self._outcome(arrival, case, step, max(answers))

    def _outcome(
        self, arrival: Arrival, case: str, step: Step, answered: datetime
    ) -> Iterator[tuple[datetime, Action]]:
        """Plan what officers do after the agencies; the others wait for the executive, or for each other."""
        at = _later(step, answered, 5, 30)
        match arrival.fate:
            case Fate.RETURNED_LATER:
                yield at, self._by("olga", case, _RETURN, at=Stage.REVIEW)
            case Fate.DENIED_LATER:
                yield at, self._by("olga", case, _DENY, at=Stage.REVIEW)
                yield _later(step, at, 1, 5), self._by("carla", case, _AGREED, at=Stage.COUNTERSIGNATURE)
            case Fate.APPROVED_LATER if _is_controlled(arrival):
                yield at, self._by("olga", case, _GRANT, at=Stage.REVIEW)
                yield _later(step, at, 1, 5), self._by("carla", case, _AGREED, at=Stage.COUNTERSIGNATURE)
            case _:
                pass

    def _by(self, officer: str, case: str, body: Body, *, at: Stage | None = None) -> Action:
        """The command; with ``at``, only if the case is at that stage: a directive may have moved it."""

        async def act(step: Step) -> None:
            signer = self.signers[officer]
            if at is None or (await step.client(signer).status(case)).status.stage == at:
                await step.decide(signer, case, body)

        return act

    async def _green_light(self, step: Step) -> None:
        """The executive lets some approvals go ahead; for all else the presumption stays, for a while."""
        light, client = self.file.green_light, step.client(self.signers["vera"])
        approve = IssueDirective(
            title="Approvals where national security is not at stake",
            scope=Scope(item_classes=frozenset({ItemClass.NONSENSITIVE})),
            posture=Posture.APPROVE_UNLESS_NATIONAL_SECURITY_OBJECTS,
            citation=light.source,
            reasons="The items are widely available, and no agency objects.",
        )
        deny = IssueDirective(
            title="The presumption of denial stands for controlled items",
            scope=Scope(item_classes=frozenset({ItemClass.CONTROLLED})),
            posture=Posture.PRESUMPTION_OF_DENIAL,
            expires=_on(date(light.day.year + 1, 1, 1)),
            citation="84 FR 22961",
            reasons="The items would extend the capacity of networks of a listed entity.",
        )
        for key, directive in (("green-light", approve), ("presumption-of-denial", deny)):
            await client.issue_directive(key, directive, command_id=step.command_id())

    def _signing_days(self) -> Iterator[datetime]:
        """The first day of decisions, and then one in each month."""
        first = self.file.first_decisions.day
        yield _on(first)
        month = (first.replace(day=1) + timedelta(days=62)).replace(day=1)
        while month < self.file.ends:
            yield _on(business_day_from(month, frozenset(Closing)))
            month = (month + timedelta(days=31)).replace(day=1)

    async def _sign(self, step: Step) -> None:
        """One signature on all that wait for the executive's."""
        waiting = await self.reader.docket(DocketFilter(stage=Stage.SIGN_OFF.value), limit=400)
        executive = step.client(self.signers["victor"])
        leaves = [found for row in waiting if (found := await self._leaf(row.acn, executive)) is not None]
        if not leaves:
            return
        day = step.now.astimezone(AGENCY_ZONE).date()
        key = f"decisions-of-{day.isoformat()}"
        ordered = tuple(sorted(leaves, key=lambda each: each.stream))
        opening = OpenBatch(title=f"Decisions of {day.isoformat()}", leaves=ordered)
        await step.client(self.signers["olga"]).open_batch(key, opening, command_id=step.command_id())
        batch = (await executive.dossier(batch_stream(key))).digest
        await executive.sign_batch(key, dossier=batch, command_id=step.command_id())

    async def _leaf(self, acn: str, executive: PlayedOfficer) -> Leaf | None:
        """The case as it waits for the executive, who reads it in the log."""
        state, stream = None, application_stream(acn)
        async for event in self.reader.stream(stream):
            state = APPLICATION.apply(state, APPLICATION.read(event.record))
        if state is None:
            return None
        executive.shown(stream, APPLICATION.dossier(state))
        return leaf(state)


_RETURN = ReturnWithoutAction(
    ground=ReturnGround.LICENSE_NOT_REQUIRED, reasons="The items are not subject to the entry."
)
_AGREED = Countersign(agrees=True)
_DENY = Recommend(outcome=Outcome.DENY, reasons="The items would extend the capacity of a core network.")
_GRANT = Recommend(outcome=Outcome.GRANT, reasons="The items maintain an existing network and nothing more.")


def _advice(fate: Fate, agency: Agency) -> Body:
    """One agency objects where there is to be a dispute, or a denial; then no other is of another mind."""
    if fate is Fate.RETURNED_LATER:
        # To return it is not to agree to a grant, nor to a denial.
        return Advise(advice=Advice.RETURN) if agency is Agency.DEFENSE else DelegateBack()
    if fate not in _DENIES:
        return Advise(advice=Advice.APPROVE)
    if agency is Agency.DEFENSE:
        return Advise(
            advice=Advice.DENY,
            reasons="The items would be used against the national security of the United States.",
            statutory_basis="50 U.S.C. 4811",
            regulatory_basis="15 CFR 744.11",
        )
    if agency is Agency.STATE and fate is Fate.STUCK:
        return Advise(advice=Advice.APPROVE)
    return DelegateBack()


def _is_controlled(arrival: Arrival) -> bool:
    return statistical_class(arrival.submission.items).startswith("Category")


def _on(day: date) -> datetime:
    return datetime.combine(day, time(_OPENS), tzinfo=AGENCY_ZONE)


def _later(step: Step, at: datetime, low: int, high: int) -> datetime:
    return at + timedelta(days=step.random.randint(low, high), minutes=step.random.randint(1, 300))

"""A docket of twenty applications and a reprieve, from May 2019 to August 2020."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial

from greenlight.client import Signer
from greenlight.kernel.streams import application_stream, license_stream, reprieve_stream
from greenlight.law.application.commands import (
    Answer,
    Assign,
    Countersign,
    RequestInformation,
    SignOff,
    Withdraw,
)
from greenlight.law.license.commands import AcceptConditions
from greenlight.law.reprieve.commands import OpenReprieve, TermOrder
from greenlight.rehearsal import Driver, Step
from tests.law.application.cases import DENY, GRANT, GRANT_IN_PART, submission
from tests.law.reprieve.cases import BROAD
from tests.workflows.reprieves import ENTITY, POLICY, evidence

START = datetime(2019, 5, 20, 13, tzinfo=UTC)
END = datetime(2020, 8, 20, 4, tzinfo=UTC)
REPRIEVE = reprieve_stream("of-2019")
OPENING = OpenReprieve(
    title="Of 2019",
    policy=POLICY,
    term=TermOrder(
        valid_through=date(2019, 8, 19), scope=BROAD, entities=frozenset({ENTITY}), reason="Customers."
    ),
)

Signers = Mapping[str, Signer]


def docket(driver: Driver, signers: Signers, applications: int = 20) -> None:
    """Put it on the agenda: applications at any hour of any day, each with a course of its own."""
    driver.plan(START, partial(_open_reprieve, signers))
    for day in (date(2019, 7, 1), date(2019, 10, 1)):
        at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        driver.plan(at, partial(_evidence, signers))
    for index in range(applications):
        acn = driver.control_number(index)
        at = START + timedelta(days=3 * (index * 20 // applications), hours=1 + index % 7)
        driver.plan(at, partial(_submit, signers, index, acn), case=application_stream(acn))


async def _open_reprieve(signers: Signers, step: Step) -> None:
    await step.open_reprieve(signers["vera"], "of-2019", OPENING)


async def _evidence(signers: Signers, step: Step) -> None:
    await step.decide(signers["defense"], REPRIEVE, evidence())


def _later(step: Step, low: int, high: int) -> datetime:
    return step.now + timedelta(days=step.random.randint(low, high), minutes=step.random.randint(1, 400))


async def _submit(signers: Signers, index: int, acn: str, step: Step) -> None:
    case = await step.submit(signers["acme"], submission(reference=f"Order {index}"), acn)
    step.plan(_later(step, 1, 8), partial(_assign, signers, index, case.stream))


async def _assign(signers: Signers, index: int, stream: str, step: Step) -> None:
    await step.decide(signers["olga"], stream, Assign(officer="olga"))
    match index % 4:
        case 0:
            # Nobody acts: the deadlines pass, and in the end the applicant has enough.
            step.plan(_later(step, 150, 200), partial(_withdraw, signers, stream))
        case 1 | 2:
            step.plan(_later(step, 0, 20), partial(_ask, signers, index, stream))
        case _:
            step.plan(_later(step, 0, 40), partial(_recommend, signers, index, stream))


async def _withdraw(signers: Signers, stream: str, step: Step) -> None:
    await step.decide(signers["acme"], stream, Withdraw())


async def _ask(signers: Signers, index: int, stream: str, step: Step) -> None:
    await step.decide(signers["olga"], stream, RequestInformation(request="Who operates the network?"))
    step.plan(_later(step, 3, 60), partial(_answer, signers, index, stream))


async def _answer(signers: Signers, index: int, stream: str, step: Step) -> None:
    await step.decide(signers["acme"], stream, Answer(answer="The municipality."))
    step.plan(_later(step, 0, 40), partial(_recommend, signers, index, stream))


async def _recommend(signers: Signers, index: int, stream: str, step: Step) -> None:
    recommendation = (GRANT, GRANT_IN_PART, DENY)[index % 3]
    await step.decide(signers["olga"], stream, recommendation)
    step.plan(_later(step, 0, 5), partial(_countersign, signers, stream))


async def _countersign(signers: Signers, stream: str, step: Step) -> None:
    receipt = await step.decide(signers["carla"], stream, Countersign(agrees=True))
    if receipt.stage == "sign_off":
        step.plan(_later(step, 0, 9), partial(_sign_off, signers, stream))
    else:
        await _look(signers, stream, step)


async def _sign_off(signers: Signers, stream: str, step: Step) -> None:
    await step.decide(signers["vera"], stream, SignOff(approves=True))
    await _look(signers, stream, step)


async def _look(signers: Signers, stream: str, step: Step) -> None:
    """Conditions wait for the licensee."""
    status = (await step.client(signers["acme"]).status(stream)).status
    if status.license_number:
        license_ = license_stream(status.license_number)
        if (await step.client(signers["acme"]).status(license_)).status.waiting_for == "applicant":
            step.plan(_later(step, 0, 20), partial(_accept, signers, license_))


async def _accept(signers: Signers, license_: str, step: Step) -> None:
    await step.decide(signers["acme"], license_, AcceptConditions())

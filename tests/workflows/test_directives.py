"""Directives on the real server: every pending case in scope is held against one, once, whatever happens."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest_asyncio

from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.verify import verify
from greenlight.kernel.body import Body
from greenlight.kernel.codes.countries import COUNTRIES
from greenlight.kernel.messages import Resume
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.commands import Assign, Countersign
from greenlight.law.application.dossier import Submission
from greenlight.law.application.state import Stage
from greenlight.law.contract import LOOK, TAKE_OVER, TASK_QUEUE
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import (
    AttestEvent,
    IssueDirective,
    RescindDirective,
    ResumeFanOut,
    RetryFanOut,
    StopFanOut,
    WithdrawAttestation,
)
from greenlight.law.directive.fan_out import MAX_ROUNDS, FanOut
from greenlight.law.directive.refusals import DirectiveRefusal
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.directive.state import DirectiveState
from greenlight.law.directive.state import Stage as DirectiveStage
from tests.eventlog.hindering import hindered
from tests.law.application.cases import CONSIGNEE, GRANT_IN_PART, PURCHASER, new_submission
from tests.workflows.office import PATIENCE, Office, eventually, refusal
from workflows.directive import BATCH

ATTEST = AttestEvent(statement="They met in Osaka.", source="A communiqué")
RESCIND = RescindDirective(reasons="The test is over.")


class Orders:
    """Directives of one test, about destinations of its own, so that no other test's cases are meant."""

    countries = iter(sorted(COUNTRIES.keys() - {"US", "CN"}))

    def __init__(self, office: Office) -> None:
        self.office = office
        self.country = next(self.countries)
        self.streams: list[str] = []

    def submission(self) -> Submission:
        consignee = CONSIGNEE.model_copy(update={"country": self.country})
        return new_submission(parties=(PURCHASER, consignee))

    async def cases(self, number: int) -> list[str]:
        """Cases that the orders mean, in review unless one is in force."""
        at_once = asyncio.Semaphore(8)

        async def one() -> str:
            async with at_once:
                return await self.office.submitted(self.submission())

        return await asyncio.gather(*(one() for _ in range(number)))

    async def issued(self, posture: Posture = Posture.DENY, **given: object) -> str:
        order = IssueDirective.model_validate(
            {
                "title": "A test",
                "scope": Scope(destinations=frozenset({self.country})),
                "posture": posture,
                "citation": "Order",
                "reasons": "By order.",
                **given,
            }
        )
        key = f"{self.country.lower()}-{len(self.streams)}"
        self.streams.append((await self.office["vera"].issue_directive(key, order)).stream)
        return self.streams[-1]

    async def asks(self, stream: str, body: Body) -> None:
        """What a licensing officer asks of a directive must be accepted."""
        await self.office["olga"].decide(stream, body, role=Role.LICENSING_OFFICER)

    async def state(self, stream: str) -> DirectiveState:
        state: DirectiveState | None = None
        for event in await self.office.events(stream):
            state = DIRECTIVE.apply(state, DIRECTIVE.read(event.record))
        assert state is not None
        return state

    async def fanned_out(self, stream: str) -> FanOut:
        """The fan-out, once it is completed."""

        async def found() -> FanOut | None:
            state = await self.state(stream)
            done = state.fan_out and state.fan_out.number == state.times and state.fan_out.completed
            return state.fan_out if done else None

        return await eventually(found, f"the fan-out of {stream} to its end")

    async def applied(self, streams: list[str]) -> Counter[int]:
        """How many cases were held against a directive how often."""
        types = [await self.office.types(stream) for stream in streams]
        return Counter(each.count("DirectiveApplied") for each in types)


@pytest_asyncio.fixture
async def orders(office: Office) -> AsyncGenerator[Orders]:
    orders = Orders(office)
    yield orders
    for stream in orders.streams:
        if not (await orders.state(stream)).stage.closed:
            await office["vera"].decide(stream, RESCIND)


async def test_each_of_sixty_cases_is_held_against_a_directive_once(office: Office, orders: Orders) -> None:
    cases = await orders.cases(60)
    stream = await orders.issued()
    late, fan_out = await asyncio.gather(orders.cases(8), orders.fanned_out(stream))
    await office.all_told(stream)
    assert await orders.applied([*cases, *late]) == {1: 68}
    assert {(await office.status(case)).status.stage for case in cases} == {Stage.INTENT_TO_DENY}
    assert 60 <= fan_out.routes["intent_to_deny"] <= 68
    assert set(fan_out.routes) == {"intent_to_deny"}
    details = await office.details(stream)
    assert f"{fan_out.done} done, 0 left" in details
    (row,) = await office.reader.directives(stream_key(stream))
    assert (row.done, row.remaining, row.failed) == (fan_out.done, 0, 0)
    assert (await verify(office.service.target.database_url)).fault is None
    assert (await rebuild(office.service.target.owner_url, swap=False)).differences == ()


async def test_a_stopped_fan_out_takes_up_no_further_batch_and_goes_on_where_it_was(
    office: Office, orders: Orders
) -> None:
    # More than a batch; the first of all is recorded slowly, so that its batch takes a while.
    cases = await orders.cases(BATCH + 5)
    slow = (await office["acme"].submit(orders.submission(), acn="A000001")).stream
    async with hindered(office.service.target.database_url, slow, "PERFORM pg_sleep(2);"):
        stream = await orders.issued()

        async def begun() -> bool:
            return "FanOutBegun" in await office.types(stream)

        await eventually(begun, "the fan-out to begin")
        await orders.asks(stream, StopFanOut())
    assert (await office.status(stream)).status.waiting_for == "licensing_officer"

    async def told() -> bool:
        return "FanOutProgressed" in await office.types(stream)

    await eventually(told, "what was on its way to be told")
    going_on = (await orders.state(stream)).fan_out
    assert going_on is not None
    assert not going_on.swept, "more batches are to come"
    await office.look(stream)
    assert (await office.types(stream)).count("FanOutProgressed") == 1, "a batch was begun after the stop"
    assert "stopped" in await office.details(stream)
    await orders.asks(stream, ResumeFanOut())
    fan_out = await orders.fanned_out(stream)
    assert (fan_out.routes, fan_out.failed) == ({"intent_to_deny": BATCH + 6}, ())
    assert await orders.applied([*cases, slow]) == {1: BATCH + 6}


async def test_cases_that_cannot_be_decided_are_named_and_tried_again(office: Office, orders: Orders) -> None:
    reached, lost = await orders.cases(2)
    async with hindered(office.service.target.database_url, lost, "RAISE 'not this one';"):
        stream = await orders.issued()

        async def failed() -> bool:
            fan_out = (await orders.state(stream)).fan_out
            return fan_out is not None and fan_out.failed == (lost,)

        await eventually(failed, f"{lost} to be named")
        assert lost in await office.details(stream)
        for number in range(MAX_ROUNDS):

            async def tried(number: int = number) -> bool:
                fan_out = (await orders.state(stream)).fan_out
                return fan_out is not None and fan_out.rounds > number

            await office.fast_forward(stream, timedelta(hours=1))
            await eventually(tried, f"try {number + 1}")
        assert (await orders.fanned_out(stream)).failed == (lost,)
        assert (await office.status(stream)).status.waiting_for == "licensing_officer"
    await orders.asks(stream, RetryFanOut())
    assert (await orders.fanned_out(stream)).failed == ()
    assert await orders.applied([reached, lost]) == {1: 2}


async def test_a_case_is_decided_whatever_its_workflow_does_which_hears_of_it_when_it_can(
    office: Office, orders: Orders
) -> None:
    gone, silent, there = await orders.cases(3)
    for case in (gone, silent):
        await office.handle(case).terminate("lost")
    # One that will answer, but later than anybody waits for an answer.
    await office.temporal.start_workflow(
        "LicenseApplication", Resume(), id=silent, task_queue=TASK_QUEUE, start_delay=timedelta(seconds=13)
    )
    stream = await orders.issued()
    fan_out = await orders.fanned_out(stream)
    assert (fan_out.routes, fan_out.failed) == ({"intent_to_deny": 3}, ())
    assert await orders.applied([gone, silent, there]) == {1: 3}
    await office.all_told(stream, 3 * PATIENCE)
    await office.start("LicenseApplication", gone, Resume())
    for case in (there, gone, silent):
        await eventually(partial(_has_all, office, case), f"the workflow of {case} to have all", 3 * PATIENCE)
    assert await orders.applied([gone, silent, there]) == {1: 3}


async def _has_all(office: Office, case: str) -> bool:
    return (await office.status(case)).version == len(await office.events(case))


async def test_single_commands_are_answered_meanwhile(office: Office, orders: Orders) -> None:
    cases = await orders.cases(30)
    stream = await orders.issued()
    receipts = await asyncio.gather(
        *(office["olga"].decide(case, Assign(officer="olga")) for case in cases[::3])
    )
    assert len(receipts) == 10
    await orders.fanned_out(stream)
    assert await orders.applied(cases) == {1: 30}


async def test_a_condition_is_attested_and_withdrawn(office: Office, orders: Orders) -> None:
    (case,) = await orders.cases(1)
    stream = await orders.issued(condition="The talks go well")
    assert (await office.status(stream)).status.waiting_for == "licensing_officer"
    refused = await refusal(office["vera"].decide(stream, ATTEST, role=Role.EXECUTIVE))
    assert refused.code == DirectiveRefusal.OWN_DIRECTIVE
    await orders.asks(stream, ATTEST)
    await orders.fanned_out(stream)
    await orders.asks(stream, WithdrawAttestation(reasons="They broke down."))
    (other,) = await orders.cases(1)
    assert await orders.applied([case, other]) == {1: 1, 0: 1}
    await orders.asks(stream, ATTEST)
    assert (await orders.fanned_out(stream)).number == 2
    assert await orders.applied([case, other]) == {1: 2}


async def test_it_comes_in_force_and_expires_at_its_own_instants(office: Office, orders: Orders) -> None:
    (case,) = await orders.cases(1)
    now = datetime.now(UTC)
    effective, expires = now + timedelta(days=2), now + timedelta(days=9)
    stream = await orders.issued(effective=effective, expires=expires)
    assert await orders.applied([case]) == {0: 1}
    await office.fast_forward(stream, timedelta(days=2, minutes=1))
    await orders.fanned_out(stream)
    assert (await orders.state(stream)).since == effective
    await office.fast_forward(stream, timedelta(days=7))
    assert (await office.result(stream)).status.stage == DirectiveStage.EXPIRED


async def test_one_that_supersedes_another_ends_it(office: Office, orders: Orders) -> None:
    (case,) = await orders.cases(1)
    first = await orders.issued(Posture.CASE_BY_CASE)
    await orders.fanned_out(first)
    approve = Posture.APPROVE_UNLESS_NATIONAL_SECURITY_OBJECTS
    second = await orders.issued(approve, supersedes=stream_key(first))
    await orders.fanned_out(second)
    assert (await office.result(first)).status.stage == DirectiveStage.SUPERSEDED
    assert (await office.types(case)).count("DirectiveApplied") == 2


async def test_licenses_are_revoked_those_too_that_are_granted_meanwhile(
    office: Office, orders: Orders
) -> None:
    first, second = await orders.cases(2)

    async def granted(case: str) -> str:
        await office.send("olga", case, GRANT_IN_PART)
        await office.send("carla", case, Countersign(agrees=True))
        if (await office.status(case)).status.stage == Stage.SIGN_OFF:
            await office.signed_off(case)
        number = (await office.status(case)).status.license_number
        assert number is not None
        return f"license-{number}"

    license = await granted(first)
    stream = await orders.issued(Posture.REVOKE)
    assert (await orders.fanned_out(stream)).routes == {"revoked": 1}
    assert (await office.result(license)).status.stage == "revoked"
    later = await granted(second)
    assert (await office.result(later)).status.stage == "revoked"
    assert (await office.types(later)) == ["LicenseIssued", "LicenseRevokedByDirective"]


async def test_a_case_can_be_knocked_at_by_anybody_and_nothing_happens(
    office: Office, orders: Orders
) -> None:
    (case,) = await orders.cases(1)
    before = await office.types(case)
    await office.look(case)
    assert await office.types(case) == before
    for name in (LOOK, TAKE_OVER):
        assert (await refusal(office.update(case, name, {"now": True}))).code == RefusalCode.MALFORMED
    # One of the two has the case read on, and the other decides nothing either.
    await office.handle(case).execute_update(TAKE_OVER)  # pyright: ignore[reportUnknownMemberType]
    assert await office.types(case) == before

"""Many cases decided where the record is leave there what each would have left by a message of its own."""

import asyncio
import itertools
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from temporalio.testing import ActivityEnvironment

from activities.fan_out import FanOutActivities
from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import canonical
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Commit, Recorded
from greenlight.kernel.inclusion import APPROVAL, SIGN_OFF, SignBatch, inclusions
from greenlight.kernel.messages import DeskAnswer, Incoming
from greenlight.kernel.streams import application_stream, batch_stream
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, PlaceHold, SignOff, Withdraw
from greenlight.law.application.state import ApplicationState
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.commands import OpenBatch
from greenlight.law.batch.prepare import leaf
from greenlight.law.batch.state import BatchState
from greenlight.law.directive.fan_out import FanOutBatch, FanOutRequest
from greenlight.law.directive.scope import Posture, Scope
from greenlight.service.bulk import AT_ONCE, Bulk, Errand
from greenlight.service.folding import Folded, catch_up
from greenlight.service.handle import handle
from greenlight.service.suppliers import Suppliers
from greenlight.service.telling import Teller
from tests.activities.test_again import sent
from tests.activities.test_desk import NINTH_DAY, QUESTION, SCREENER, Clerk, Says, incoming
from tests.activities.test_directed_desk import ordered
from tests.activities.turns import MOST, turns
from tests.eventlog.crowd import Crowd
from tests.eventlog.hindering import hindered
from tests.law.application.cases import BEGIN, DENY, GRANT
from tests.law.directive.cases import issue

LATER = NINTH_DAY + timedelta(hours=3)
HOLD = PlaceHold(kind=HoldKind.PRE_LICENSE_CHECK, reason="A visit.")
AT_SIGN_OFF = (("officer", DENY), ("countersigner", Countersign(agrees=True)))

LIVES: Mapping[str, tuple[tuple[str, Body], ...]] = {
    "in review": (),
    "held": (("officer", HOLD),),
    "asked": (("officer", QUESTION),),
    "withdrawn": (("applicant", Withdraw()),),
    "recommended for": (("officer", GRANT),),
    "recommended against": (("officer", DENY),),
    "at sign-off": AT_SIGN_OFF,
    "sent back": (*AT_SIGN_OFF, ("executive", SignOff(approves=False))),
}
"""How far cases may be when something comes to all of them: who sent what since they were submitted."""

_numbers = itertools.count(1)


class Crowded(Recorder):
    """Lets others be first in a case, once, when it is about to record there."""

    meanwhile: Mapping[str, Callable[[], Awaitable[object]]] = {}
    most = 0
    _now = 0

    async def record(self, commit: Commit) -> Recorded:
        happens = dict(self.meanwhile)
        stream = commit.appends[0].stream
        if stream in happens:
            first = happens.pop(stream)
            self.meanwhile = happens
            await first()
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            return await super().record(commit)
        finally:
            self._now -= 1


@pytest_asyncio.fixture
async def log(letter_log: str) -> AsyncGenerator[Crowded]:
    async with Crowded(letter_log) as log:
        yield log


@pytest.fixture
def suppliers(log: Crowded) -> Suppliers:
    return Suppliers(log, SCREENER, None)


@pytest.fixture
def bulk(log: Crowded, suppliers: Suppliers) -> Bulk:
    return Bulk(log, suppliers, Kind.PRODUCTION)


async def lived(log: Recorder, crowd: Crowd, life: tuple[tuple[str, Body], ...]) -> Clerk[ApplicationState]:
    """A case that has come so far."""
    clerk = Clerk(log, APPLICATION, application_stream(f"Z{next(_numbers):06}"))
    says = Says(crowd, clerk)
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    for who, body in life:
        answer = await clerk.asks(clerk.request(BEGIN, says(getattr(crowd, who), body)))
        assert answer.receipt is not None, answer.refused
    return clerk


async def read(log: Recorder, *streams: str) -> list[Folded[ApplicationState]]:
    cases = {stream: Folded[ApplicationState](stream) for stream in streams}
    await catch_up(log, APPLICATION, cases)
    return list(cases.values())


async def by_message(
    suppliers: Suppliers, log: Recorder, clerk: Clerk[ApplicationState], now: datetime, **asked: object
) -> DeskAnswer:
    request = clerk.request(now).model_copy(update=asked)
    answer = await handle(APPLICATION, log, suppliers, request)
    clerk.takes_over(answer.records)
    return answer


async def since(clerk: Clerk[ApplicationState], version: int) -> list[str]:
    """The records after a version, with nothing in them that tells one twin from the other."""
    key = clerk.stream.removeprefix("application-")
    return [record.replace(key, "…") for record in (await clerk.on_record())[version:]]


async def test_a_directive_leaves_the_same_records_both_ways(
    log: Crowded, crowd: Crowd, suppliers: Suppliers, bulk: Bulk
) -> None:
    twins = [(await lived(log, crowd, life), await lived(log, crowd, life)) for life in LIVES.values()]
    before = [one.version for one, _ in twins]
    await ordered(log, crowd.executive, issue(scope=Scope()))
    await log.read_standing()
    for one, _ in twins:
        await by_message(suppliers, log, one, LATER, look_into="directives")
    cases = await read(log, *(other.stream for _, other in twins))
    answers = await bulk.settle(APPLICATION, [Errand(case, look_into="directives") for case in cases], LATER)
    assert None not in answers.values()
    said = [await since(one, version) for (one, _), version in zip(twins, before, strict=True)]
    assert [await since(other, n) for (_, other), n in zip(twins, before, strict=True)] == said
    told = dict(zip(LIVES, said, strict=True))
    assert told["withdrawn"] == []
    assert all("DirectiveApplied" in "".join(told[life]) for life in ("in review", "held", "asked"))
    assert "DeadlinePassed" in "".join(told["in review"])
    assert cases == await read(log, *(other.stream for _, other in twins))
    # Once more there is nothing to record.
    await bulk.settle(APPLICATION, [Errand(case, look_into="directives") for case in cases], LATER)
    assert [await since(other, n) for (_, other), n in zip(twins, before, strict=True)] == said


async def signed(log: Recorder, crowd: Crowd, clerks: list[Clerk[ApplicationState]]) -> dict[str, Incoming]:
    """The executive's word to each of these cases, by one signature over all of them."""
    found = [leaf(clerk.state) for clerk in clerks if clerk.state]
    leaves = tuple(sorted((each for each in found if each), key=lambda each: each.stream))
    batch = Clerk[BatchState](log, BATCH, batch_stream(f"lot-{next(_numbers)}"))
    await sent(batch, crowd.officer, OpenBatch(title="A lot", leaves=leaves))
    assert batch.state is not None
    await sent(batch, crowd.executive, SignBatch.model_validate(batch.state.signed.model_dump()))
    token = await log.batch_token(batch.stream)
    assert token is not None
    return {
        stream: incoming(SIGN_OFF, SignedCommand(token=token, body=APPROVAL, inclusion=included))
        for stream, included in inclusions(batch.stream, leaves).items()
    }


async def test_one_signature_leaves_the_same_records_and_refusals_both_ways(
    log: Crowded, crowd: Crowd, suppliers: Suppliers, bulk: Bulk
) -> None:
    """Two of each three cases changed since: one was sent back, of the other another dossier was signed."""
    ones = [await lived(log, crowd, AT_SIGN_OFF) for _ in range(9)]
    others = [await lived(log, crowd, AT_SIGN_OFF) for _ in range(9)]
    told = [await signed(log, crowd, ones), await signed(log, crowd, others)]
    for twins in (ones, others):
        for clerk in twins[::3]:
            says = Says(crowd, clerk)
            await clerk.asks(clerk.request(BEGIN, says(crowd.executive, SignOff(approves=False))))
        for clerk in twins[1::3]:
            says = Says(crowd, clerk)
            await clerk.asks(clerk.request(BEGIN, says(crowd.officer, HOLD)))
    before = ones[2].version
    answers = [await by_message(suppliers, log, one, LATER, incoming=told[0][one.stream]) for one in ones]
    cases = await read(log, *(other.stream for other in others))
    in_bulk = await bulk.settle(
        APPLICATION, [Errand(case, incoming=told[1][case.stream]) for case in cases], LATER
    )
    codes = [answer.refused.code if answer.refused else None for answer in answers]
    assert codes.count(None) in {3, 6}
    assert [each.refused.code if each and each.refused else None for each in in_bulk.values()] == codes
    for one, other in zip(ones, others, strict=True):
        mine, theirs = await since(one, before), await since(other, before)
        assert [_without_ids(record) for record in theirs] == [_without_ids(record) for record in mine]
    again = await bulk.settle(
        APPLICATION, [Errand(case, incoming=told[1][case.stream]) for case in cases], LATER
    )
    receipts = [answer.receipt for answer in again.values() if answer and answer.receipt]
    assert [receipt.duplicate for receipt in receipts] == [True] * codes.count(None)


async def test_many_cases_hold_up_nobody_on_the_event_loop(log: Crowded, crowd: Crowd, bulk: Bulk) -> None:
    """In no round of the loop more is computed than one case."""
    clerks = [await lived(log, crowd, AT_SIGN_OFF[:1]) for _ in range(60)]
    await ordered(log, crowd.executive, issue(scope=Scope()))
    work = FanOutActivities(log, bulk, Heard())
    request = FanOutRequest(directive="order-1", licenses=False, after=None, limit=60, since=BEGIN)
    with turns() as seen:
        found = await ActivityEnvironment().run(work.fan_out, request)
    assert len(found.tell) == len(clerks)
    # What takes long once was interrupted: everything that is done here is done sixty times.
    assert sorted(seen.took)[-3] < MOST, seen.what


async def test_who_lost_a_race_is_read_again_and_what_cannot_be_written_holds_up_no_other(
    log: Crowded, letter_log: str, crowd: Crowd, bulk: Bulk
) -> None:
    clerks = [await lived(log, crowd, ()) for _ in range(40)]
    await ordered(log, crowd.executive, issue(scope=Scope()))
    await log.read_standing()
    raced, lost = clerks[3], clerks[5]

    async def holds() -> None:
        async with Recorder(letter_log) as other:
            await other.read_standing()
            clerk = Clerk(other, APPLICATION, raced.stream)
            clerk.takes_over(await raced.on_record())
            await clerk.asks(clerk.request(BEGIN, Says(crowd, clerk)(crowd.officer, HOLD)))

    log.meanwhile = {raced.stream: holds}
    cases = await read(log, *(clerk.stream for clerk in clerks))
    async with hindered(letter_log, lost.stream, "RAISE 'not this one';"):
        answers = await bulk.settle(
            APPLICATION, [Errand(case, look_into="directives") for case in cases], LATER
        )
    assert [stream for stream, answer in answers.items() if answer is None] == [lost.stream]
    types = ["".join(await since(clerk, 0)).count('"DirectiveApplied"') for clerk in clerks]
    # Who was first applied the directive to the case as it was, and to the case as the hold left it.
    assert types == [{lost.stream: 0, raced.stream: 2}.get(clerk.stream, 1) for clerk in clerks]
    assert log.most <= 16


def _without_ids(record: str) -> str:
    """The record without what differs from one signature to the next."""
    said = json.loads(record)
    for member in ("command_id", "inclusion"):
        said.pop(member, None)
    return canonical(said).decode()


class Heard(Teller):
    """Notes who is told at once."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def tell(
        self, streams: Sequence[str], at: datetime | None, told: Callable[[int], None] | None = None
    ) -> None:
        self.told += streams


async def test_who_was_decided_when_a_worker_died_before_it_said_so_is_told_all_the_same(
    log: Crowded, crowd: Crowd, bulk: Bulk
) -> None:
    """They are not pending any more, so that the batch that is tried again finds others."""
    clerks = [await lived(log, crowd, ()) for _ in range(6)]
    gone = await lived(log, crowd, (("applicant", Withdraw()),))
    await ordered(log, crowd.executive, issue(scope=Scope(), posture=Posture.DENY))
    heard = Heard()
    work = FanOutActivities(log, bulk, heard)

    async def batch(**given: object) -> FanOutBatch:
        asked: dict[str, object] = {"directive": "order-1", "licenses": False, "after": None, "limit": 4}
        request = FanOutRequest.model_validate({**asked, "since": BEGIN, **given})
        return await ActivityEnvironment().run(work.fan_out, request)

    first = await batch()
    streams = [clerk.stream for clerk in clerks]
    assert (first.tell, first.routes, first.last) == (tuple(streams[:4]), {"intent_to_deny": 4}, False)
    # Nobody heard of that.
    again = await batch()
    assert (again.tell, again.routes, again.last) == (tuple(streams), {"intent_to_deny": 2}, True)
    over = await batch()
    assert (over.tell, over.routes, over.last) == (tuple(streams), {}, True)
    assert (await batch(after=streams[3].removeprefix("application-"))).tell == tuple(streams[4:])
    assert heard.told == []
    # A workflow of the release before tells nobody, and in a rehearsal nobody waits.
    assert (await batch(since=None, streams=streams[:2])).tell == ()
    assert heard.told == streams[:2]
    assert (await batch(at=LATER)).tell == ()
    assert heard.told == [*streams[:2], *streams]
    assert gone.stream not in heard.told


async def test_one_that_the_desk_is_never_asked_about_takes_nobodys_place(
    log: Crowded, crowd: Crowd, bulk: Bulk
) -> None:
    clerk = await lived(log, crowd, ())
    unreadable = Folded[ApplicationState]("no name of a stream")
    for _ in range(2 * AT_ONCE):
        answers = await bulk.settle(APPLICATION, [Errand(unreadable, look_into="directives")], LATER)
        assert answers == {unreadable.stream: None}
    cases = await read(log, clerk.stream)
    errands = [Errand(case, look_into="directives") for case in cases]
    async with asyncio.timeout(60):
        answers = await bulk.settle(APPLICATION, errands, LATER)
    assert None not in answers.values()

"""The desk under directives, over a real log: none that is in force when a case changes is overlooked."""

import itertools
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from greenlight.eventlog.database import connection
from greenlight.eventlog.payload import Essentials
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.commit import Append, Commit, Event, Recorded
from greenlight.kernel.messages import DeskAnswer, Internal
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream, directive_stream, license_stream
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Countersign, PlaceHold
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.commands import COMMANDS as OF_DIRECTIVES
from greenlight.law.directive.commands import RescindDirective
from greenlight.law.directive.refusals import DirectiveRefusal
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.directive.standing import Standing
from greenlight.law.directive.state import DirectiveState
from greenlight.law.directive.state import dossier_digest as directive_digest
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.commands import AcceptConditions
from greenlight.law.license.state import LicenseState
from greenlight.law.license.state import Stage as LicenseStage
from tests.activities.test_desk import Clerk, Says, incoming
from tests.addresses import as_administrator
from tests.eventlog.crowd import Crowd, Signer
from tests.law.application.cases import BEGIN, GRANT, GRANT_IN_PART, in_review
from tests.law.application.directives import DENY, PRESUME, directive, meant_for
from tests.law.directive.cases import ATTEST, WITHDRAW, issue

DECISIONS = decisions(OF_DIRECTIVES)

NAMES = {body: name for name, body in OF_DIRECTIVES.items()}
LATER = BEGIN + timedelta(hours=1)
HOLD = PlaceHold(kind=HoldKind.PRE_LICENSE_CHECK, reason="A visit.")
RESCIND = RescindDirective(reasons="Not needed any more.")

_numbers = itertools.count(1)


class Watched(Recorder):
    """Counts what it asks of the directives, and lets something happen once between reading and recording."""

    asked = 0
    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def record(self, commit: Commit) -> Recorded:
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        return await super().record(commit)

    async def read_standing(self) -> Standing:
        self.asked += 1
        return await super().read_standing()


@pytest_asyncio.fixture
async def log(letter_log: str) -> AsyncGenerator[Watched]:
    async with Watched(letter_log) as log:
        yield log


@pytest_asyncio.fixture
async def elsewhere(letter_log: str) -> AsyncGenerator[Recorder]:
    """The log as another worker has it."""
    async with Recorder(letter_log) as log:
        yield log


@pytest.fixture
def clerk(log: Watched) -> Clerk[ApplicationState]:
    return Clerk(log, APPLICATION, application_stream(f"Z{next(_numbers):06}"))


@pytest.fixture
def says(crowd: Crowd, clerk: Clerk[ApplicationState]) -> Says:
    return Says(crowd, clerk)


def types(records: Sequence[str]) -> list[str]:
    return [Essentials.model_validate_json(record).type for record in records]


async def ordered(
    log: Recorder, signer: Signer, body: Body, key: str = "order-1", now: datetime = BEGIN
) -> DirectiveState:
    """The directive after a command that must be accepted."""
    stream, name = directive_stream(key), NAMES[type(body)]
    state = DIRECTIVE.replay(None, (page := await log.read_stream(stream)).records)
    dossier = directive_digest(state) if state and name in DECISIONS else None
    command = signer.signed(stream, name, body, dossier=dossier)
    clerk = Clerk(log, DIRECTIVE, stream, state=state, version=len(page.records))
    answer = await clerk.asks(clerk.request(now, incoming(name, command)))
    assert answer.receipt is not None, answer.refused
    assert clerk.state is not None
    return clerk.state


async def advanced(log: Recorder, key: str, now: datetime) -> DeskAnswer:
    """What a directive records by itself, the time being ``now``."""
    return await looked_into(log, key, None, now)


async def looked_into(log: Recorder, key: str, matter: str | None, now: datetime = BEGIN) -> DeskAnswer:
    """What a directive records when it is asked to look into something."""
    stream = directive_stream(key)
    state = DIRECTIVE.replay(None, (page := await log.read_stream(stream)).records)
    clerk = Clerk(log, DIRECTIVE, stream, state=state, version=len(page.records))
    return await clerk.asks(clerk.request(now).model_copy(update={"look_into": matter}))


async def looked_at(clerk: Clerk[ApplicationState], now: datetime = LATER) -> DeskAnswer:
    return await clerk.asks(clerk.request(now))


async def count(dsn: str) -> int:
    async with connection(dsn, application="test") as database:
        found = await database.fetchval("SELECT directives FROM greenlight.log")
    assert isinstance(found, int)
    return found


async def last_position(dsn: str) -> int:
    async with connection(dsn, application="test") as database:
        found = await database.fetchval("SELECT max(position) FROM greenlight.event")
    assert isinstance(found, int)
    return found


async def test_without_directives_nothing_is_asked_and_nothing_recorded(
    log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says
) -> None:
    await says.until_countersignature()
    await clerk.asks(clerk.request(LATER, says(crowd.countersigner, Countersign(agrees=True))))
    await clerk.asks(clerk.request(LATER, says(crowd.officer, HOLD)))
    assert log.asked == 0
    assert "DirectiveApplied" not in types(await clerk.on_record())


async def test_a_new_case_is_held_against_what_is_in_force(
    letter_log: str, log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says
) -> None:
    await ordered(log, crowd.executive, issue(posture=PRESUME))
    answer = await clerk.asks(clerk.request(LATER, says.submits()))
    assert types(answer.records) == ["ApplicationSubmitted", "PartiesScreened", "DirectiveApplied"]
    assert answer.receipt is not None
    assert answer.receipt.stage == Stage.REVIEW, "no agency was asked yet"
    async with connection(as_administrator(letter_log), application="test") as database:
        together = await database.fetchval(
            "SELECT count(DISTINCT recorded_at) FROM greenlight.event WHERE stream = $1", clerk.stream
        )
    assert together == 1, "the directive was applied in another commit"


async def test_a_directive_is_read_once_however_many_cases_come(
    log: Watched, crowd: Crowd, elsewhere: Recorder
) -> None:
    await ordered(elsewhere, crowd.executive, issue(posture=PRESUME))
    for number in range(5):
        clerk = Clerk(log, APPLICATION, application_stream(f"Y{number:06}"))
        answer = await clerk.asks(clerk.request(LATER, Says(crowd, clerk).submits()))
        assert types(answer.records)[-1] == "DirectiveApplied"
    assert log.asked == 1


@pytest.mark.parametrize("posture", [DENY, PRESUME])
async def test_one_that_comes_in_force_between_reading_and_recording_is_seen(
    log: Watched,
    clerk: Clerk[ApplicationState],
    crowd: Crowd,
    says: Says,
    elsewhere: Recorder,
    posture: Posture,
) -> None:
    await says.until_countersignature()
    granting = clerk.request(LATER, says(crowd.countersigner, Countersign(agrees=True)))
    log.meanwhile = lambda: ordered(elsewhere, crowd.executive, issue(posture=posture))
    answer = await clerk.asks(granting)
    assert answer.receipt is None, "granted although the executive had just said otherwise"
    assert answer.refused is not None
    assert answer.refused.code is RefusalCode.WRONG_STAGE
    assert types(answer.records)[0] == "DirectiveApplied"
    assert clerk.state is not None
    assert clerk.state.license_number is None
    assert clerk.state.stage is (Stage.INTENT_TO_DENY if posture is DENY else Stage.SIGN_OFF)


async def test_one_that_goes_out_of_force_meanwhile_is_not_applied(
    log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says, elsewhere: Recorder
) -> None:
    await ordered(log, crowd.executive, issue(posture=DENY))
    log.meanwhile = lambda: ordered(elsewhere, crowd.executive, RESCIND)
    # The desk believes that it is in force, as the log did.
    await log.read_standing()
    answer = await clerk.asks(clerk.request(LATER, says.submits()))
    assert types(answer.records) == ["ApplicationSubmitted", "PartiesScreened"]


async def test_a_case_is_held_against_one_when_it_is_looked_at_and_only_once(
    log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says
) -> None:
    await says.until_countersignature()
    await ordered(log, crowd.executive, issue(posture=PRESUME))
    await log.read_standing()
    stale = clerk.request(LATER)
    assert types((await clerk.asks(stale)).records) == ["DirectiveApplied"]
    assert (await looked_at(clerk)).records == ()
    # The same look once more, as after a lost answer: the log wins.
    again = Clerk(log, APPLICATION, clerk.stream, state=None, version=0)
    again.takes_over((await clerk.on_record())[: stale.version])
    await again.asks(stale)
    assert types(await clerk.on_record()).count("DirectiveApplied") == 1


async def test_the_same_commit_once_more_is_told_again_though_others_stand_by_then(
    log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says
) -> None:
    request = clerk.request(BEGIN, says.submits())
    await clerk.handled(request)
    await ordered(log, crowd.executive, issue(posture=PRESUME))
    answer = await clerk.asks(request)
    assert answer.receipt is not None
    assert answer.receipt.duplicate


async def test_the_log_counts_changes_of_what_stands_and_nothing_else(
    letter_log: str, log: Watched, crowd: Crowd
) -> None:
    assert await count(letter_log) == 0
    await ordered(log, crowd.executive, issue(posture=PRESUME, effective=LATER), "later")
    assert await count(letter_log) == 0
    await ordered(log, crowd.executive, issue(posture=PRESUME))
    assert await count(letter_log) == 1
    begun = Internal(name="begin_fan_out", body={"pending": 3})
    state = DIRECTIVE.replay(None, (await log.read_stream("directive-order-1")).records)
    clerk = Clerk(log, DIRECTIVE, "directive-order-1", state=state, version=2)
    request = clerk.request(BEGIN).model_copy(update={"internal": begun})
    assert types((await clerk.asks(request)).records) == ["FanOutBegun"]
    assert await count(letter_log) == 1
    await ordered(log, crowd.executive, RESCIND)
    assert await count(letter_log) == 2
    assert (await log.read_standing()) == Standing(count=2, position=await last_position(letter_log))


async def test_one_that_supersedes_a_directive_that_does_not_exist_is_refused(
    letter_log: str, log: Watched, crowd: Crowd
) -> None:
    stream = directive_stream("second")
    command = crowd.executive.signed(stream, "issue_directive", issue(supersedes="frist"))
    clerk = Clerk(log, DIRECTIVE, stream)
    answer = await clerk.asks(clerk.request(BEGIN, incoming("issue_directive", command)))
    assert answer.receipt is None
    assert answer.refused is not None
    assert answer.refused.code == DirectiveRefusal.UNKNOWN_DIRECTIVE
    assert answer.refused.message == "there is no directive frist"
    async with Reader(letter_log) as reader:
        assert await reader.directives() == ()


async def test_one_in_force_that_supersedes_another_stands_alone(log: Watched, crowd: Crowd) -> None:
    await ordered(log, crowd.executive, issue(posture=PRESUME), "first")
    await ordered(log, crowd.executive, issue(posture=DENY, supersedes="first", effective=LATER), "second")
    assert [found.key for found in (await log.read_standing()).directives] == ["first"]
    await ordered(log, crowd.executive, issue(posture=DENY, supersedes="first"), "third")
    assert [found.key for found in (await log.read_standing()).directives] == ["third"]
    assert types((await looked_into(log, "first", "supersession")).records) == ["DirectiveSuperseded"]
    assert [found.key for found in (await log.read_standing()).directives] == ["third"]


@pytest.mark.parametrize("how", ["rescinded", "expired", "withdrawn"])
async def test_one_that_was_superseded_does_not_come_back_when_the_other_is_over(
    letter_log: str, log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says, how: str
) -> None:
    """Even where its own stream does not say yet that it was superseded."""
    await ordered(log, crowd.executive, issue(posture=DENY), "first")
    if how == "withdrawn":
        await ordered(
            log, crowd.executive, issue(posture=PRESUME, supersedes="first", condition="Talks"), "second"
        )
        assert [found.key for found in (await log.read_standing()).directives] == ["first"]
        await ordered(log, crowd.officer, ATTEST, "second")
        await ordered(log, crowd.officer, WITHDRAW, "second")
    elif how == "expired":
        await ordered(
            log, crowd.executive, issue(posture=PRESUME, supersedes="first", expires=LATER), "second"
        )
        await advanced(log, "second", LATER)
    else:
        await ordered(log, crowd.executive, issue(posture=PRESUME, supersedes="first"), "second")
        await ordered(log, crowd.executive, RESCIND, "second")
    assert (await log.read_standing()).directives == ()
    answer = await clerk.asks(clerk.request(LATER, says.submits()))
    assert types(answer.records) == ["ApplicationSubmitted", "PartiesScreened"]
    meant = meant_for(in_review(), directive(DENY, key="first"))
    said = await recorded_by_itself(log, clerk.stream, clerk.version, *meant)
    assert (said.status, said.message) == ("refused", "the directive first is not in force")
    first = await looked_into(log, "first", "supersession")
    assert types(first.records) == ["DirectiveSuperseded"]
    assert (await verify(letter_log)).fault is None
    assert (await rebuild(as_administrator(letter_log))).differences == ()


async def test_one_that_never_came_in_force_supersedes_nothing(log: Watched, crowd: Crowd) -> None:
    await ordered(log, crowd.executive, issue(posture=DENY), "first")
    await ordered(log, crowd.executive, issue(supersedes="first", effective=LATER), "second")
    await ordered(log, crowd.executive, RESCIND, "second")
    assert [found.key for found in (await log.read_standing()).directives] == ["first"]
    assert (await looked_into(log, "first", "supersession")).records == ()


async def test_a_license_is_revoked_before_anything_else_happens_to_it(
    log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says
) -> None:
    await says.until_countersignature(GRANT_IN_PART)
    await clerk.asks(clerk.request(BEGIN, says(crowd.countersigner, Countersign(agrees=True))))
    assert clerk.state is not None
    assert clerk.state.license_number is not None
    stream = license_stream(clerk.state.license_number)
    license: Clerk[LicenseState] = Clerk(log, LICENSE, stream)
    license.takes_over((await log.read_stream(stream)).records)
    await ordered(log, crowd.executive, issue(posture=Posture.REVOKE))
    accept = crowd.applicant.signed(stream, "accept_conditions", AcceptConditions())
    answer = await license.asks(license.request(LATER, incoming("accept_conditions", accept)))
    assert types(answer.records) == ["LicenseRevokedByDirective", "CommandRefused"]
    assert license.state is not None
    assert license.state.stage is LicenseStage.REVOKED


async def recorded_by_itself(log: Recorder, stream: str, version: int, *events: Event) -> Recorded:
    records = tuple(event.record() for event in events)
    append = Append(stream=stream, expected_version=version, events=records, view=None)
    return await log.record(Commit(proof=None, appends=(append,)))


async def test_nobody_records_a_directive_that_is_not_in_force(
    log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says
) -> None:
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    events = meant_for(in_review(), directive(DENY))
    assert [type(event) for event in events] == [DirectiveApplied, IntentToDenyIssued]
    for tried in (events, events[1:]):
        said = await recorded_by_itself(log, clerk.stream, clerk.version, *tried)
        assert (said.status, said.code) == ("refused", RefusalCode.UNSIGNED)
    await ordered(log, crowd.executive, issue(posture=DENY))
    said = await recorded_by_itself(log, clerk.stream, clerk.version, events[1])
    assert said.status == "refused", "a notice without the directive that gives it"
    left = meant_for(in_review().held(), directive(DENY))
    said = await recorded_by_itself(log, clerk.stream, clerk.version, left[0], events[1])
    assert said.status == "refused", "a notice after a directive that leaves the case"
    said = await recorded_by_itself(log, clerk.stream, clerk.version, *events)
    assert said.status == "recorded"


async def test_what_directives_led_to_verifies_and_can_be_built_again(
    letter_log: str, log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says
) -> None:
    await says.until_countersignature(GRANT)
    await ordered(log, crowd.executive, issue(posture=DENY, scope=Scope(destinations=frozenset({"NO"}))))
    await log.read_standing()
    await looked_at(clerk)
    assert types(await clerk.on_record())[-2:] == ["DirectiveApplied", "IntentToDenyIssued"]
    await ordered(log, crowd.executive, RESCIND)
    assert (await verify(letter_log)).fault is None
    built = await rebuild(as_administrator(letter_log))
    assert built.differences == ()
    assert "directive" in {table.table for table in built.tables}


async def test_a_directive_row_that_was_tampered_with_is_put_right_and_cases_are_looked_at_again(
    letter_log: str, log: Watched, crowd: Crowd
) -> None:
    await ordered(log, crowd.executive, issue(posture=DENY))
    async with connection(as_administrator(letter_log), application="test") as database:
        await database.execute("UPDATE greenlight.directive SET in_force_since = NULL, stage = 'rescinded'")
    assert (await log.read_standing()).directives == ()
    assert {difference.table for difference in (await rebuild(as_administrator(letter_log))).differences} == {
        "directive"
    }
    found = await log.read_standing()
    assert ([one.key for one in found.directives], found.count) == (["order-1"], 2)


@pytest.mark.parametrize("how", ["rescinded", "superseded by one that is over"])
async def test_the_walk_finds_a_case_that_went_by_a_directive_out_of_force(
    letter_log: str, log: Watched, clerk: Clerk[ApplicationState], crowd: Crowd, says: Says, how: str
) -> None:
    """Whoever writes past the database's checks is found out later."""
    await clerk.asks(clerk.request(BEGIN, says.submits()))
    await ordered(log, crowd.executive, issue(posture=DENY))
    over = "order-1"
    if how != "rescinded":
        over = "order-2"
        await ordered(log, crowd.executive, issue(supersedes="order-1"), over)
    await ordered(log, crowd.executive, RESCIND, over)
    async with connection(as_administrator(letter_log), application="test") as database:
        await database.execute(
            "CREATE OR REPLACE VIEW greenlight.standing_directive AS"
            " SELECT key, now() AS in_force_since FROM greenlight.directive"
        )
    events = meant_for(in_review(), directive(DENY))
    assert (await recorded_by_itself(log, clerk.stream, clerk.version, *events)).status == "recorded"
    fault = (await verify(letter_log)).fault
    assert fault is not None
    assert fault.reason == "the directive order-1 was not in force"

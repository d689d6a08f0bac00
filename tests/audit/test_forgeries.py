"""What somebody wrote into the log's tables who may not: each is found where it stands, and nothing else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from greenlight.audit.walk import audit
from greenlight.eventlog.database import Connection
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rebuild import rebuild
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.verify import verify
from greenlight.kernel.authority import Claims
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import Assign, Countersign, Outcome, SignOff, Withdraw
from greenlight.law.application.dispute.language import Forum
from greenlight.law.application.dossier import Finding, Screening
from greenlight.law.application.events import (
    ApplicationGranted,
    ApplicationWithdrawn,
    CaseAssigned,
    DeadlinePassed,
    ExecutiveSignedOff,
    PartiesScreened,
    RecommendationCountersigned,
    RecommendationSentBack,
    VotesCounted,
)
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.state import dossier_before, dossier_digest
from greenlight.law.application.validity import Validity
from greenlight.law.officer.commands import StateParticulars
from greenlight.law.officer.events import HeldRole, RoleGranted
from greenlight.law.officer.particulars import Particulars
from tests.audit.forging import Forger, append
from tests.eventlog.batches import Lot, at_sign_off
from tests.eventlog.crowd import NOW, Crowd, Signer
from tests.eventlog.decided import BEGINNING, STEPS, decided
from tests.eventlog.histories import Story, live
from tests.law.application.cases import CHECK, GRANT

ELSEWHERE = "shows something else than the events lead to"
LATER = NOW + timedelta(hours=1)
GRANTED = ApplicationGranted(
    at=LATER,
    license_number="D000777",
    lines=(1, 2),
    in_part=False,
    conditions=(),
    riders=(),
    validity=Validity.STANDARD,
)


async def told(recorder: Recorder, crowd: Crowd, *steps: tuple[str, Body]) -> Story:
    story = Story("Z000001")
    for name, body in (*BEGINNING, *steps):
        story = await story.sent(recorder, crowd, name, body)
    return story


async def faults(dsn: str) -> Sequence[tuple[int, str]]:
    """Those of the record. Who forges here leaves the read models behind, and that is found as well."""
    found = (await audit(dsn, processes=1)).faults
    return [(fault.position, fault.reason) for fault in found if ELSEWHERE not in fault.reason]


def signed(signer: Signer, story: Story, name: str, body: Body, **changes: object) -> Claims:
    content = body.model_dump(mode="json")
    dossier = dossier_digest(story.state) if story.state else None
    return signer.claims(application_stream(story.acn), name, content, dossier=dossier, **changes)


async def forged(
    database: Connection, story: Story, signer: Signer | None, claims: Claims | None, *events: Event
) -> int:
    """The position of the first of the events in the story's stream, with all that would follow from them."""
    state = story.state
    for event in events:
        state = APPLICATION.apply(state, event)
    assert state is not None, "it was submitted"
    proof = signer.proof(claims) if signer and claims else None
    own = append(application_stream(story.acn), story.version, *events)
    return await Forger(database).commit(proof, own, *APPLICATION.consequences(state, events))


@pytest.mark.parametrize("outcome", STEPS)
async def test_what_the_service_recorded_is_as_the_law_has_it(
    dsn: str, recorder: Recorder, crowd: Crowd, outcome: str
) -> None:
    await decided(recorder, crowd, "Z000001", outcome)
    assert await faults(dsn) == []


async def test_lives_at_random_are_as_the_law_has_them(dsn: str, recorder: Recorder, crowd: Crowd) -> None:
    for seed in range(20, 30):
        await live(recorder, crowd, f"Z{seed:06}", seed)
    ahead = [reason for _, reason in await faults(dsn) if "lies ahead" not in reason]
    assert ahead == [], "licenses expire in years to come there, and nothing else is wrong"


async def test_a_decision_that_a_release_of_before_took_while_a_hold_lasted(
    dsn: str, recorder: Recorder, crowd: Crowd, database: Connection
) -> None:
    """Its dossier said nothing of holds; what was signed then is lawful."""
    story = await told(recorder, crowd, ("place_hold", CHECK))
    assert story.state is not None
    olga = crowd.of(Role.LICENSING_OFFICER)
    signing = signed(olga, story, "recommend", GRANT)
    before = signing.model_copy(update={"dossier": digest(dossier_before(story.state))})
    decided = APPLICATION.decide(
        story.state,
        Command(key=story.acn, body=GRANT, by=olga.actor, dossier=signing.dossier),
        LATER,
    )
    assert isinstance(decided, tuple)
    await forged(database, story, olga, before, *decided)
    assert await faults(dsn) == []


@pytest.mark.parametrize(
    ("called", "reason"),
    [
        ("Example  networks INC.", None),
        ("Rival Networks LLC", "the law refuses submit: other_name"),
    ],
)
async def test_an_application_that_names_another_than_the_register_has(
    dsn: str, recorder: Recorder, crowd: Crowd, called: str, reason: str | None
) -> None:
    """As a service would record it that did not ask the register."""
    await decided(recorder, crowd, "Z000001", "withdrawn")
    said = StateParticulars(particulars=Particulars(called=called, email="exports@example.org"))
    await crowd.carried_out(recorder, crowd.applicant.actor.officer, said)
    await decided(recorder, crowd, "Z000002", "withdrawn")
    assert [why for _, why in await faults(dsn)] == ([reason] if reason else [])


async def test_a_grant_under_the_token_of_a_withdrawal(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd)
    claims = signed(crowd.applicant, story, "withdraw", Withdraw(reason=None))
    at = await forged(database, story, crowd.applicant, claims, GRANTED)
    assert await faults(dsn) == [
        (at, "the law has ApplicationWithdrawn follow, not ApplicationGranted"),
    ]


async def test_a_signature_that_was_never_made(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await at_sign_off(recorder, crowd, "Z000001")
    impostor = Signer(crowd.executive.actor)
    claims = signed(impostor, story, "sign_off", SignOff(approves=True))
    signed_off = ExecutiveSignedOff(at=LATER, by=impostor.actor, comment=None, inclusion=None)
    at = await forged(database, story, impostor, claims, signed_off, GRANTED)
    found = await faults(dsn)
    assert found[0] == (at, "the proof: the key is not registered")
    assert {position for position, _ in found} <= {at, at + 1, at + 2}


async def test_votes_that_nobody_cast(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd, ("recommend", GRANT))
    counted = VotesCounted(
        at=LATER,
        forum=Forum.ACEP,
        counted_from=LATER,
        outcome=Outcome.GRANT,
        for_it=3,
        cast=3,
        reasons="By vote.",
        lines=(1,),
        conditions=(),
        riders=(),
    )
    at = await forged_blindly(database, story, counted)
    assert await faults(dsn) == [(at, "nothing in the law has the service record VotesCounted here")]


async def forged_blindly(database: Connection, story: Story, *events: Event) -> int:
    """By nobody, whether or not it can follow."""
    own = append(application_stream(story.acn), story.version, *events)
    return await Forger(database).commit(None, own)


async def test_a_screening_against_no_list(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    name, body = BEGINNING[0]
    story = await Story("Z000001").sent(recorder, crowd, name, body)
    findings = tuple(Finding(party=place, outcome="no_match") for place in range(4))
    nothing = PartiesScreened(at=LATER, screening=Screening(list_version=None, findings=findings))
    at = await forged(database, story, None, None, nothing)
    assert await faults(dsn) == [(at, "the parties were held against no list")]


async def test_a_deadline_that_has_not_come(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd)
    early = DeadlinePassed(at=LATER, deadline="resolution", started_at=NOW, citation="15 CFR 750.4(a)(1)")
    at = await forged(database, story, None, None, early)
    assert await faults(dsn) == [(at, "nothing in the law has the service record DeadlinePassed here")]


async def test_a_deadline_that_was_left_out(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd)
    story = replace(story, now=NOW + timedelta(days=20))
    await story.sent(recorder, crowd, "assign", Assign(officer=crowd.officer.actor.officer))
    position = await database.fetchval("SELECT max(position) FROM greenlight.event")
    assert await faults(dsn) == [(position, "DeadlinePassed was due before, and is not on record")]


async def test_legal_time_in_the_future(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd)
    due = APPLICATION.advance(story.state, datetime.now(UTC) + timedelta(days=400))
    at = await forged(database, story, None, None, *due)
    ahead = [event.at.isoformat() for event in due if event.at > datetime.now(UTC) + timedelta(minutes=2)]
    assert ahead
    found = await faults(dsn)
    assert [reason for _, reason in found] == [
        f"legal time {each} lies ahead of the recording" for each in ahead
    ]
    assert found[-1][0] == at + len(due) - 1


async def test_another_content_than_was_signed(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd)
    claims = signed(crowd.officer, story, "assign", Assign(officer="lee"))
    event = CaseAssigned(at=LATER, by=crowd.officer.actor, officer="somebody-else")
    at = await forged(database, story, crowd.officer, claims, event)
    assert await faults(dsn) == [(at, "assign: what was signed is not what is on record")]


async def test_a_dossier_that_the_signer_never_saw(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await at_sign_off(recorder, crowd, "Z000001")
    old = "sha256:" + "0" * 64
    content = SignOff(approves=True).model_dump(mode="json")
    claims = crowd.executive.claims(application_stream("Z000001"), "sign_off", content, dossier=old)
    signed_off = ExecutiveSignedOff(at=LATER, by=crowd.executive.actor, comment=None, inclusion=None)
    at = await forged(database, story, crowd.executive, claims, signed_off, GRANTED)
    assert await faults(dsn) == [(at, "the law refuses sign_off: dossier_changed")]


async def test_an_outcome_of_a_table_that_the_table_does_not_have(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """A countersignature that would do without the executive."""
    story = await told(recorder, crowd, ("recommend", GRANT))
    after = await story.sent(recorder, crowd, "countersign", Countersign(agrees=True))
    record = await database.fetchval("SELECT record FROM greenlight.event ORDER BY position DESC LIMIT 1")
    true = APPLICATION.read(str(record))
    assert isinstance(true, RecommendationCountersigned)
    other = true.sign_off.model_copy(update={"facts": {**true.sign_off.facts, "listed": False}})
    event = true.model_copy(update={"sign_off": other}).record()
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        await database.execute(
            "UPDATE greenlight.event SET record = $1 WHERE stream = $2 AND version = $3",
            event,
            application_stream("Z000001"),
            after.version,
        )
    position = await database.fetchval("SELECT max(position) FROM greenlight.event")
    reason = "the law has another sign_off in RecommendationCountersigned"
    assert await faults(dsn) == [(position, reason)]


async def test_a_person_who_decides_on_their_own_recommendation(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd, ("recommend", GRANT))
    actor = crowd.countersigner.actor
    twin = Signer(actor.model_copy(update={"officer": "twin", "person": crowd.officer.actor.person}))
    await crowd.add(recorder, twin)
    claims = signed(twin, story, "countersign", Countersign(agrees=False))
    back = RecommendationSentBack(at=LATER, by=twin.actor, comment=None)
    at = await forged(database, story, twin, claims, back)
    assert await faults(dsn) == [(at, "the law refuses countersign: own_recommendation")]


async def test_a_license_without_a_grant(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    story = await told(recorder, crowd)
    claims = signed(crowd.applicant, story, "withdraw", Withdraw(reason=None))
    withdrawn = ApplicationWithdrawn(at=LATER, by=crowd.applicant.actor, reason=None)
    assert story.state is not None
    issued = APPLICATION.consequences(APPLICATION.evolve(story.state, GRANTED), (GRANTED,))
    own = append(application_stream("Z000001"), story.version, withdrawn)
    at = await Forger(database).commit(crowd.applicant.proof(claims), own, *issued)
    reason = "LicenseIssued in license-D000777 does not follow from ApplicationWithdrawn"
    assert await faults(dsn) == [(at + 1, reason)]


async def test_a_role_that_no_registrar_granted(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await told(recorder, crowd)
    stream = officer_stream(crowd.applicant.actor.officer)
    grant = HeldRole(role=Role.EXECUTIVE, valid_from=NOW, valid_until=None)
    event = RoleGranted(at=datetime.now(UTC), by=crowd.registrar.actor, grant=grant)
    at = await Forger(database).commit(None, append(stream, 2, event))
    assert await faults(dsn) == [(at, "no command is behind it")]


async def test_after_a_fault_the_rest_is_checked(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """An applicant used to bring every later check to a stop."""
    story = await told(recorder, crowd)
    first = await forged_blindly(database, story, ReturnProposed(at=LATER, reason="None.", citation="None."))
    other = Story("Z000002")
    for name, body in BEGINNING:
        other = await other.sent(recorder, crowd, name, body)
    claims = signed(crowd.applicant, other, "withdraw", Withdraw(reason=None))
    second = await forged(database, other, crowd.applicant, claims, GRANTED)
    assert [position for position, _ in await faults(dsn)] == [first, second]


async def test_a_member_of_a_newer_release_is_told_and_everything_goes_on(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """Whoever is a release behind reads past it, and cannot say whether the law has it so."""
    story = await decided(recorder, crowd, "Z000001", "granted")
    stream, added = application_stream("Z000001"), '{"a_newer_releases":["a","b"],'
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        position = await database.fetchval(
            "UPDATE greenlight.event SET record = $2 || substr(record, 2) WHERE stream = $1 AND version = 1"
            " RETURNING position",
            stream,
            added,
        )
    assert await faults(dsn) == [
        (position, "members that are not known here (a_newer_releases): a newer release may know them")
    ]
    assert (await verify(dsn)).fault is None
    assert (await rebuild(dsn)).differences == ()
    async with Reader(dsn) as reader:
        events = [event async for event in reader.stream(stream)]
        assert events[0].record.startswith(added), "it is kept as it came"
        assert await reader.as_of(APPLICATION, stream, events[-1].at) == story.state


@pytest.mark.parametrize("before", ['{"by":null,', "{ "])
async def test_a_record_in_which_two_readers_may_read_two_things(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd, before: str
) -> None:
    """A member that stands twice is one thing for who takes the first, and another for who takes the last."""
    await told(recorder, crowd)
    async with database.transaction():
        await database.execute("SET LOCAL session_replication_role = replica")
        position = await database.fetchval(
            "UPDATE greenlight.event SET record = $1 || substr(record, 2)"
            " WHERE position = (SELECT position FROM greenlight.log) RETURNING position",
            before,
        )
    assert [each for each, reason in await faults(dsn) if "canonical" in reason] == [position]


async def test_somebody_in_the_register_of_whom_nothing_is_on_record(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    await told(recorder, crowd)
    await database.execute("INSERT INTO greenlight.officer_role VALUES ('mallory', 'executive', now(), NULL)")
    reason = "the table officer_role shows mallory, of which nothing is on record"
    assert [reason for _, reason in await faults(dsn)] == [reason]


async def test_an_applicant_who_takes_the_id_of_a_batchs_decision(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    cases = [await at_sign_off(recorder, crowd, acn) for acn in ("Z000001", "Z000002")]
    lot = await (await Lot(recorder, crowd, tuple(cases)).opened()).signed()
    assert (await recorder.record(await lot.decision(0))).status == "recorded"
    assert (await lot.settled(lot.delivery(0))).status == "recorded"
    taken = lot.delivery(1).command_id
    body = Withdraw(reason=None)
    claims = signed(crowd.applicant, lot.cases[1], "withdraw", body, jti=taken)
    withdrawn = ApplicationWithdrawn(at=LATER, by=crowd.applicant.actor, reason=None)
    proof = crowd.applicant.proof(claims)
    await lot.cases[1].told(recorder, (withdrawn,), proof)
    before = [reason for _, reason in await faults(dsn)]
    await lot.settled(lot.delivery(1))
    await decided(recorder, crowd, "Z000003", "withdrawn")
    assert before == []
    assert [reason for _, reason in await faults(dsn)] == ["the case is on record otherwise"]


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE greenlight.docket SET stage = 'granted'", "docket"),
        ("DELETE FROM greenlight.docket", "docket"),
        ("UPDATE greenlight.task SET role = 'executive'", "task"),
        ("DELETE FROM greenlight.task", "task"),
        ("INSERT INTO greenlight.officer_role VALUES ('lee', 'executive', now(), NULL)", "officer_role"),
    ],
)
@pytest.mark.parametrize("processes", [1, 2])
async def test_a_read_model_that_shows_something_else(
    dsn: str,
    recorder: Recorder,
    database: Connection,
    crowd: Crowd,
    statement: str,
    table: str,
    processes: int,
) -> None:
    await told(recorder, crowd)
    await database.execute(statement)
    reasons = {fault.reason for fault in (await audit(dsn, processes=processes)).faults}
    assert reasons == {f"the table {table} {ELSEWHERE}"}

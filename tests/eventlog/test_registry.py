"""The register of officers over the log."""

import asyncio
from datetime import UTC, datetime

import pytest

from greenlight.eventlog.database import Connection, DatabaseError
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import bootstrap, execute, load, proposed_by
from greenlight.eventlog.verify import verify
from greenlight.kernel.authority import SignedCommand
from greenlight.kernel.commit import Append, Commit, Event, Receipt
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.aggregate import OFFICER as REGISTER
from greenlight.law.officer.commands import (
    AddKey,
    AddOfficer,
    ConfirmChange,
    GrantRole,
    KeyTerm,
    RevokeRole,
    RoleTerm,
)
from greenlight.law.officer.decide import effect, found
from greenlight.law.officer.events import FounderRegistered, HeldRole
from greenlight.law.officer.refusals import OfficerRefusal
from tests.eventlog.crowd import NOW, Crowd, Signer, assignment, commit
from tests.law.actors import AUDITOR, DEPUTY, OFFICER, REGISTRAR

STREAM = officer_stream(AUDITOR.officer)
GRANT = GrantRole(grant=RoleTerm(role=Role.COUNTERSIGNER))


def founders(*signers: Signer) -> dict[str, AddOfficer]:
    return {signer.actor.officer: signer.registration() for signer in signers}


async def test_a_register_begins_once_with_two_registrars(empty: str) -> None:
    both, other = (Signer(REGISTRAR), Signer(DEPUTY)), Signer(AUDITOR)
    await migrate(empty)
    async with Recorder(empty) as recorder:
        for few in (both[:1], (both[0], other)):
            assert isinstance(await bootstrap(recorder, founders(*few)), Refusal)
        unproven = founders(*both)
        unproven[DEPUTY.officer] = (
            both[1].registration().model_copy(update={"possession": both[0].possession(Role.REGISTRAR)})
        )
        assert _code(await bootstrap(recorder, unproven)) is RefusalCode.KEY_NOT_HELD
        said = await asyncio.gather(*(bootstrap(recorder, founders(*both)) for _ in range(3)))
        assert sorted(type(each).__name__ for each in said) == ["Receipt", "Refusal", "Refusal"]
        late = founders(Signer(OFFICER, both[0].key), Signer(AUDITOR, both[1].key))
        assert isinstance(await bootstrap(recorder, late), Refusal)


async def test_the_log_takes_no_founders_but_two_registrars_whom_it_shows(empty: str) -> None:
    """Whoever may write to the log may try: with one registrar, with a third who is more, without rows."""
    await migrate(empty)
    bodies = founders(Signer(REGISTRAR), Signer(DEPUTY))
    events = found(bodies, datetime.now(UTC))
    assert not isinstance(events, Refusal)
    first, second = map(_append, events)
    same = events[1].model_copy(update={"person": events[0].person})
    term = HeldRole(role=Role.EXECUTIVE, valid_from=NOW, valid_until=None)
    more = events[1].model_copy(update={"roles": (*events[1].roles, term)})
    view = second.view
    assert view is not None
    bare = view.model_copy(update={"row": {**view.row, "roles": []}})
    async with Recorder(empty) as recorder:
        for appends in (
            (first,),
            (first, _append(same)),
            (first, _append(more)),
            (first, second.model_copy(update={"view": None})),
            (first, second.model_copy(update={"view": bare})),
        ):
            said = await recorder.record(Commit(proof=None, appends=appends))
            assert (said.status, said.code) == ("refused", RefusalCode.UNSIGNED)
        assert (await recorder.record(Commit(proof=None, appends=(first, second)))).status == "recorded"
    assert (await verify(empty)).fault is None


def _append(event: Event) -> Append:
    assert isinstance(event, FounderRegistered)
    state = REGISTER.replay(None, (event.record(),))
    assert state is not None, "the registration makes one"
    stream = officer_stream(event.officer)
    return Append(stream=stream, expected_version=0, events=(event.record(),), view=REGISTER.view(state, 1))


def _code(said: Receipt | Refusal) -> Code:
    assert isinstance(said, Refusal), said
    return said.code


async def test_one_registrar_alone_makes_nobody_anything(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """Nor themselves: not by another account of theirs, and not if the other registrar helps."""
    own = Signer(REGISTRAR.model_copy(update={"officer": "second-account", "role": Role.EXECUTIVE}))
    for officer, asked in (
        (REGISTRAR.officer, GrantRole(grant=RoleTerm(role=Role.EXECUTIVE))),
        ("second-account", own.registration()),
    ):
        assert _code(await crowd.asked(recorder, officer, asked)) is OfficerRefusal.OWN_REGISTRATION
        by_the_other = await crowd.change(recorder, officer, asked, by=crowd.deputy)
        confirm = ConfirmChange(change=await proposed_by(recorder, by_the_other))
        assert _code(await crowd.asked(recorder, officer, confirm)) is OfficerRefusal.OWN_REGISTRATION
        said = await crowd.asked(recorder, officer, confirm, by=crowd.deputy)
        assert _code(said) is OfficerRefusal.OWN_PROPOSAL
    change = await crowd.propose(recorder, OFFICER.officer, GRANT)
    assert _code(await crowd.asked(recorder, OFFICER.officer, ConfirmChange(change=change))) is (
        OfficerRefusal.OWN_PROPOSAL
    )
    held = "SELECT count(*) FROM greenlight.officer_role WHERE role IN ('executive', 'countersigner')"
    assert await database.fetchval(held) == 2, "those of the crowd"
    assert (await verify(dsn)).fault is None


async def test_the_log_itself_takes_no_change_from_one_registrar(
    dsn: str, recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    """Whoever runs the worker has the registrar's token, and the law is not asked."""
    change = await crowd.propose(recorder, OFFICER.officer, GRANT)
    stream, state = officer_stream(OFFICER.officer), (await load(recorder, OFFICER.officer))[0]
    assert state is not None
    (proposed,) = state.proposed
    confirm = ConfirmChange(change=change).model_dump(mode="json")
    for signer, code in (
        (crowd.registrar, OfficerRefusal.OWN_PROPOSAL),
        (crowd.deputy, OfficerRefusal.NO_SUCH_CHANGE),
    ):
        event = effect(proposed, signer.actor, datetime.now(UTC))
        if code is OfficerRefusal.NO_SUCH_CHANGE:
            event = event.model_copy(update={"change": None})
        _, version = await load(recorder, OFFICER.officer)
        proof = signer.proof(signer.claims(stream, "confirm_change", confirm))
        said = await recorder.record(commit(proof, version, event))
        assert (said.status, said.code) == ("refused", code)
        alone = signer.proof(signer.claims(stream, "grant_role", GRANT.model_dump(mode="json")))
        with pytest.raises(DatabaseError, match="grant_role does not lead to this"):
            await recorder.record(commit(alone, version + 1, event))
    assert (await verify(dsn)).fault is None


async def test_a_new_key_is_held_by_whom_it_is_for(recorder: Recorder, crowd: Crowd) -> None:
    new, other = Signer(OFFICER), Signer(AUDITOR)
    wrong = (
        crowd.officer.possession(),
        other.possession(),
        new.possession(Role.LICENSING_OFFICER),
        Signer(OFFICER.model_copy(update={"person": "p-thief"}), new.key).possession(),
        Signer(AUDITOR, new.key).possession(),
        new.proof(new.claims(STREAM, "assign", {})).token,
    )
    term = KeyTerm(public_key=new.key.public)
    for possession in wrong:
        said = await crowd.asked(recorder, OFFICER.officer, AddKey(key=term, possession=possession))
        assert _code(said) is RefusalCode.KEY_NOT_HELD
        body = other.registration().model_copy(update={"possession": possession})
        assert _code(await crowd.asked(recorder, AUDITOR.officer, body)) is RefusalCode.KEY_NOT_HELD
    right = AddKey(key=term, possession=new.possession())
    await crowd.carried_out(recorder, OFFICER.officer, right)


async def test_what_is_only_proposed_stands_in_no_table_that_counts(
    recorder: Recorder, database: Connection, crowd: Crowd
) -> None:
    auditor = Signer(AUDITOR)
    await crowd.propose(recorder, AUDITOR.officer, auditor.registration())
    await crowd.propose(recorder, OFFICER.officer, GRANT)
    assert await database.fetchval("SELECT count(*) FROM greenlight.officer_role") == len(crowd.members)
    assert await database.fetchval("SELECT count(*) FROM greenlight.officer_key") == len(crowd.members)
    assert await database.fetchval("SELECT count(*) FROM greenlight.officer WHERE person IS NOT NULL") == (
        len(crowd.members)
    )
    said = await recorder.record(assignment(auditor, "Z000001", 0))
    assert said.code is RefusalCode.KEY_NOT_VALID
    waiting = await database.fetch("SELECT \"case\" FROM greenlight.worklist WHERE role = 'registrar'")
    assert {str(row["case"]) for row in waiting} == {AUDITOR.officer, OFFICER.officer}
    for officer in (AUDITOR.officer, OFFICER.officer):
        (change,) = await database.fetch(
            "SELECT change FROM greenlight.officer_change WHERE officer = $1", officer
        )
        await crowd.change(recorder, officer, ConfirmChange(change=str(change["change"])), by=crowd.deputy)
    assert await database.fetchval("SELECT count(*) FROM greenlight.officer_change") == 0
    assert await database.fetchval("SELECT count(*) FROM greenlight.officer_role") == len(crowd.members) + 2


async def test_a_command_is_carried_out_once(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    command = crowd.registrar.signed(STREAM, "add_officer", Signer(AUDITOR).registration())
    first = await execute(recorder, AUDITOR.officer, "add_officer", command)
    assert isinstance(first, Receipt)
    assert (first.version, first.duplicate) == (1, False)
    again = await execute(recorder, AUDITOR.officer, "add_officer", command)
    assert again == first.model_copy(update={"duplicate": True})


async def test_commands_at_the_same_time_all_come_through(recorder: Recorder, crowd: Crowd) -> None:
    await crowd.add(recorder, Signer(AUDITOR))
    grants = [GrantRole(grant=RoleTerm(role=role)) for role in Role if role is not AUDITOR.role]
    await asyncio.gather(*(crowd.carried_out(recorder, AUDITOR.officer, grant) for grant in grants))
    state, version = await load(recorder, AUDITOR.officer)
    assert state is not None
    assert {held.role for held in state.roles} == set(Role)
    assert version == 2 + 2 * len(grants)


async def test_a_refusal_is_on_record(recorder: Recorder, database: Connection, crowd: Crowd) -> None:
    command = crowd.registrar.signed(STREAM, "revoke_role", RevokeRole(role=Role.AUDITOR))
    said = await execute(recorder, AUDITOR.officer, "revoke_role", command)
    assert isinstance(said, Refusal)
    assert said.code is RefusalCode.UNKNOWN_OFFICER
    rows = await database.fetch("SELECT type, command_id FROM greenlight.event WHERE stream = $1", STREAM)
    assert [row["type"] for row in rows] == ["CommandRefused"]
    assert await database.fetchval("SELECT count(*) FROM greenlight.command WHERE stream = $1", STREAM) == 0


async def test_a_body_of_another_shape_is_refused(recorder: Recorder, crowd: Crowd) -> None:
    command = crowd.registrar.signed(STREAM, "add_officer", RevokeRole(role=Role.AUDITOR))
    said = await execute(recorder, AUDITOR.officer, "add_officer", command)
    assert isinstance(said, Refusal)
    assert said.code is RefusalCode.MALFORMED


async def test_only_a_registrar_registers(recorder: Recorder, crowd: Crowd) -> None:
    for role, code in ((Role.REGISTRAR, RefusalCode.ROLE_NOT_HELD), (OFFICER.role, RefusalCode.WRONG_ROLE)):
        command = crowd.officer.signed(STREAM, "add_officer", Signer(AUDITOR).registration(), role=role)
        said = await execute(recorder, AUDITOR.officer, "add_officer", command)
        assert isinstance(said, Refusal)
        assert said.code is code


async def test_a_key_has_one_owner_for_ever(recorder: Recorder, crowd: Crowd) -> None:
    """Nor does an officer with two accounts, who holds it, have it under both."""
    other = Signer(OFFICER.model_copy(update={"officer": "lee-again"}), crowd.officer.key)
    change = await crowd.propose(recorder, "lee-again", other.registration())
    said = await crowd.asked(recorder, "lee-again", ConfirmChange(change=change), by=crowd.deputy)
    assert _code(said) is RefusalCode.KEY_NOT_VALID


async def test_what_is_proposed_is_on_record_as_it_was_signed(
    dsn: str, recorder: Recorder, crowd: Crowd
) -> None:
    """An instant in another form than the log's is refused: the signature could not be held against it."""
    for until, code in (("2999-01-01T00:00:00+00:00", RefusalCode.MALFORMED), ("2999-01-01T00:00:00Z", None)):
        content: JsonObject = {"grant": {"role": "countersigner", "valid_until": until}}
        claims = crowd.registrar.claims(officer_stream(OFFICER.officer), "grant_role", content)
        command = SignedCommand(token=crowd.registrar.proof(claims).token, body=content)
        said = await execute(recorder, OFFICER.officer, "grant_role", command)
        assert (said.code if isinstance(said, Refusal) else None) is code
    assert isinstance(said, Receipt)
    confirm = ConfirmChange(change=await proposed_by(recorder, said))
    await crowd.change(recorder, OFFICER.officer, confirm, by=crowd.deputy)
    assert (await verify(dsn)).fault is None

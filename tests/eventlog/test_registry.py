"""The register of officers over the log."""

import asyncio
from datetime import UTC, datetime

from greenlight.eventlog.database import Connection
from greenlight.eventlog.migrate import migrate
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.registry import bootstrap, execute, load
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Receipt
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.aggregate import OFFICER as REGISTER
from greenlight.law.officer.commands import AddKey, AddOfficer, GrantRole, KeyTerm, RevokeRole, RoleTerm
from tests.eventlog.crowd import Crowd, Signer
from tests.law.actors import AUDITOR, OFFICER, REGISTRAR

STREAM = officer_stream(AUDITOR.officer)


async def test_the_first_officer_registers_once(empty: str) -> None:
    first, second = Signer(REGISTRAR), Signer(AUDITOR)
    await migrate(empty)
    async with Recorder(empty) as recorder:
        applicant = second.registration()
        said = await bootstrap(recorder, AUDITOR.officer, applicant)
        assert isinstance(said, Refusal), "the first officer must be a registrar"
        said = await asyncio.gather(
            *(bootstrap(recorder, f"registrar-{number}", first.registration()) for number in range(3))
        )
        assert [type(each) for each in said] == [Receipt, Refusal, Refusal]
        said = await bootstrap(recorder, "late", first.registration())
        assert isinstance(said, Refusal)
        assert said.code is RefusalCode.UNSIGNED


async def test_nobody_is_the_first_whom_the_register_does_not_show(empty: str) -> None:
    """It would stay empty, and the next one were the first again."""
    await migrate(empty)
    body = Signer(REGISTRAR).registration()
    events = REGISTER.rule(None, Command(key="mallory", body=body, by=None), datetime.now(UTC))
    assert not isinstance(events, Refusal)
    records = tuple(event.record() for event in events)
    append = Append(stream=officer_stream("mallory"), expected_version=0, events=records, view=None)
    state = REGISTER.replay(None, records)
    assert state is not None, "the registration makes one"
    view = REGISTER.view(state, 1)
    bare = view.model_copy(update={"row": {**view.row, "roles": []}})
    async with Recorder(empty) as recorder:
        for shown in (None, bare):
            commit = Commit(proof=None, appends=(append.model_copy(update={"view": shown}),))
            said = await recorder.record(commit)
            assert (said.status, said.code) == ("refused", RefusalCode.UNSIGNED)
        said = await recorder.record(Commit(proof=None, appends=(append.model_copy(update={"view": view}),)))
        assert said.status == "recorded"


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
    await asyncio.gather(*(crowd.change(recorder, AUDITOR.officer, "grant_role", grant) for grant in grants))
    state, version = await load(recorder, AUDITOR.officer)
    assert state is not None
    assert {held.role for held in state.roles} == set(Role)
    assert version == 1 + len(grants)


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
    taken = KeyTerm(public_key=crowd.officer.key.public)
    await crowd.add(recorder, Signer(AUDITOR))
    for name, body in (
        ("add_key", AddKey(key=taken)),
        ("add_officer", AddOfficer(person="p-thief", organisation="bis", key=taken)),
    ):
        officer = AUDITOR.officer if name == "add_key" else "thief"
        command = crowd.registrar.signed(officer_stream(officer), name, body)
        said = await execute(recorder, officer, name, command)
        assert isinstance(said, Refusal)
        assert said.code is RefusalCode.KEY_NOT_VALID

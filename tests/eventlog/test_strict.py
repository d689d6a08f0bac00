"""Whoever has the writer's password calls ``append`` with whatever they like: what no worker asks for is an
error."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from asyncpg import PostgresError

from greenlight.eventlog.database import Connection
from greenlight.eventlog.payload import payload
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.canonical import canonical
from greenlight.kernel.commit import Append, Commit
from greenlight.kernel.model import JsonObject
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream
from tests.eventlog.crowd import Crowd, assignment

AT_ONCE = "UPDATE greenlight.log SET tolerance = '1 minute'"


async def _refused(database: Connection, commit: Mapping[str, object], says: str) -> None:
    before = await database.fetchval("SELECT position FROM greenlight.log")
    shown = await database.fetchval("SELECT count(*) FROM greenlight.officer_role")
    with pytest.raises(PostgresError, match=says):
        await database.fetch("SELECT * FROM greenlight.append($1)", json.dumps([commit]))
    assert await database.fetchval("SELECT position FROM greenlight.log") == before
    assert await database.fetchval("SELECT count(*) FROM greenlight.officer_role") == shown


def _asked(crowd: Crowd) -> dict[str, Any]:
    """A commit that the log has nothing against, as it is asked to record it."""
    key = crowd.officer.key.public
    commit = assignment(crowd.officer, "Z000001", 0)
    return json.loads(payload(commit, kid=key.kid, actor=crowd.officer.actor))


async def test_a_row_is_shown_beside_events_alone(database: Connection, crowd: Crowd) -> None:
    """A view without an event would write the register with nothing on record."""
    view: JsonObject = {"model": "officer", "row": {"officer": "mallory", "keys": [], "roles": []}}
    append: JsonObject = {
        "stream": "officer-mallory",
        "expected_version": 0,
        "last": None,
        "events": [],
        "view": view,
    }
    commit: JsonObject = {"proof": None, "refuses": False, "directives": None, "appends": [append]}
    await _refused(database, commit, "nothing to record")


async def test_a_command_without_events_is_not_on_file(database: Connection, crowd: Crowd) -> None:
    commit = _asked(crowd)
    commit["appends"][0]["events"] = []
    await _refused(database, commit, "nothing to record")


@pytest.mark.parametrize("refuses", [None, "absent"])
async def test_whether_it_refuses_is_always_said(
    database: Connection, crowd: Crowd, refuses: str | None
) -> None:
    commit = _asked(crowd)
    commit["refuses"] = None
    if refuses is not None:
        del commit["refuses"]
    await _refused(database, commit, "refuses")


OTHERS: dict[str, Callable[[str], str]] = {
    "of another type": lambda record: record.replace('"CaseAssigned"', '"ApplicationGranted"'),
    "at another time": lambda record: record.replace('"at":"2026', '"at":"2025'),
    "with a member twice": lambda record: record.replace('{"', '{"type":"ApplicationGranted","', 1),
    "no object": lambda record: f"[{record}]",
}


@pytest.mark.parametrize("how", OTHERS)
async def test_a_record_says_what_is_said_of_it(database: Connection, crowd: Crowd, how: str) -> None:
    commit = _asked(crowd)
    event = commit["appends"][0]["events"][0]
    changed = OTHERS[how](event["record"])
    assert changed != event["record"]
    event["record"] = changed
    await _refused(database, commit, "is not a record of")


async def test_nobody_signs_today_what_is_to_have_happened_earlier(
    database: Connection, crowd: Crowd
) -> None:
    """The legal time of what a command leads to is not before the command was signed."""
    await database.execute(AT_ONCE)
    await _refused(database, _asked(crowd), "before it was signed")


async def test_that_a_proof_is_dated_ahead_is_refused_on_record_before_its_time(
    database: Connection, crowd: Crowd
) -> None:
    """An error instead would be met again with every try, until then."""
    now = datetime.now(UTC)
    proven = assignment(crowd.officer, "Z000001", 0, iat=int(now.timestamp()) + 86_400)
    assert proven.proof is not None
    refused = CommandRefused(
        at=now,
        by=crowd.officer.actor,
        command="assign",
        command_id=proven.proof.claims.jti,
        code=RefusalCode.PROOF_NOT_YET_VALID,
        message="the proof is dated in the future",
    )
    append = Append(
        stream=application_stream("Z000001"), expected_version=0, events=(refused.record(),), view=None
    )
    refusal = Commit(proof=proven.proof, appends=(append,), refuses=True)
    await database.execute(AT_ONCE)
    asked = payload(refusal, kid=crowd.officer.key.public.kid, actor=crowd.officer.actor)
    (answer,) = await database.fetch("SELECT * FROM greenlight.append($1)", f"[{asked}]")
    assert (answer["status"], answer["version"]) == ("recorded", 1)


@pytest.mark.parametrize("appends", [[], None])
async def test_a_commit_appends_to_a_stream(database: Connection, crowd: Crowd, appends: object) -> None:
    """Without one it would be begun again and again, under the lock of the log."""
    commit = _asked(crowd)
    commit["appends"] = appends
    if appends is None:
        del commit["appends"]
    await _refused(database, commit, "a commit appends to a stream")


async def test_a_commit_without_a_stream_gives_its_answer_to_no_other(
    database: Connection, crowd: Crowd
) -> None:
    good, bad = _asked(crowd), _asked(crowd)
    bad["appends"] = []
    with pytest.raises(PostgresError, match="a commit appends to a stream"):
        await database.fetch("SELECT * FROM greenlight.append($1)", json.dumps([good, bad]))


@pytest.mark.parametrize("name", ["no number", "", "x" * 81, "A/../B", None])
async def test_a_stream_has_a_name_that_can_be_read(
    database: Connection, crowd: Crowd, name: str | None
) -> None:
    """Whoever goes through all cases would fail at it, every time."""
    commit = _asked(crowd)
    append = commit["appends"][0]
    append["stream"] = None if name is None else f"application-{name}"
    append["view"] = None
    commit["proof"] = None
    commit["refuses"] = False
    await _refused(database, commit, "this is no name of a stream")


@pytest.mark.parametrize("which", ["somebody", "nobody by name"])
async def test_what_nobody_signed_names_nobody(database: Connection, crowd: Crowd, which: str) -> None:
    commit = _asked(crowd)
    named = {"officer": "olga", "person": "olga", "organisation": "bis", "role": "licensing_officer"}
    by = named if which == "somebody" else dict.fromkeys(named)
    at = commit["appends"][0]["events"][0]["at"]
    record = canonical({"type": "DeadlinePassed", "at": at, "by": by, "deadline": "referral"}).decode()
    commit["proof"] = None
    commit["appends"][0]["view"] = None
    commit["appends"][0]["events"] = [{"type": "DeadlinePassed", "at": at, "record": record}]
    await _refused(database, commit, "names another than the one who signed")

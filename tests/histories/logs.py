"""Whole logs in which everything happens that has a history, as PostgreSQL has them in the end."""

import asyncio
from dataclasses import replace
from pathlib import Path

from greenlight.connection.settings import Settings
from greenlight.eventlog.database import connection
from greenlight.eventlog.registry import execute, load
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import officer_stream
from greenlight.law.officer.commands import (
    AddKey,
    DiscardChange,
    GrantRole,
    KeyTerm,
    RevokeKey,
    RevokeRole,
    RoleTerm,
    StateParticulars,
)
from greenlight.law.officer.particulars import Particulars
from greenlight.signing.keys import SigningKey
from tests.conftest import servers
from tests.histories.refresh import ELSEWHERE, RECORDED
from tests.rehearsal.stage import elsewhere
from tests.workflows.office import Office, open_office

_ROWS = "SELECT stream, to_jsonb(event)::text AS row FROM greenlight.event ORDER BY position"


async def lived(folder: Path) -> list[dict[str, list[str]]]:
    """Of each log the rows, as JSON, by stream."""
    settings = Settings(data=folder / "data", log_level="error")
    logs: list[dict[str, list[str]]] = []
    async with servers(folder / "servers") as target:
        async with open_office(settings, target) as office:
            await asyncio.gather(officer_changed(office), *(unfold(office) for unfold in RECORDED.values()))
            logs.append(await _rows(target.database_url))
        other = await elsewhere(target, Kind.PRODUCTION)
        async with open_office(settings, other) as office:
            for unfold in ELSEWHERE.values():
                await unfold(office)
            logs.append(await _rows(other.database_url))
    return logs


async def officer_changed(office: Office) -> None:
    """An officer is given another key and role, which are taken away again; once more in vain. What is
    proposed after that is given up."""
    signer = (await office.enrolled(Role.LICENSING_OFFICER)).signer
    officer, other = signer.officer, replace(signer, key=SigningKey.generate())
    grant, revoke = GrantRole(grant=RoleTerm(role=Role.COUNTERSIGNER)), RevokeRole(role=Role.COUNTERSIGNER)
    term = KeyTerm(public_key=other.key.public)
    await office.registered(officer, grant)
    await office.registered(officer, AddKey(key=term, possession=other.possession()))
    said = Particulars(name="Lee Ward", title="Licensing Officer", email="ward@agency.example")
    await office.registered(officer, StateParticulars(particulars=said))
    await office.register(officer, revoke)
    await office.register(officer, RevokeKey(kid=other.key.public.kid))
    await office.register(officer, grant)
    state, _ = await load(office.service.recorder, officer)
    assert state is not None, "they are registered"
    await office.register(officer, DiscardChange(change=state.proposed[0].change))
    command = office["registrar"].signer.sign("revoke_role", officer_stream(officer), revoke)
    said = await execute(office.service.recorder, officer, "revoke_role", command)
    assert isinstance(said, Refusal), said


async def _rows(database_url: str) -> dict[str, list[str]]:
    async with connection(database_url, application="test") as database:
        found: dict[str, list[str]] = {}
        for each in await database.fetch(_ROWS):
            found.setdefault(str(each["stream"]), []).append(str(each["row"]))
        return found

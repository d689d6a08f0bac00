"""License numbers are few: only who may grant uses one up."""

import pytest

from greenlight.client import Refused
from greenlight.connection.target import Target
from greenlight.eventlog.database import connection
from greenlight.law.application.commands import Countersign
from tests.workflows.office import Office


async def _given_out(target: Target) -> object:
    async with connection(target.owner_url, application="tests") as database:
        return await database.fetchval(
            "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM greenlight.license_number"
        )


async def test_a_refused_signature_uses_up_no_number(office: Office, target: Target) -> None:
    stream = await office.recommended()
    before = await _given_out(target)
    impostor = office["vera"]
    with pytest.raises(Refused) as refused:
        await impostor.decide(stream, Countersign(agrees=True))
    assert refused.value.code == "role_not_held"
    assert await _given_out(target) == before
    granted = await office["carla"].decide(stream, Countersign(agrees=True))
    assert granted.stage == "granted"
    assert await _given_out(target) != before

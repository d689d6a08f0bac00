"""The typed client brings and fetches documents by the front door, and holds each against its digest."""

import pytest

from greenlight.client import Refused, bring_attachment, fetch_attachment
from tests.door.doors import Door
from tests.door.test_attachments import ATTACHED, PLAN, ROWS, STREAM, at_door
from tests.door.test_caller import reading
from tests.eventlog.crowd import Crowd, Signer

__all__ = ["at_door"]


class Knocks:
    """Somebody with a client."""

    def __init__(self, at: Door, by: Signer) -> None:
        self.at, self.by = at, by

    def token(self) -> str:
        return reading(self.by).removeprefix("Bearer ")

    async def bring(self, content: bytes, stream: str = STREAM) -> tuple[int, bool]:
        return await bring_attachment(self.at.url, self.token, stream, content)

    async def fetch(self, number: int) -> bytes:
        named, content = await fetch_attachment(self.at.url, self.token, STREAM, number)
        assert named == ATTACHED[number - 1]
        return content


async def test_what_is_brought_is_fetched(at_door: Door, crowd: Crowd) -> None:
    acme, olga = Knocks(at_door, crowd.applicant), Knocks(at_door, crowd.officer)
    assert await acme.bring(ROWS) == (2, True)
    assert await acme.bring(ROWS) == (2, False)
    assert await acme.bring(PLAN) == (1, True)
    for reader in (acme, olga):
        assert (await reader.fetch(1), await reader.fetch(2)) == (PLAN, ROWS)


async def test_what_cannot_be_is_refused_by_its_code(
    at_door: Door, crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme, olga = Knocks(at_door, crowd.applicant), Knocks(at_door, crowd.officer)
    for attempt, code in (
        (acme.bring(PLAN + b"!"), "other_bytes"),
        (olga.bring(PLAN), "wrong_role"),
        (acme.bring(PLAN, "application-Z000061"), "no_such_case"),
        (olga.fetch(1), "no_such_attachment"),
        (olga.fetch(3), "no_such_attachment"),
    ):
        with pytest.raises(Refused) as refused:
            await attempt
        assert refused.value.code == code
    await acme.bring(PLAN)

    async def others(*_: object) -> bytes:
        return PLAN[:-1] + b"!"

    # A door that gives something else is found out.
    monkeypatch.setattr(at_door.within.attachments, "get", others)
    with pytest.raises(Refused) as refused:
        await olga.fetch(1)
    assert refused.value.code == "other_bytes"

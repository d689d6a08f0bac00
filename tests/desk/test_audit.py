"""The room of the audit: what is published, what the auditor says, and who may see it."""

from collections.abc import Generator

import pytest

from greenlight.eventlog.publish import Publisher
from greenlight.kernel.roles import Role
from greenlight.signing.keys import SigningKey
from greenlight.tlog.note import KeyType, NoteSigner
from greenlight.tlog.statement import Statement, auditor_of, sign
from tests.desk.desks import Opened, text_of
from tests.workflows.office import Office

LOG, AUDITOR = SigningKey.generate(), SigningKey.generate()
AT = 1_796_000_000


@pytest.fixture(autouse=True)
def _once(desk: Opened) -> Generator[None]:
    """What one test publishes, no other has."""
    yield
    for each in sorted(desk.desk.house.tiles.path.rglob("*"), reverse=True):
        each.unlink() if each.is_file() else each.rmdir()


async def published(office: Office, desk: Opened, *faults: int) -> Statement:
    """The log is published, and an auditor says how it stands."""
    tiles = desk.desk.house.tiles
    async with Publisher(office.service.target.owner_url, tiles, LOG) as publisher:
        made = await publisher.publish()
    assert made is not None
    head = await desk.desk.house.reader.head()
    said = Statement(head.origin, AT, made.size, 0, 1, faults)
    key = NoteSigner(auditor_of(head.origin), AUDITOR, KeyType.COSIGNATURE)
    tiles.add_keys([key.verifier], behind_the_log=True)
    tiles.state(sign(said, NoteSigner(auditor_of(head.origin), AUDITOR)))
    return said


async def test_it_tells_of_checkpoints_and_of_the_auditors_word(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    event = (await office.events(stream))[0]
    async with desk.person("vera", Role.EXECUTIVE) as vera:
        assert "nothing is published of this log" in text_of(await vera.get("/audit")).lower()
        said = await published(office, desk, event.position)
        page = await vera.get("/audit")
    told = text_of(page)
    assert "1 fault is open" in told, told
    assert f"up to position {said.checked}" in told
    assert "1 other, acknowledged by two people" in told
    assert f'<a href="/cases/{stream}">{stream}</a>, event {event.version}' in page.text


async def test_where_all_is_sound_it_says_so(office: Office, desk: Opened) -> None:
    said = await published(office, desk)
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        told = text_of(await olga.get("/audit"))
    assert "No fault is open" in told
    assert "Open faults" not in told
    assert f"{said.checked} not yet nobody" in told, told


@pytest.mark.parametrize(("officer", "role"), [("acme", Role.APPLICANT), ("defense", Role.AGENCY_REVIEWER)])
async def test_it_is_for_those_to_whom_every_case_is_open(desk: Opened, officer: str, role: Role) -> None:
    async with desk.person(officer, role) as person:
        assert (await person.http.get("/audit")).status_code == 403
        assert "/audit" not in (await person.get("/work")).text

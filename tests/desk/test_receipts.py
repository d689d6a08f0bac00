"""The receipt of a signature: it tells what was signed, stays, and is for its sender alone."""

import re
from datetime import UTC, datetime, timedelta

import httpx

from greenlight.eventlog.access import AccessReader
from greenlight.kernel.authority import Claims, read_claims
from greenlight.kernel.roles import Role
from greenlight.law.application.commands import Countersign, RequestInformation
from tests.desk.desks import Opened, Person, text_of
from tests.law.application.cases import CHECK
from tests.workflows.office import Office

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


async def _recommended(person: Person, stream: str) -> httpx.Response:
    check = await person.does(stream, "recommend", outcome="grant", reasons="An existing network.")
    return await person.signs(check)


async def test_it_tells_what_was_signed_and_what_follows_from_the_log(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    began = datetime.now(UTC)
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        done = await _recommended(olga, stream)
        event = (await office.events(stream))[-1]
        claims = read_claims(event.proof or "")
        assert isinstance(claims, Claims)
        assert done.url.path == f"/cases/{stream}/receipts/{claims.jti}"
        told = text_of(done)
        assert f"Recommend is on record as event {event.version}." in told
        assert f"position {event.position} of the log" in told
        assert "An existing network." in told
        assert "olga of agency, as licensing officer" in told
        assert {claims.dossier, claims.body} == {*_DIGEST.findall(done.text)}
        assert "It waits for the countersigner: countersign, or disagree. Due first:" in told
        for path in ("/work", f"/cases/{stream}"):
            assert f'href="{path}"' in done.text
        # It is light: it has nothing of the dossier but its digest.
        assert "word for word" not in told
        assert len(done.content) < 8_000
    async with AccessReader(office.service.target.auditor_url) as reader:
        until = datetime.now(UTC) + timedelta(minutes=1)
        noted = [each async for each in reader.readings(stream=stream, since=began, until=until)]
    assert "receipt" in {each.what for each in noted}


async def test_it_stays_and_says_where_the_case_has_moved_on(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        done = await _recommended(olga, stream)
        version = (await office.status(stream)).version
        assert "moved on since" not in text_of(done)
    await office.send("carla", stream, Countersign(agrees=True))
    async with desk.person("olga", Role.LICENSING_OFFICER) as later:
        told = text_of(await later.get(done.url.path))
        assert f"on record as event {version}." in told
        assert "The case has moved on since, to event" in told


async def test_it_is_for_its_sender_alone(office: Office, desk: Opened) -> None:
    stream, other = await office.submitted(), await office.submitted()
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        at = (await _recommended(olga, stream)).url.path
        command_id = at.rpartition("/")[2]
        for path in (
            f"/cases/{other}/receipts/{command_id}",
            f"/cases/{stream}/receipts/{'A' * 22}",
            f"/cases/{stream}/receipts/{'A' * 65}",
            f"/cases/{stream}/receipts/x",
            f"/cases/{stream}/receipts/%2e%2e",
            f"/cases/application-A000000/receipts/{command_id}",
        ):
            assert (await olga.http.get(path)).status_code == 404, path
    for officer, role in (
        ("oscar", Role.LICENSING_OFFICER),
        ("carla", Role.COUNTERSIGNER),
        ("acme", Role.APPLICANT),
        ("defense", Role.AGENCY_REVIEWER),
    ):
        async with desk.person(officer, role) as person:
            found = await person.http.get(at)
            assert found.status_code == 404, officer
            assert "An existing network." not in found.text


async def test_a_refused_command_has_none(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    await office.send("oscar", stream, CHECK)
    async with desk.person("olga", Role.LICENSING_OFFICER) as olga:
        check = await olga.does(stream, "lift_hold", hold="7")
        refused = await olga.signs(check)
        assert refused.status_code == 409
        event = (await office.events(stream))[-1]
        assert event.type == "CommandRefused"
        path = f"/cases/{stream}/receipts/{event.content['command_id']}"
        assert (await olga.http.get(path)).status_code == 404


async def test_an_applicant_has_one_of_a_filing_and_of_an_answer(office: Office, desk: Opened) -> None:
    stream = await office.submitted()
    await office.send("olga", stream, RequestInformation(request="Which network is it for?"))
    async with desk.person("acme", Role.APPLICANT) as acme:
        done = await acme.signs(await acme.does(stream, "answer", answer="The one in the north."))
        told = text_of(done)
        assert "Answer is on record as event" in told
        assert "The one in the north." in told
        assert "Dossier none: it is no decision" in told

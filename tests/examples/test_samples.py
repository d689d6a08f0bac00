"""Programs in TypeScript and Go file an application and have it decided, with signatures of their own."""

import json
import re
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from greenlight.codec.sealed import label_of
from greenlight.codec_server.serving import address_of, listening, served
from greenlight.connection.target import connect
from greenlight.eventlog.access import AccessReader
from greenlight.eventlog.read import Reader
from greenlight.kernel.aggregate import CommandRefused
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import Submission
from greenlight.law.application.events import (
    ApplicationGranted,
    ApplicationSubmitted,
    ExecutiveSignedOff,
    PartiesScreened,
    RecommendationCountersigned,
    RecommendationMade,
)
from tests.examples.samples import APPLICATION_FILE, EXAMPLES, LANGUAGES, OFFICERS, Place, Said, Sample
from tests.service.site import open_site

ANOTHER_LOG = "production:5f3c1d0a-7a52-4f0e-9a55-0d1f0c6b2e11"

DECIDED = re.compile(
    r"(?P<stream>application-[A-Z]\d{6}): review, waits for licensing_officer\n"
    r"countersigned too early: refused, wrong_stage\n"
    r"recommended: countersignature\n"
    r"countersigned: sign_off\n"
    r"signed off: granted\n"
    r"(?P=stream): granted, license (?P<license>D\d{6})\n"
)


@pytest_asyncio.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Place]:
    """A service that takes encrypted payloads alone, and its codec server."""
    folder = tmp_path_factory.mktemp("site")
    async with open_site(folder) as site, site.worker(folder / "said", GREENLIGHT_CODEC="required"):
        with listening("127.0.0.1", 0, "a test") as listener:
            async with served(listener, site.target.sealing, site.target.database_url, (), share=0.25):
                yield Place(site, address_of(listener))


@pytest.fixture(scope="module", params=list(LANGUAGES))
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return LANGUAGES[request.param](tmp_path_factory.mktemp(request.param))


def decided(said: Said) -> re.Match[str]:
    """How a sample tells of a case that was granted: its stream, and the number of its license."""
    found = DECIDED.fullmatch(said.out)
    assert found, said
    assert said.code == 0
    return found


async def test_it_files_a_case_and_has_it_signed_off(sample: Sample, place: Place, tmp_path: Path) -> None:
    """With words whose canonical form most ways to write JSON get wrong."""
    application = json.loads(APPLICATION_FILE.read_text())
    application["end_use"] = 'R&D at <Zürich>, "as is" \\ 深圳 😀'
    changed = tmp_path / "application.json"
    changed.write_text(json.dumps(application, ensure_ascii=False))

    found = decided(await sample.run(place, application=changed))

    async with Reader(place.site.target.database_url) as reader:
        events = [APPLICATION.read(event.record) async for event in reader.stream(found["stream"])]
    application["reference"] = f"PO-{found['stream'].removeprefix('application-')}"
    match [event for event in events if not isinstance(event, PartiesScreened)]:
        case [
            ApplicationSubmitted(by=applicant, application=filed),
            CommandRefused(code="wrong_stage", by=hasty),
            RecommendationMade(by=officer),
            RecommendationCountersigned(by=countersigner),
            ExecutiveSignedOff(by=executive),
            ApplicationGranted(license_number=license),
        ]:
            assert filed == Submission.model_validate(application)
            assert hasty == countersigner
            assert license == found["license"]
            signed = [each.officer for each in (applicant, officer, countersigner, executive)]
            assert signed == list(OFFICERS.values())
        case _:
            raise AssertionError(events)


async def test_what_is_refused_ends_it_with_the_code(sample: Sample, place: Place) -> None:
    said = await sample.run(place, log=ANOTHER_LOG)
    assert (said.code, said.out) == (1, "")
    assert "wrong_log" in said.err


async def test_all_that_it_sends_is_encrypted_for_the_case(sample: Sample, place: Place) -> None:
    found = decided(await sample.run(place))
    temporal = await connect(place.site.target)
    history = await temporal.get_workflow_handle(found["stream"]).fetch_history()
    inputs = [
        payload
        for event in history.events
        for input in (
            event.workflow_execution_started_event_attributes.input,
            event.workflow_execution_update_accepted_event_attributes.accepted_request.input.args,
        )
        for payload in input.payloads
    ]
    assert len(inputs) == 5, "what was filed, and four commands"
    assert {label_of(payload).case for payload in inputs} == {found["stream"]}


async def test_each_reads_by_the_codec_server_in_their_own_name(sample: Sample, place: Place) -> None:
    stream = decided(await sample.run(place))["stream"]
    now = datetime.now(UTC)
    async with AccessReader(place.site.target.auditor_url) as reader:
        readings = reader.readings(since=now - timedelta(hours=1), until=now + timedelta(hours=1))
        assert {each.officer async for each in readings if each.stream == stream} == set(OFFICERS.values())


async def test_without_a_codec_server_it_is_told_so(sample: Sample, place: Place) -> None:
    """By the service's refusal, or by the SDK, which cannot read that either."""
    said = await sample.run(place, plain=True)
    assert (said.code, said.out) == (1, "")
    assert re.search("refused, malformed|Unknown encoding: binary/encrypted", said.err)


def test_what_it_is_built_from_is_pinned() -> None:
    """To exact versions, from whichever registry a machine has."""
    package = json.loads((EXAMPLES / "typescript" / "package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    lock = json.loads((EXAMPLES / "typescript" / "package-lock.json").read_text())
    locked = {name: each for name, each in lock["packages"].items() if name}
    assert all("integrity" in each and "resolved" not in each for each in locked.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted

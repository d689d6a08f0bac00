"""A concept costs what is written about it, in one place: an aggregate that no file of the service names.

``noise_permit.py`` declares it: two commands, three events, a deadline, a letter, a code of refusal. Here it
lives on the real service, by the typed client and the stock command line.
"""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from greenlight.connection.settings import Settings
from greenlight.embedded import running
from tests.architecture.cost import cost
from tests.service.processes import Said, Worker, run
from tests.workflows.office import eventually

FREE_PORTS = {
    "GREENLIGHT_TEMPORAL_PORT": "0",
    "GREENLIGHT_UI_PORT": "0",
    "GREENLIGHT_DOOR_ADDRESS": "127.0.0.1:0",
    "GREENLIGHT_DESK_ADDRESS": "127.0.0.1:0",
    "GREENLIGHT_LETTER_INTERVAL": "0.2",
}
HERE = "tests.architecture.noise_permit"


class Service:
    """A service that knows noise permits, and its command line."""

    def __init__(self, settings: dict[str, str]) -> None:
        self.settings = settings
        self.data = Path(settings["GREENLIGHT_DATA"])

    async def run(self, *words: str) -> Said:
        said = await run(self.settings, "starter.py", *words)
        assert said.code == 0, said.err
        return said


@pytest.fixture(scope="module")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Service]:
    folder = tmp_path_factory.mktemp("noise")
    settings = {**FREE_PORTS, "GREENLIGHT_DATA": str(folder / "data"), "GREENLIGHT_EXTENSIONS": HERE}
    worker = Worker(settings, folder / "said")
    await worker.start()
    await worker.ready()
    try:
        yield Service(settings)
    finally:
        await worker.stop()


def test_no_file_of_the_service_names_it() -> None:
    """Neither by its class nor by its table, nor by a command, event or code of it."""
    names = ("NoisePermit", "request_permit", "grant_permit", "PermitRequested", "RequestLapsed", "too_loud")
    found = cost(names)
    assert {*found.source, *found.generated, *found.prose} == set()
    assert {Path(path).name for path in found.tests} == {
        "noise_permit.py",
        "noise_client.py",
        "test_one_place.py",
    }


async def test_it_lives_by_the_command_line(service: Service) -> None:
    asked = await service.run(
        "noise", "request-permit", "quay-1", "harbour", "--decibels", "90", "--as", "acme"
    )
    assert "noise-quay-1" in asked.out
    assert "quay-1" in (await service.run("list", "--kind", "noise")).out
    waiting = (await service.run("worklist", "--as", "olga", "--json")).out
    assert "quay-1" in waiting
    grant = ("noise", "grant-permit", "quay-1", "70", "--as", "olga")
    unseen = await run(service.settings, "starter.py", *grant)
    assert (unseen.code, "nobody signs unseen" in unseen.err) == (2, True)
    shown = (await service.run("show", "noise-quay-1")).out
    dossier = next(line.split()[-1] for line in shown.splitlines() if line.startswith("Dossier "))
    granted = await service.run(*grant, "--dossier", dossier)
    assert "granted" in granted.out
    assert "granted" in (await service.run("show", "noise-quay-1")).out
    told = (await service.run("history", "noise-quay-1", "--json")).out
    assert [name for name in ("PermitRequested", "PermitGranted") if name not in told] == []

    refused = await run(
        service.settings,
        *("starter.py", "noise", "request-permit", "quay-2"),
        *("harbour", "--decibels", "101", "--as", "acme"),
    )
    assert (refused.code, "too_loud" in refused.err) == (1, True)


async def test_it_lives_by_the_typed_client_and_lapses_by_itself(service: Service) -> None:
    keys = Settings(data=service.data).keys
    said = await run(service.settings, "-m", "tests.architecture.noise_client", str(service.data), str(keys))
    assert said.code == 0, said.err
    begun = said.document["begun"]
    assert isinstance(begun, dict)
    assert (begun["stage"], begun["waiting_for"]) == ("requested", "licensing_officer")
    assert (said.document["workflow"], said.document["summary"]) == ("NoisePermit", "Noise permit square-1")
    assert said.document["late"] == "case_closed"
    shown = (await service.run("show", "noise-square-1", "--json")).document["state"]
    assert isinstance(shown, dict)
    assert shown["stage"] == "lapsed"


async def test_its_letter_is_sent_and_can_be_made_again(service: Service) -> None:
    letter = service.data / "letters" / "noise-quay-1-2-noise_permit.pdf"

    async def there() -> bool:
        return letter.exists()

    await eventually(there, "the letter")
    assert letter.read_bytes().startswith(b"%PDF")
    assert "noise_permit" in (await service.run("letters", "noise-quay-1", "--json")).out
    assert (await service.run("letters", "--check", "--json")).document["different"] == []


async def test_its_record_is_proven_and_rebuilt(service: Service) -> None:
    assert "noise" not in (await service.run("verify")).err
    rebuilt = (await service.run("rebuild", "--json")).document
    assert rebuilt["differences"] == []
    tables = rebuilt["tables"]
    assert isinstance(tables, list)
    assert "noise_permit" in json.dumps(tables)


async def test_whoever_migrates_keeps_what_an_extension_brought(service: Service) -> None:
    """The program knows it by the same variable. One that is not told so says so of what it does not know."""
    up = running(service.data)
    assert up is not None, "the worker holds it"
    told = {**service.settings, "GREENLIGHT_OWNER_URL": up.owner_url}
    said = await run(told, "-m", "greenlight.eventlog.migrate")
    assert (said.code, said.out) == (0, "nothing to do\n")
    untold = {name: value for name, value in service.settings.items() if name != "GREENLIGHT_EXTENSIONS"}
    verified = await run(untold, "starter.py", "verify")
    assert (verified.code, "is not known here" in verified.err + verified.out) == (1, True)


async def test_it_has_its_schema_and_its_commands(service: Service) -> None:
    schema = json.dumps((await service.run("schemas")).document["noise"])
    assert [name for name in ("request_permit", "grant_permit", "PermitGranted") if name not in schema] == []
    help_ = (await service.run("noise", "request-permit", "--help")).out
    assert "Ask to be loud in a place." in help_
    assert "--decibels" in help_

"""Whatever strangers send, as the document has it or not: their mistakes are theirs, never the server's.

With ``--large`` ten thousand requests, otherwise some hundred; half of them by whoever shows who they are.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any, NamedTuple, cast

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as drawing
from schemathesis import GenerationMode
from schemathesis.core import NOT_SET

from greenlight.client import Signer
from greenlight.connection.settings import Settings
from greenlight.connection.target import Target
from greenlight.kernel.canonical import NotCanonicalError
from greenlight.kernel.roles import Role
from greenlight.law.contract import permitted
from greenlight.signing.reading import sign_reading
from tests.door.doors import Door, door
from tests.workflows.office import Office, open_office

SOME, MANY = 300, 10_000
READERS = {"acme": Role.APPLICANT, "olga": Role.LICENSING_OFFICER, "vera": Role.EXECUTIVE}


@pytest_asyncio.fixture(scope="module")
async def office(settings: Settings, target: Target) -> AsyncGenerator[Office]:
    async with open_office(settings, target) as office:
        yield office


@pytest_asyncio.fixture(scope="module")
async def at_door(
    office: Office, target: Target, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[Door]:
    with pytest.MonkeyPatch.context() as patched:
        # All of them come from one address.
        patched.setattr("greenlight.serving.house.FAILURES_AT_ONCE", 1e6)
        async with door(target.database_url, office.temporal, tmp_path_factory.mktemp("tiles")) as opened:
            yield opened


class Drawn(NamedTuple):
    """A request that schemathesis drew."""

    method: str
    path: str
    query: dict[str, Any]
    headers: dict[str, Any]
    body: Any


def drawn(document: dict[str, Any], requests: int, chance: random.Random) -> list[Drawn]:
    """Requests of every operation, those that the document allows and others, mixed."""
    # Its types leave much open.
    schema: Any = schemathesis.openapi.from_dict(document)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]
    each = -(-requests // (2 * len(operations)))
    found: list[Drawn] = []
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            found += _of(operation, mode, each, chance.getrandbits(32))
    chance.shuffle(found)
    return found


def _of(operation: Any, mode: GenerationMode, requests: int, first: int) -> list[Drawn]:
    found: list[Drawn] = []

    @seed(first)
    @drawing(
        max_examples=requests,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(operation.as_strategy(generation_mode=mode))
    def draw(case: Any) -> None:
        found.append(
            Drawn(case.method, case.formatted_path, case.query or {}, dict(case.headers or {}), case.body)
        )

    try:
        draw()
    except BaseException as error:
        # Of some, nothing is against the document.
        if mode is GenerationMode.POSITIVE or "Unsatisfiable" not in type(error).__name__:
            raise
    return found[:requests]


async def sent(at_door: Door, office: Office, request: Drawn, by: str | None) -> httpx.Response | None:
    """The answer to a request, of somebody who shows who they are or of nobody; None: HTTP knows no such."""
    headers = {name: str(value) for name, value in request.headers.items()}
    body = None if request.body is NOT_SET else request.body
    if by is not None:
        signer = office[by].signer
        assert signer.log is not None
        token = sign_reading(signer.officer, READERS[by], signer.log, signer.key)
        headers["Authorization"] = f"Bearer {token}"
        if request.path.startswith("/cases/") and isinstance(body, dict):
            body = signed(signer, request.path, cast("dict[str, Any]", body))
    try:
        content = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        if content is not None:
            headers.setdefault("Content-Type", "application/json")
        return await at_door.http.request(
            request.method, request.path, params=request.query, headers=headers, content=content
        )
    except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError, ValueError):
        return None


def signed(signer: Signer, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """The command with a signature of somebody who may send it, so that it gets as far as it can."""
    _, _, stream, name = path.split("/", 3)
    try:
        role = min(permitted().get(name, frozenset({Role.APPLICANT})))
        command = signer.sign(name, stream, body.get("body", {}), role=role, dossier="sha256:" + "0" * 64)
    except (ValueError, TypeError, NotCanonicalError):
        return body
    return body | {"token": command.token, "at": None, "inclusion": None}


@pytest.mark.parametrize("requests", [SOME, pytest.param(MANY, marks=pytest.mark.large)])
async def test_nothing_that_is_sent_is_an_error_of_the_servers(
    at_door: Door, office: Office, requests: int, request: pytest.FixtureRequest
) -> None:
    await office.granted()
    chance = random.Random(f"{request.config.getoption('hypothesis_seed')}")
    document = (await at_door.http.get("/openapi.json")).json()
    said: Counter[int] = Counter()
    faults: list[str] = []
    for number, each in enumerate(await asyncio.to_thread(drawn, document, requests, chance)):
        by = [*READERS][number // 2 % len(READERS)] if number % 2 else None
        answer = await sent(at_door, office, each, by)
        if answer is None:
            continue
        said[answer.status_code] += 1
        if answer.status_code >= 500 or (
            answer.status_code >= 400 and answer.headers["content-type"] != "application/problem+json"
        ):
            faults.append(f"{by}: {each}: {answer.status_code} {answer.text}")
    assert not faults, f"{len(faults)} of {sum(said.values())}: {faults[0]}"
    assert sum(said.values()) > 0.9 * requests, said
    assert {200, 400, 401, 404} <= said.keys(), said
    assert said[429] == 0, said

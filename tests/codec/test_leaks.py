"""Whoever has Temporal's files, its interface or the worker's logs reads nothing of a filing.

15 CFR 748.1(c), 50 U.S.C. 4820(h). The log of events is the record, and has to tell; it is not looked at.
"""

import asyncio
import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from greenlight.law.contract import SearchAttribute
from tests import repeating
from tests.addresses import free_address
from tests.codec.seeded import Words, lived, unsealed, words
from tests.service.site import Site, open_site

MODES = ("off", "accept_plain")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}={0,2}")


@pytest.fixture
def said() -> Words:
    return words(repeating.chance("words"))


@pytest.mark.parametrize("mode", MODES)
async def test_nothing_of_a_filing_is_found_around_temporal(mode: str, said: Words, tmp_path: Path) -> None:
    """Without the codec all of it is, so that what is searched is where it would be."""
    places = await _places(mode, said, tmp_path)
    found = {place: _among(content, said) for place, content in places.items()}
    everywhere = frozenset[str]().union(*found.values())
    if mode == "off":
        assert everywhere == said.all
        assert found["the interface"] == said.all
        assert found["Temporal's files"] == said.all
    else:
        assert {place: sorted(names)[:5] for place, names in found.items() if names} == {}


async def _places(mode: str, said: Words, folder: Path) -> Mapping[str, bytes]:
    """Everything that is kept or shown beside the record, by where it is."""
    async with open_site(folder / "site") as site:
        if mode == "off":
            await unsealed(site)
        address = free_address()
        settings = {"GREENLIGHT_CODEC": mode, "GREENLIGHT_LOG_LEVEL": "debug"}
        async with site.worker(folder / "worker", GREENLIGHT_METRICS_ADDRESS=address, **settings) as worker:
            await lived(site, said)
            shown = await asyncio.to_thread(_interface, site)
            metrics = await asyncio.to_thread(_read, f"http://{address}/metrics")
            await worker.stop()
            logs = f"{worker.out}\n{worker.err}".encode()
        kept = [path.read_bytes() for path in (folder / "site" / "temporal").rglob("*") if path.is_file()]
    return {
        "Temporal's files": b"\n".join(kept),
        "the interface": shown,
        "the worker's log": logs,
        "its metrics": metrics,
    }


def _interface(site: Site) -> bytes:
    """All that the UI's pages ask the server for: lists, and of each workflow the description, the whole
    history and what it answers."""
    api = f"{site.target.ui}/api/v1/namespaces/{site.target.namespace}"
    listed = _read(f"{api}/workflows")
    said = [listed, _read(f"{api}/search-attributes")]
    for each in json.loads(listed)["executions"]:
        stream, run = (quote(each["execution"][name]) for name in ("workflowId", "runId"))
        where = f"{api}/workflows/{stream}"
        said.append(_read(f"{where}?execution.runId={run}"))
        page = ""
        while True:
            asked = f"execution.runId={run}&nextPageToken={quote(page)}"
            history = _read(f"{where}/history?{asked}")
            said.append(history)
            page = json.loads(history).get("nextPageToken", "")
            if not page:
                break
    # Where a workflow has just begun, it may be listed without.
    assert any(
        SearchAttribute.WAITING_FOR.value in json.dumps(each) for each in json.loads(listed)["executions"]
    )
    return b"\n".join(said)


def _read(url: str) -> bytes:
    with urlopen(url, timeout=30) as answer:
        return answer.read()


def _among(content: bytes, said: Words) -> frozenset[str]:
    """The words in what was read, also where it stands in base64, inside one another."""
    layers = [content]
    for _ in range(2):
        layers.append(b"\n".join(_decoded(layers[-1])))
    return frozenset(word for word in said.all if any(word.encode() in layer for layer in layers))


def _decoded(content: bytes) -> Iterator[bytes]:
    for found in _BASE64.findall(content):
        text = found.rstrip(b"=")
        # What is cut off at the end is at most two bytes.
        whole = text[: len(text) - len(text) % 4]
        yield base64.urlsafe_b64decode(whole.replace(b"+", b"-").replace(b"/", b"_"))

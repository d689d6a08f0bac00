"""Attachments: named by the filing, brought by the applicant, read by whoever may read the case."""

import json
import os
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from pydantic import ValidationError

from greenlight.attached.checked import State, checked, had
from greenlight.attached.store import (
    DamagedError,
    Folder,
    Kept,
    OtherBytesError,
    OtherLogError,
    Store,
)
from greenlight.attached.unnamed import unnamed
from greenlight.codec.master import make
from greenlight.codec.service import FileKeys
from greenlight.connection.settings import Settings
from greenlight.embedded.users import READER
from greenlight.eventlog.read import Reader
from greenlight.eventlog.recorder import Recorder
from greenlight.law.application.attachments import (
    MAX_ATTACHMENTS,
    MAX_BYTES,
    Attachment,
    MediaType,
    digest_of,
)
from greenlight.law.application.commands import RecordScreening, Submit
from greenlight.law.application.dossier import Submission
from greenlight.service import upkeep
from greenlight.service.background import Items
from tests.addresses import as_user
from tests.door.doors import Door, door, kept_in, nowhere
from tests.door.test_caller import reading
from tests.door.test_reading import noted
from tests.eventlog.crowd import Crowd, Signer
from tests.eventlog.histories import Story
from tests.law import actors
from tests.law.application.cases import PARTIES, screening, submission

PLAN = b"%PDF-1.7 The network plan of Lighthouse"
ROWS = b"line;site\n1;Oslo\n" * 20_000
"""More than any other request may have."""
STREAM = "application-Z000060"
LOG, OTHER_LOG = (f"production:{each}" for each in (uuid.UUID(int=1), uuid.UUID(int=2)))
CASE = f"/cases/{STREAM}/attachments"


def named(content: bytes, kind: MediaType, title: str) -> Attachment:
    return Attachment(title=title, type=kind, size=len(content), digest=digest_of(content))


ATTACHED = (named(PLAN, MediaType.PDF, "Network plan"), named(ROWS, MediaType.CSV, "Sites"))
FILED = submission().model_copy(update={"attachments": ATTACHED})


@pytest_asyncio.fixture
async def at_door(dsn: str, recorder: Recorder, crowd: Crowd, tmp_path: Path) -> AsyncGenerator[Door]:
    story = Story(STREAM.partition("-")[2])
    found = RecordScreening(screening=screening("no_match", "no_match"), parties=PARTIES)
    for name, body in (("submit", Submit(application=FILED)), ("record_screening", found)):
        story = await story.sent(recorder, crowd, name, body)
    async with door(as_user(dsn, READER), await nowhere(), tmp_path / "tiles", feeds=False) as opened:
        yield opened


async def bring(
    at_door: Door,
    by: Signer,
    number: int,
    content: bytes | AsyncIterator[bytes],
    kind: str = "application/pdf",
) -> httpx.Response:
    headers = {"Authorization": reading(by), "Content-Type": kind}
    return await at_door.http.put(f"{CASE}/{number}", content=content, headers=headers)


def test_who_attaches_nothing_signs_what_was_signed_before() -> None:
    assert "attachments" not in submission().model_dump_json()
    assert Submission.model_validate_json(FILED.model_dump_json(), strict=True) == FILED


@pytest.mark.parametrize(
    ("attachments", "told"),
    [
        ([*ATTACHED, ATTACHED[0]], "attachment 3 is the same as attachment 1: name it once"),
        (
            [named(bytes([each]), MediaType.TEXT, "x") for each in range(MAX_ATTACHMENTS + 1)],
            "at most 20 items",
        ),
    ],
)
def test_what_cannot_be_attached_is_refused(attachments: list[Attachment], told: str) -> None:
    content = {**submission().model_dump(mode="json"), "attachments": [e.model_dump() for e in attachments]}
    with pytest.raises(ValidationError, match=told):
        Submission.model_validate_json(json.dumps(content), strict=True)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("type", "text/html"),
        ("type", "image/svg+xml"),
        ("size", 0),
        ("size", MAX_BYTES + 1),
        ("digest", "sha256:1"),
        ("title", ""),
    ],
)
def test_an_attachment_is_of_a_type_and_size_that_is_taken(member: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Attachment.model_validate({**ATTACHED[0].model_dump(), member: value})


async def test_bytes_are_brought_once_and_read_as_they_are(
    at_door: Door, crowd: Crowd, dsn: str, recorder: Recorder
) -> None:
    assert [(await bring(at_door, crowd.applicant, 1, PLAN)).status_code for _ in range(2)] == [201, 204]
    assert (await bring(at_door, crowd.applicant, 2, ROWS, "text/csv; charset=utf-8")).status_code == 201
    listed = (await at_door.get(CASE, crowd.officer)).json()
    assert [(each["number"], each["title"], each["there"]) for each in listed["attachments"]] == [
        (1, "Network plan", True),
        (2, "Sites", True),
    ]
    for by in (crowd.officer, crowd.applicant):
        answer = await at_door.get(f"{CASE}/1", by)
        assert answer.content == PLAN
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"] == 'attachment; filename="Z000060-1.pdf"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert (await at_door.get(f"{CASE}/2", crowd.officer)).content == ROWS
    read = [(by, what) for by, stream, what in await noted(dsn) if stream == STREAM]
    officer, applicant = crowd.officer.actor.officer, crowd.applicant.actor.officer
    assert sorted(each for each in read if each[1] == "attachment") == sorted(
        [(officer, "attachment"), (applicant, "attachment"), (officer, "attachment")]
    )
    # The log has digests alone.
    async with Reader(as_user(dsn, READER)) as reader:
        assert not [each async for each in reader.stream(STREAM) if "network plan of" in each.record.lower()]


async def test_other_bytes_are_refused_and_none_are_kept(at_door: Door, crowd: Crowd, tmp_path: Path) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 100_000

    for content, told in (
        (PLAN[:-1], f"it has {len(PLAN) - 1} bytes, and the filing names {len(PLAN)}"),
        (PLAN[:-1] + b"!", "its digest is another"),
        (PLAN + b"!", f"it has more than {len(PLAN)} bytes"),
        (pieces(), f"it has more than {len(PLAN)} bytes"),
    ):
        answer = await bring(at_door, crowd.applicant, 1, content)
        assert (answer.status_code, answer.json()["code"]) == (422, "other_bytes")
        assert answer.json()["detail"].startswith(told)
    assert (await bring(at_door, crowd.applicant, 1, PLAN, "text/html")).status_code == 415
    assert not list((tmp_path / "attachments").glob("*/*"))
    missing = await at_door.get(f"{CASE}/1", crowd.officer)
    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_attachment")


async def test_nobody_else_brings_or_reads_them(
    at_door: Door, crowd: Crowd, recorder: Recorder, dsn: str
) -> None:
    await crowd.add(recorder, crowd.other_applicant)
    defense = Signer(actors.REVIEWERS["defense"])
    await crowd.add(recorder, defense)
    assert (await bring(at_door, crowd.applicant, 1, PLAN)).status_code == 201
    # A department has the case once it was referred to it.
    for by in (crowd.other_applicant, defense):
        for path in (CASE, f"{CASE}/1"):
            assert (await at_door.get(path, by)).json()["code"] == "no_such_case"
    assert (await bring(at_door, crowd.other_applicant, 2, ROWS, "text/csv")).status_code == 404
    assert (await bring(at_door, crowd.officer, 2, ROWS, "text/csv")).json()["code"] == "wrong_role"
    for number in (3, 99):
        assert (await bring(at_door, crowd.applicant, number, PLAN)).json()["code"] == "no_such_attachment"
        assert (await at_door.get(f"{CASE}/{number}", crowd.officer)).status_code == 404
    nobody = await at_door.http.put(f"{CASE}/1", content=PLAN, headers={"Content-Type": "application/pdf"})
    assert nobody.status_code == 401
    assert (await at_door.http.put("/docket", content=PLAN)).status_code == 405


@pytest.mark.parametrize("sealed", [True, False])
async def test_the_store_encrypts_and_tells_what_was_changed(tmp_path: Path, sealed: bool) -> None:
    make(tmp_path / "codec.json")
    folder = tmp_path / "store"
    store = Folder(folder, FileKeys(tmp_path / "codec.json"), sealed=sealed)
    plan, _ = ATTACHED
    assert await store.get(LOG, STREAM, plan) is None
    assert await store.put(LOG, STREAM, plan, PLAN)
    assert not await store.put(LOG, STREAM, plan, PLAN)
    (file,) = folder.glob("*/*")
    assert (b"network plan" in file.read_bytes()) != sealed
    assert (file.stat().st_mode & 0o077, file.parent.stat().st_mode & 0o077) == (0, 0)
    assert await store.get(LOG, STREAM, plan) == PLAN
    # Of another case it is not there; and moved there it is not opened, if it is encrypted.
    other = "application-Z000061"
    assert not await store.has(other, plan)
    (folder / other).mkdir()
    (folder / other / file.name).write_bytes(file.read_bytes())
    if sealed:
        with pytest.raises(DamagedError):
            await store.get(LOG, other, plan)
    file.write_bytes(file.read_bytes()[:-1] + b"!")
    with pytest.raises(DamagedError, match="bring it back from a backup"):
        await store.get(LOG, STREAM, plan)
    with pytest.raises(OtherBytesError):
        await store.put(LOG, other, plan, ROWS)


async def test_what_no_filing_names_is_removed_after_a_while(
    dsn: str, at_door: Door, crowd: Crowd, tmp_path: Path
) -> None:
    assert (await bring(at_door, crowd.applicant, 1, PLAN)).status_code == 201
    store, log = kept_in(tmp_path / "attachments"), (await at_door.within.reader.head()).name
    stray = named(b"Nobody names this", MediaType.TEXT, "Stray")
    assert await store.put(log, STREAM, stray, b"Nobody names this")
    assert await store.put(log, "application-Z999999", stray, b"Nobody names this")
    now = datetime.now(UTC)
    async with Reader(as_user(dsn, READER)) as reader:
        assert await unnamed(store, reader, now) == ()
        found = await unnamed(store, reader, now + timedelta(days=31))
    assert [(each.stream, each.digest) for each in found] == [
        (STREAM, stray.digest),
        ("application-Z999999", stray.digest),
    ]
    # What is brought again before it is removed stays.
    assert not await store.put(log, STREAM, stray, b"Nobody names this")
    for each in found:
        await store.drop(each)
    left = await store.everything(log)
    assert [without_since(each) for each in left] == sorted(
        [(STREAM, ATTACHED[0].digest), (STREAM, stray.digest)]
    )


async def test_a_worker_removes_what_no_filing_names(
    dsn: str, at_door: Door, crowd: Crowd, tmp_path: Path
) -> None:
    assert (await bring(at_door, crowd.applicant, 1, PLAN)).status_code == 201
    folder = tmp_path / "attachments"
    store, log = kept_in(folder), (await at_door.within.reader.head()).name
    old, new = (named(each, MediaType.TEXT, "Stray") for each in (b"Of a month ago", b"Of today"))
    assert await store.put(log, STREAM, old, b"Of a month ago")
    assert await store.put(log, "application-Z999999", new, b"Of today")
    ago = (datetime.now(UTC) - timedelta(days=31)).timestamp()
    for each in (old, ATTACHED[0]):
        os.utime(folder / STREAM / each.digest.removeprefix("sha256:"), (ago, ago))
    settings = Settings(data=tmp_path)
    task = upkeep.cleaning(settings, settings.sealing(make=True), as_user(dsn, READER))
    for _ in range(2):
        await task.act(Items(1.0))
        left = [without_since(each) for each in await store.everything(log)]
        assert left == [(STREAM, ATTACHED[0].digest), ("application-Z999999", new.digest)]
    # The same guard as by hand: nothing of another log's.
    (folder / "log").write_text(OTHER_LOG)
    with pytest.raises(OtherLogError):
        await task.act(Items(1.0))
    assert task.at_the_start


async def test_the_whole_store_is_held_against_what_filings_name(
    dsn: str, at_door: Door, crowd: Crowd, tmp_path: Path
) -> None:
    assert (await bring(at_door, crowd.applicant, 2, ROWS, "text/csv")).status_code == 201
    folder = tmp_path / "attachments"
    store, log = kept_in(folder), (await at_door.within.reader.head()).name

    async def found(store: Store, listed: str = "") -> list[State]:
        async with Reader(as_user(dsn, READER)) as reader:
            each = [each async for each in checked(store, reader, had(listed)) if each.stream == STREAM]
        assert [one.number for one in each] == [1, 2]
        return [one.state for one in each]

    plan, rows = (f"./{STREAM}/{each.digest.removeprefix('sha256:')}" for each in ATTACHED)
    assert await found(store, f"./log\n{rows}\n./{STREAM}/.draft\n") == [State.NOT_BROUGHT, State.WHOLE]
    assert await found(store, f"{plan}\n{rows}") == [State.MISSING, State.WHOLE]
    (folder / rows).write_bytes(b"!")
    assert await found(store) == [State.NOT_BROUGHT, State.DAMAGED]
    # Under a key that is lost nothing can be told of the bytes.
    for name in ("first", "second"):
        make(tmp_path / name)
    (folder / rows).unlink()
    assert await Folder(folder, FileKeys(tmp_path / "first"), sealed=True).put(log, STREAM, ATTACHED[1], ROWS)
    assert await found(Folder(folder, FileKeys(tmp_path / "second"), sealed=True)) == [
        State.NOT_BROUGHT,
        State.LOCKED,
    ]
    (folder / "log").write_text(OTHER_LOG)
    with pytest.raises(OtherLogError):
        await found(store)


async def test_what_is_not_the_stores_own_is_left_alone(tmp_path: Path) -> None:
    store, (plan, _) = kept_in(tmp_path), ATTACHED
    assert await store.put(LOG, STREAM, plan, PLAN)
    digest = plan.digest.removeprefix("sha256:")
    old = 1_000_000_000
    draft = tmp_path / STREAM / f".{digest}.0123abcd"
    theirs = [
        tmp_path / "keys" / "acme.json",
        tmp_path / "keys" / digest,
        tmp_path / "application-A12345" / digest,
        tmp_path / STREAM / "notes.txt",
        tmp_path / STREAM / ".notes.0123abcd",
        tmp_path / "codec.json",
    ]
    for file in (*theirs, draft):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"!")
        os.utime(file, (old, old))
    (tmp_path / STREAM / ("0" * 64)).symlink_to(theirs[0])
    found = await store.everything(LOG)
    assert {without_since(each) for each in found} == {(STREAM, plan.digest), (STREAM, draft.name)}
    for each in found:
        await store.drop(each)
    assert all(file.exists() for file in theirs)
    assert not draft.exists()


async def test_a_store_is_one_logs(tmp_path: Path) -> None:
    store, (plan, rows) = kept_in(tmp_path / "store"), ATTACHED
    assert await store.everything(LOG) == ()
    assert await store.put(LOG, STREAM, plan, PLAN)
    for asked in (
        store.put(OTHER_LOG, STREAM, rows, ROWS),
        store.put(OTHER_LOG, STREAM, plan, PLAN),
        store.get(OTHER_LOG, STREAM, plan),
        store.everything(OTHER_LOG),
    ):
        with pytest.raises(OtherLogError, match=f"the log {LOG}, .*name another folder by GREENLIGHT_ATT"):
            await asked
    assert await store.get(LOG, STREAM, plan) == PLAN
    # What was put there before a store said whose it is is read, and is nobody's to remove.
    (tmp_path / "store" / "log").unlink()
    assert await store.get(LOG, STREAM, plan) == PLAN
    assert await store.everything(OTHER_LOG) == ()


async def test_what_was_damaged_is_brought_again(at_door: Door, crowd: Crowd, tmp_path: Path) -> None:
    assert (await bring(at_door, crowd.applicant, 1, PLAN)).status_code == 201
    (file,) = (tmp_path / "attachments").glob(f"{STREAM}/*")
    whole = file.read_bytes()
    for damaged in (b"", whole[:-1] + b"!", whole + b"!" * 8_192):
        file.write_bytes(damaged)
        answer = await at_door.get(f"{CASE}/1", crowd.officer)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert [(await bring(at_door, crowd.applicant, 1, PLAN)).status_code for _ in range(2)] == [201, 204]
        assert (await at_door.get(f"{CASE}/1", crowd.officer)).content == PLAN


async def test_what_cannot_be_read_or_written_is_told(at_door: Door, crowd: Crowd, tmp_path: Path) -> None:
    assert (await bring(at_door, crowd.applicant, 1, PLAN)).status_code == 201
    (file,) = (tmp_path / "attachments").glob(f"{STREAM}/*")
    file.unlink()
    os.mkfifo(file)
    answer = await at_door.get(f"{CASE}/1", crowd.officer)
    assert (answer.status_code, "is a pipe, and no file" in answer.json()["detail"]) == (503, True)
    file.unlink()
    file.mkdir()
    answer = await bring(at_door, crowd.applicant, 1, PLAN)
    assert (answer.status_code, "cannot be written" in answer.json()["detail"]) == (503, True)
    assert str(tmp_path) not in answer.text


def without_since(kept: Kept) -> tuple[str, str]:
    return kept.stream, kept.digest

"""A sealed payload opens where it belongs, as it was, under its key; anywhere else it says why not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.converter import (
    ActivitySerializationContext,
    SerializationContext,
    WorkflowSerializationContext,
)

from greenlight.codec import master
from greenlight.codec.payloads import CaseCodec, refused_as_plain, unopened
from greenlight.codec.sealed import CASE, DATA_KEY, ENCODING, KEY_ID
from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.codec.service import FileKeys
from greenlight.connection.converter import data_converter
from greenlight.kernel.unopened import Unopened, UnopenedError

CASES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=60)


def _payload(metadata: dict[str, bytes], data: bytes) -> Payload:
    return Payload(metadata=metadata, data=data)


PAYLOADS = st.builds(
    _payload,
    st.dictionaries(st.text(max_size=20), st.binary(max_size=20), max_size=3),
    st.binary(max_size=2_000),
)


def of_case(case: str) -> SerializationContext:
    return WorkflowSerializationContext(namespace="default", workflow_id=case)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "codec.json"
    master.make(path)
    return path


@pytest.fixture(scope="module")
def codec(path: Path) -> CaseCodec:
    return CaseCodec.of(CodecMode.ACCEPT_PLAIN, FileKeys(path))


def another(path: Path, mode: CodecMode = CodecMode.ACCEPT_PLAIN) -> CaseCodec:
    """Of another program, which has seen nothing yet."""
    return CaseCodec.of(mode, FileKeys(path))


async def reason(codec: CaseCodec, payload: Payload) -> Unopened:
    (opened,) = await codec.decode([payload])
    found = unopened(opened)
    assert found is not None, opened
    return found


@given(case=CASES, payloads=st.lists(PAYLOADS, max_size=4))
async def test_what_is_sealed_opens_as_it_was(
    codec: CaseCodec, path: Path, case: str, payloads: list[Payload]
) -> None:
    sealed = await codec.with_context(of_case(case)).encode(payloads)
    for reader in (codec, another(path)):
        assert await reader.with_context(of_case(case)).decode(sealed) == payloads
    for before, after in zip(payloads, sealed, strict=True):
        assert set(after.metadata) == {"encoding", KEY_ID, DATA_KEY, CASE}
        sealed_parts = (after.data, after.metadata[KEY_ID], after.metadata[DATA_KEY])
        assert len(before.data) < 8 or all(before.data not in part for part in sealed_parts)


@given(payload=PAYLOADS)
async def test_nothing_is_sealed_twice_alike(codec: CaseCodec, payload: Payload) -> None:
    of_one = codec.with_context(of_case("application-A000001"))
    one, other = await of_one.encode([payload, payload])
    assert one.data != other.data


@given(case=CASES, other=CASES, payload=PAYLOADS)
async def test_what_is_moved_to_another_case_opens_nowhere(
    codec: CaseCodec, case: str, other: str, payload: Payload
) -> None:
    if case == other:
        return
    (sealed,) = await codec.with_context(of_case(case)).encode([payload])
    assert "of another case" in (await reason(codec.with_context(of_case(other)), sealed)).problem
    sealed.metadata[CASE] = other.encode()
    found = await reason(codec.with_context(of_case(other)), sealed)
    assert (found.passing, "cannot be opened" in found.problem or "no such case" in found.problem) == (
        False,
        True,
    )


@given(payload=PAYLOADS, data=st.data())
async def test_a_changed_bit_opens_nowhere(
    codec: CaseCodec, path: Path, payload: Payload, data: st.DataObject
) -> None:
    (sealed,) = await codec.with_context(of_case("license-D000001")).encode([payload])
    place = data.draw(st.sampled_from(["data", DATA_KEY]))
    content = bytearray(sealed.data if place == "data" else sealed.metadata[place])
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    if place == "data":
        sealed.data = bytes(content)
    else:
        sealed.metadata[place] = bytes(content)
    for reader in (codec, another(path)):
        assert not (await reason(reader.with_context(of_case("license-D000001")), sealed)).passing


@given(
    metadata=st.dictionaries(st.sampled_from([KEY_ID, DATA_KEY, CASE]), st.binary(max_size=80)),
    content=st.binary(),
)
async def test_whatever_calls_itself_sealed_harms_nothing(
    codec: CaseCodec, metadata: dict[str, bytes], content: bytes
) -> None:
    payload = Payload(metadata={**metadata, "encoding": ENCODING}, data=content)
    assert (await reason(codec.with_context(of_case("application-A000001")), payload)).problem


async def test_an_activity_of_the_case_reads_what_the_case_was_sent(codec: CaseCodec) -> None:
    (sealed,) = await codec.with_context(of_case("application-A000001")).encode([Payload(data=b"x")])
    activity = ActivitySerializationContext(
        "default", "1", "decide_and_record", "licensing", "application-A000001", "LicenseApplication", True
    )
    assert await codec.with_context(activity).decode([sealed]) == [Payload(data=b"x")]


async def test_a_case_has_one_key_and_not_one_for_each_program(path: Path) -> None:
    sender, worker = another(path).with_context(of_case("a")), another(path).with_context(of_case("a"))
    (asked,) = await sender.encode([Payload(data=b"asked")])
    await worker.decode([asked])
    (answered,) = await worker.encode([Payload(data=b"answered")])
    assert answered.metadata[DATA_KEY] == asked.metadata[DATA_KEY]


# Rotation


async def test_after_a_rotation_old_keys_read_and_the_new_one_writes(tmp_path: Path) -> None:
    path, now = tmp_path / "codec.json", [0.0]
    master.make(path)
    keys = FileKeys(path, clock=lambda: now[0])
    codec = CaseCodec.of(CodecMode.REQUIRED, keys).with_context(of_case("a"))
    (before,) = await codec.encode([Payload(data=b"before")])
    changed = master.change(path, master.rotated)
    now[0] += 2
    (after,) = await codec.encode([Payload(data=b"after")])
    assert [each.metadata[KEY_ID].decode() for each in (before, after)] == list(changed.keys)
    reader = CaseCodec.of(CodecMode.REQUIRED, FileKeys(path)).with_context(of_case("a"))
    assert await reader.decode([before, after]) == [Payload(data=b"before"), Payload(data=b"after")]


async def test_a_lost_key_is_named_and_read_again_when_it_is_back(tmp_path: Path) -> None:
    path, other = tmp_path / "codec.json", tmp_path / "other.json"
    kept, replaced = master.make(path), master.make(other)
    (sealed,) = await another(path).with_context(of_case("a")).encode([Payload(data=b"x")])
    now = [0.0]
    without = FileKeys(other, clock=lambda: now[0])
    codec = CaseCodec.of(CodecMode.ACCEPT_PLAIN, without).with_context(of_case("a"))
    found = await reason(codec, sealed)
    assert found.passing
    assert kept.current in found.problem
    both = replaced.with_added(kept.keys[kept.current])
    master.change(other, lambda _: both)
    now[0] += 2
    assert await codec.decode([sealed]) == [Payload(data=b"x")]


# Plain payloads


@pytest.mark.parametrize("mode", CodecMode)
async def test_plain_payloads_are_understood_unless_they_are_to_be_refused(
    path: Path, mode: CodecMode
) -> None:
    codec = another(path, mode).with_context(of_case("a"))
    plain = Payload(metadata={"encoding": b"json/plain"}, data=b'{"a":1}')
    (came,) = await codec.decode([plain])
    assert refused_as_plain(came) is (mode is CodecMode.REQUIRED)
    converter = data_converter(Sealing(mode, path)).payload_converter
    (read,) = converter.from_payloads([came])
    assert isinstance(read, Unopened) is (mode is CodecMode.REQUIRED)
    # Whoever asks for a type, as for what a case of before was answered, reads it all the same.
    assert converter.from_payloads([came], [object]) == [{"a": 1}]


async def test_a_start_that_says_nothing_may_come_plain(path: Path) -> None:
    codec = another(path, CodecMode.REQUIRED).with_context(of_case("a"))
    resume = Payload(metadata={"encoding": b"json/plain"}, data=b'{"resume": true}')
    assert await codec.decode([resume]) == [resume]


async def test_switched_off_it_writes_plain_and_reads_what_is_sealed(path: Path) -> None:
    (sealed,) = await another(path).with_context(of_case("a")).encode([Payload(data=b"x")])
    off = another(path, CodecMode.OFF).with_context(of_case("a"))
    assert await off.decode([sealed]) == [Payload(data=b"x")]
    assert await off.encode([Payload(data=b"x")]) == [Payload(data=b"x")]


async def test_what_cannot_be_opened_is_an_error_to_who_asks_for_a_type(path: Path, tmp_path: Path) -> None:
    converter = data_converter(Sealing(CodecMode.ACCEPT_PLAIN, path)).with_context(of_case("a"))
    (sealed,) = await converter.encode([{"a": 1}])
    elsewhere = data_converter(Sealing(CodecMode.ACCEPT_PLAIN, tmp_path / "c.json", make=True))
    reader = elsewhere.with_context(of_case("a"))
    with pytest.raises(UnopenedError, match=master.load(path).current):
        await reader.decode([sealed], [object])
    (read,) = await reader.decode([sealed])
    assert isinstance(read, Unopened)


async def test_without_any_keys_what_is_sealed_waits_too(path: Path) -> None:
    converter = data_converter(Sealing(CodecMode.ACCEPT_PLAIN, path)).with_context(of_case("a"))
    (sealed,) = await converter.encode([{"a": 1}])
    (read,) = await data_converter(Sealing.off()).decode([sealed])
    assert isinstance(read, Unopened)
    assert not isinstance(read, RawValue)


# The file


def _open_to_others(path: Path) -> None:
    path.chmod(0o644)


def _of_another_form(path: Path) -> None:
    path.write_text("{}")


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (_open_to_others, "open to others"),
        (Path.unlink, "there are no codec keys at"),
        (_of_another_form, "are not as written"),
    ],
)
def test_a_file_that_is_not_as_it_must_be_says_so(
    tmp_path: Path, spoil: Callable[[Path], object], says: str
) -> None:
    path = tmp_path / "codec.json"
    master.make(path)
    spoil(path)
    with pytest.raises(master.CodecKeysError, match=says) as raised:
        master.load(path)
    assert len(str(raised.value).splitlines()) == 1


def test_another_key_cannot_stand_under_the_id_of_one_that_is_lost(tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    lost, put = master.make(first), master.make(second)
    text = second.read_text().replace(put.current, lost.current)
    second.write_text(text)
    with pytest.raises(
        master.CodecKeysError, match=f"the key {lost.current} is not the one that had this id"
    ):
        master.load(second)


def test_keys_are_made_once_for_their_owner_alone_and_shown_to_nobody(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "codec.json"
    made = master.make(path)
    assert master.make(path) == made
    assert (path.stat().st_mode & 0o777, list(path.parent.iterdir())) == (0o600, [path])
    secret = made.keys[made.current].secret
    assert repr(secret) not in repr(made)

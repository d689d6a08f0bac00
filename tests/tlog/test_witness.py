"""A witness on a real port: it cosigns what extends, and nothing else, also after it was killed."""

import hashlib
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from greenlight.kernel import merkle
from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.asking import OutsideWitness, WitnessError, ask, ask_all, read_witnesses
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.note import KeyType, Note, NoteSigner
from greenlight.tlog.request import Request
from greenlight.tlog.tiles import subtree_reader
from greenlight.tlog.witness import NotCosignedError, Witness, WitnessBusyError, serving
from tests.tlog.grown import LOG, ORIGIN, Grown

SIGNER = NoteSigner("witness.example", SigningKey.generate(), KeyType.COSIGNATURE)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    with closing(Witness(tmp_path, SIGNER, [LOG.verifier])) as opened:
        yield opened


def note(grown: Grown) -> Note:
    return checkpoint.sign(grown.checkpoint, LOG)


def request(old: int, grown: Grown) -> bytes:
    subtree = subtree_reader(grown.edge.size, grown.tiles.__getitem__)
    path = merkle.consistency(old, grown.edge.size, subtree) if old <= grown.edge.size else []
    return bytes(Request(old, tuple(path), note(grown)))


def refused(witness: Witness, content: bytes) -> tuple[int, str]:
    with pytest.raises(NotCosignedError) as said:
        witness.add_checkpoint(content)
    return said.value.status, str(said.value)


def test_it_cosigns_a_log_that_grows(witness: Witness) -> None:
    grown, old = Grown(), 0
    for size in (0, 1, 255, 256, 300, 300, 700):
        content = request(old, grown.to(size))
        signature = witness.add_checkpoint(content)
        assert SIGNER.verifier.signed(note(grown).text, signature.content)
        old = size


def test_it_refuses_what_does_not_extend(witness: Witness) -> None:
    witness.add_checkpoint(request(0, Grown().to(300)))
    assert refused(witness, request(0, Grown().to(400))) == (409, "300\n")
    assert refused(witness, request(299, Grown().to(400))) == (409, "300\n")
    assert refused(witness, request(300, Grown(fork=200).to(400)))[0] == 422
    assert refused(witness, request(300, Grown(fork=299).to(300)))[0] == 422, "twice for one size"
    assert refused(witness, request(250, Grown().to(250))) == (409, "300\n"), "a log that was cut off"
    assert refused(witness, request(300, Grown().to(250)))[0] == 400
    witness.add_checkpoint(request(300, Grown().to(300)))


def test_it_refuses_what_is_not_the_logs(witness: Witness) -> None:
    grown = Grown().to(5)
    stranger = NoteSigner("other.example", SigningKey.generate())
    forger = NoteSigner(ORIGIN, SigningKey.generate())
    other = checkpoint.sign(Checkpoint("other.example", 5, grown.edge.root()), stranger)
    assert refused(witness, bytes(Request(0, (), other)))[0] == 404
    assert refused(witness, bytes(Request(0, (), checkpoint.sign(grown.checkpoint, forger))))[0] == 403
    assert refused(witness, bytes(Request(0, (bytes(32),), note(grown))))[0] == 422
    wrong = checkpoint.sign(Checkpoint(ORIGIN, 0, bytes(32)), LOG)
    assert refused(witness, bytes(Request(0, (), wrong)))[0] == 422
    for content in (b"", b"old 0\n", b"old x\n\n" + bytes(note(grown)), b"\xff\n\n" + bytes(note(grown))):
        assert refused(witness, content)[0] == 400
    many = bytes(Request(0, (bytes(32),) * 64, note(grown)))
    assert refused(witness, many)[0] == 400


def test_it_remembers_what_it_saw(tmp_path: Path) -> None:
    with closing(Witness(tmp_path, SIGNER, [LOG.verifier])) as first:
        first.add_checkpoint(request(0, Grown().to(300)))
        with pytest.raises(WitnessBusyError):
            Witness(tmp_path, SIGNER, [LOG.verifier])
    with closing(Witness(tmp_path, SIGNER, [LOG.verifier])) as second:
        assert refused(second, request(0, Grown().to(10))) == (409, "300\n")


def test_what_cannot_be_kept_is_not_cosigned(witness: Witness, tmp_path: Path) -> None:
    (tmp_path / hashlib.sha256(ORIGIN.encode()).hexdigest()).write_text("in the way")
    with pytest.raises(OSError, match=r"exists|directory"):
        witness.add_checkpoint(request(0, Grown().to(3)))


def test_it_answers_over_http(witness: Witness) -> None:
    grown = Grown().to(300)
    with serving(witness, "127.0.0.1", 0) as port:
        outside = OutsideWitness.parse(f"http://127.0.0.1:{port} {SIGNER.verifier}")
        subtree = subtree_reader(300, grown.tiles.__getitem__)
        signature = ask(outside, note(grown), 0, subtree)
        assert SIGNER.verifier.signed(note(grown).text, signature.content)
        # It is asked from a size that it is not at, says so, and is asked again.
        subtree = subtree_reader(700, grown.to(700).tiles.__getitem__)
        assert ask(outside, note(grown), 0, subtree).time >= signature.time
        forked = Grown(fork=5).to(900)
        with pytest.raises(WitnessError, match="422"):
            ask(outside, note(forked), 700, subtree_reader(900, forked.tiles.__getitem__))
        small = Grown().to(5)
        with pytest.raises(WitnessError, match="seen 700 entries"):
            ask(outside, note(small), 0, subtree_reader(5, small.tiles.__getitem__))
        origin = hashlib.sha256(ORIGIN.encode()).hexdigest()
        url = f"http://127.0.0.1:{port}/{origin}/checkpoint"
        with urllib.request.urlopen(url) as answer:
            kept = answer.read()
        said, _ = checkpoint.read(kept, LOG.verifier, [SIGNER.verifier])
        assert said.size == 700


def test_one_that_is_silent_holds_up_nobody(witness: Witness) -> None:
    grown = Grown().to(3)
    away = NoteSigner("away.example", SigningKey.generate(), KeyType.COSIGNATURE)
    with serving(witness, "127.0.0.1", 0) as port:
        both = read_witnesses(
            f"http://127.0.0.1:{port}/ {SIGNER.verifier}, http://127.0.0.1:1/ {away.verifier}"
        )
        olds: dict[str, int] = {}
        asked = ask_all(both, note(grown), olds, subtree_reader(3, grown.tiles.__getitem__))
    assert [each.name for each in asked.signatures] == ["witness.example"]
    assert asked.failed.keys() == {"away.example"}
    assert olds == {"witness.example": 3}


def test_a_signature_that_is_not_the_witness_s_is_not_taken(tmp_path: Path) -> None:
    other = NoteSigner(SIGNER.name, SigningKey.generate(), KeyType.COSIGNATURE)
    grown = Grown().to(3)
    with (
        closing(Witness(tmp_path, other, [LOG.verifier])) as impostor,
        serving(impostor, "127.0.0.1", 0) as port,
    ):
        outside = OutsideWitness.parse(f"http://127.0.0.1:{port} {SIGNER.verifier}")
        with pytest.raises(WitnessError, match="does not hold"):
            ask(outside, note(grown), 0, subtree_reader(3, grown.tiles.__getitem__))


@pytest.mark.parametrize(
    "text",
    ["ftp://x key", "http://x", "http://x a+b+c", f"http://x {LOG.verifier}"],
    ids=["another protocol", "no key", "no such key", "a log's key"],
)
def test_a_witness_is_an_address_and_a_key(text: str) -> None:
    with pytest.raises(ValueError, match=r"witness|verifier key|cosignatures|base64"):
        read_witnesses(text)

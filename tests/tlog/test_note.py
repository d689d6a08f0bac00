"""Signed notes: the published example, and that no other spelling passes for one."""

import pytest

from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.note import KeyType, Note, NoteError, NoteSigner, VerifierKey
from tests.tlog.grown import AUDITOR, LOG, ORIGIN, TIME

KEY = VerifierKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ON"
    "ncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
"""The example of c2sp.org/signed-note."""


def _checkpoint(size: int = 7) -> Note:
    note = checkpoint.sign(Checkpoint(ORIGIN, size, bytes(32)), LOG)
    return note.with_signatures([checkpoint.cosign(note, AUDITOR, TIME)])


def test_the_published_example_holds() -> None:
    note = Note.parse(EXAMPLE)
    assert note.signers([KEY]) == (KEY,)
    assert bytes(note) == EXAMPLE
    assert str(KEY).startswith("example.com/foo+530d903a+")


@pytest.mark.parametrize(
    "content",
    [
        EXAMPLE[:-1],
        EXAMPLE.replace(b"\n\n", b"\n"),
        EXAMPLE.replace("—".encode(), b"-"),
        EXAMPLE.replace(b"aQM=", b"aQN="),
        EXAMPLE.replace(b"example message", b"example\tmessage"),
        EXAMPLE.replace(b"message", b"mess\xffage"),
        b"",
        b"a" * 70_000 + EXAMPLE,
    ],
)
def test_what_is_no_note_is_refused(content: bytes) -> None:
    with pytest.raises(NoteError):
        Note.parse(content).signers([KEY])


@pytest.mark.parametrize(
    "text",
    [
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l",
        "example.com/foo+530d903a",
        "example.com/foo bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "",
    ],
)
def test_a_mistyped_key_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(text)


def test_keys_are_told_apart_by_name_and_type() -> None:
    key = SigningKey.generate()
    signers = (NoteSigner("a", key), NoteSigner("b", key), NoteSigner("a", key, KeyType.COSIGNATURE))
    assert len({signer.verifier.id for signer in signers}) == 3
    for signer in signers:
        assert VerifierKey.parse(str(signer.verifier)) == signer.verifier


def test_a_checkpoint_is_read_back() -> None:
    said, note = checkpoint.read(bytes(_checkpoint()), LOG.verifier, [AUDITOR.verifier])
    assert said == Checkpoint(ORIGIN, 7, bytes(32))
    assert note.signatures[1].time == TIME


def test_a_checkpoint_lacks_a_cosignature() -> None:
    note = checkpoint.sign(Checkpoint(ORIGIN, 7, bytes(32)), LOG)
    with pytest.raises(NoteError, match=r"not signed by auditor\.example"):
        checkpoint.read(bytes(note), LOG.verifier, [AUDITOR.verifier])


def test_a_cosignature_is_no_signature_of_the_log() -> None:
    """The same key under another type signs another text."""
    as_witness = NoteSigner(ORIGIN, LOG.key, KeyType.COSIGNATURE)
    note = Note(_checkpoint().text, (checkpoint.cosign(_checkpoint(), as_witness, TIME),))
    with pytest.raises(NoteError):
        checkpoint.read(bytes(note), LOG.verifier)


@pytest.mark.parametrize("size", ["-1", "01", "1.0", "", "+1", "9223372036854775808", "١"])
def test_a_size_has_one_spelling(size: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(f"{ORIGIN}\n{size}\n{'A' * 43}=\n")


def test_any_bit_that_is_changed_in_a_checkpoint_is_found() -> None:
    content = bytes(_checkpoint())
    for at in range(len(content) * 8):
        changed = bytearray(content)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(NoteError):
            checkpoint.read(bytes(changed), LOG.verifier, [AUDITOR.verifier])

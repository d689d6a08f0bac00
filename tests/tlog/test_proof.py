"""A proof holds with two public keys, and with any bit changed no more."""

import pytest

from greenlight.kernel import merkle
from greenlight.signing.keys import SigningKey
from greenlight.tlog import checkpoint
from greenlight.tlog.checkpoint import Checkpoint
from greenlight.tlog.note import NoteSigner
from greenlight.tlog.proof import Proof, ProofError
from greenlight.tlog.tiles import Edge, subtree_reader
from tests.tlog.grown import AUDITOR, LOG, ORIGIN, TIME

ENTRIES = [b"%032d and more" % number for number in range(13)]


def proof(index: int = 5) -> Proof:
    edge = Edge()
    for entry in ENTRIES:
        edge.append(merkle.leaf_hash(entry))
    subtree = subtree_reader(len(ENTRIES), dict(edge.partial()).__getitem__)
    note = checkpoint.sign(Checkpoint(ORIGIN, len(ENTRIES), edge.root()), LOG)
    note = note.with_signatures([checkpoint.cosign(note, AUDITOR, TIME)])
    path = tuple(merkle.inclusion(index, len(ENTRIES), subtree))
    return Proof(ENTRIES[index], index, path, bytes(note))


@pytest.mark.parametrize("index", range(len(ENTRIES)))
def test_every_entry_proves_itself(index: int) -> None:
    read = Proof.parse(bytes(proof(index)))
    assert read == proof(index)
    assert read.check(LOG.verifier, [AUDITOR.verifier]).size == len(ENTRIES)


def test_any_bit_that_is_changed_is_found() -> None:
    content = bytes(proof())
    for at in range(len(content) * 8):
        changed = bytearray(content)
        changed[at // 8] ^= 1 << at % 8
        with pytest.raises(ProofError):
            Proof.parse(bytes(changed)).check(LOG.verifier, [AUDITOR.verifier])


def test_other_keys_are_not_those_of_the_log() -> None:
    other = NoteSigner(ORIGIN, SigningKey.generate())
    with pytest.raises(ProofError, match="not signed by"):
        proof().check(other.verifier)

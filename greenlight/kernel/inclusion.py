"""The decisions that a batch's signature covers, and the proof that one case's decision is among them.

An entry of the tree is the canonical JSON of a leaf: which case, on which dossier, with which outcome.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, JsonValue, StringConstraints

from greenlight.kernel.body import Body
from greenlight.kernel.canonical import canonical, digest
from greenlight.kernel.merkle import inclusion_paths, root_of_path, tree_root
from greenlight.kernel.model import Digest, Model
from greenlight.kernel.roles import Role

MAX_LEAVES = 400
"""As many as one message holds."""

SIGN_OFF = "sign_off"
"""The command that a batch's signature stands for in each of its cases."""

APPROVAL: dict[str, JsonValue] = {"approves": True}
"""The body of that command, whole: anything else in it nobody would have signed."""
APPROVAL_DIGEST = digest(APPROVAL)

CaseStream = Annotated[str, StringConstraints(pattern=r"^application-[A-Z][0-9]{6}$")]
BatchStream = Annotated[str, StringConstraints(pattern=r"^batch-[a-z0-9][a-z0-9._-]{0,63}$")]
LeafOutcome = Literal["grant", "deny"]


class Leaf(Model):
    """One case as it was before the signer's eyes: its dossier's digest, and the outcome proposed in it."""

    stream: CaseStream
    dossier: Digest
    outcome: LeafOutcome

    def entry(self) -> bytes:
        return canonical(self.model_dump(mode="json"))


class SignedRoot(Model):
    """The cover of a batch's signature: the root of the tree over all leaves, and how many they are."""

    root: Digest
    size: Annotated[int, Field(ge=1, le=MAX_LEAVES)]


class SignBatch(Body, SignedRoot, by={Role.EXECUTIVE}, decision=True, short="sign"):
    """The executive's word on every case of the batch: the root of the tree over them, and their number."""


class Inclusion(Model):
    """That a case's leaf is in the tree whose root was signed. With the batch's token it proves by itself
    who decided what in this case; nothing is told of the others.

    ``dossier`` and ``outcome`` are those of the leaf, ``body`` is that of ``sign_batch``; ``path`` leads
    from the leaf, which is at ``index``, to the root, the nearest hash first.
    """

    batch: BatchStream
    body: SignedRoot
    dossier: Digest
    outcome: LeafOutcome
    index: Annotated[int, Field(ge=0, lt=MAX_LEAVES)]
    path: Annotated[tuple[Digest, ...], Field(max_length=MAX_LEAVES.bit_length())]

    def holds(self, stream: str) -> bool:
        """Tell whether the path leads from this case's leaf to the root."""
        # Not validated: a stream that cannot have a leaf is in no tree.
        leaf = Leaf.model_construct(stream=stream, dossier=self.dossier, outcome=self.outcome)
        path = [_bytes(step) for step in self.path]
        return root_of_path(leaf.entry(), self.index, self.body.size, path) == _bytes(self.body.root)


def signed_root(leaves: Sequence[Leaf]) -> SignedRoot:
    """The root that is signed for these leaves, in this order."""
    return SignedRoot(root=_digest(tree_root([leaf.entry() for leaf in leaves])), size=len(leaves))


def inclusion(batch: str, leaves: Sequence[Leaf], index: int) -> Inclusion:
    """The proof for the leaf at ``index``."""
    return inclusions(batch, leaves)[leaves[index].stream]


def inclusions(batch: str, leaves: Sequence[Leaf]) -> dict[str, Inclusion]:
    """The proof for each of the leaves, by its stream."""
    entries = [leaf.entry() for leaf in leaves]
    signed = SignedRoot(root=_digest(tree_root(entries)), size=len(leaves))
    return {
        leaf.stream: Inclusion(
            batch=batch,
            body=signed,
            dossier=leaf.dossier,
            outcome=leaf.outcome,
            index=index,
            path=tuple(map(_digest, path)),
        )
        for index, (leaf, path) in enumerate(zip(leaves, inclusion_paths(entries), strict=True))
    }


DERIVED_ID_CHARACTERS = 64
"""Ids of this length are derived, and nobody chooses one."""


def case_command_id(jti: str, stream: str) -> str:
    """The command id under which a batch decides one case: each its own, the same at every try."""
    return hashlib.sha256(f"{jti}/{stream}".encode()).hexdigest()


def _digest(content: bytes) -> str:
    return f"sha256:{content.hex()}"


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("sha256:"))

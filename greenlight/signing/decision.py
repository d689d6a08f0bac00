"""One case's decision by batch, checked by itself: an event, a token and a public key, and no log."""

from greenlight.kernel.authority import StreamId, inclusion_objection
from greenlight.kernel.inclusion import BatchStream, LeafOutcome
from greenlight.kernel.model import Digest, Instant, Model
from greenlight.kernel.roles import Actor
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import ExecutiveSignedOff
from greenlight.law.officer.keys import OfficerKey
from greenlight.signing.algorithm import ProofError
from greenlight.signing.tokens import Token


class DecisionProof(Model):
    """Everything that the check needs. ``record`` is the event, byte for byte; ``key`` is the signer's, as
    the register has it: that it is theirs, the reader has to know from elsewhere."""

    stream: StreamId
    record: str
    token: str
    key: OfficerKey


class Decision(Model):
    """The content of a proof: who decided what in which case, on which dossier, and as which of how many."""

    stream: StreamId
    outcome: LeafOutcome
    dossier: Digest
    by: Actor
    at: Instant
    batch: BatchStream
    index: int
    size: int


def check(proof: DecisionProof) -> Decision:
    """Check a proof, and give what it proves.

    :raises ProofError: it does not hold; the message says why.
    """
    claims = Token(proof.token).claims(proof.key)
    try:
        event = APPLICATION.read(proof.record)
    except ValueError as error:
        raise ProofError("the record is no event of an application") from error
    if not isinstance(event, ExecutiveSignedOff) or event.inclusion is None:
        raise ProofError("the record is no decision by batch")
    shown = event.inclusion
    refused = inclusion_objection(claims, shown, proof.stream)
    if refused is not None:
        raise ProofError(refused.message)
    if event.by != claims.actor:
        raise ProofError("the record names another than the one who signed")
    return Decision(
        stream=proof.stream,
        outcome=shown.outcome,
        dossier=shown.dossier,
        by=event.by,
        at=event.at,
        batch=shown.batch,
        index=shown.index,
        size=shown.body.size,
    )

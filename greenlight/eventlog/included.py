"""Decisions by batch in the walk over the log: what each claims, held against what was signed before it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from greenlight.eventlog.payload import Essentials
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.authority import Claims, inclusion_objection
from greenlight.kernel.inclusion import APPROVAL_DIGEST, SIGN_OFF, SignBatch, case_command_id
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.events import (
    BatchCaseDecided,
    BatchCaseFellOut,
    BatchDelivered,
    BatchOpened,
    BatchSigned,
)


@dataclass(slots=True)
class _Signed:
    """A batch that is being delivered: the token, and the cases that it has decided or decides no more."""

    proof: str
    jti: str
    decided: set[str] = field(default_factory=set[str])
    fell_out: set[str] = field(default_factory=set[str])


class Included:
    """Grows with the batches that are being delivered at one time, not with the log."""

    def __init__(self) -> None:
        self._signed: dict[str, _Signed] = {}

    def objection(self, line: StoredEvent, claims: Claims, case: str) -> str | None:
        """Say why the first event of a commit in ``case`` does not follow from a batch's token, if so.

        A refusal carries no inclusion: who signed the batch sent it, and that is all there is to it.
        """
        if line.type == CommandRefused.__name__:
            return None
        batch = self._signed.get(claims.aud)
        if batch is None or batch.proof != line.proof:
            return "no batch is signed by this proof, or it is delivered"
        if case in batch.fell_out:
            return "the case fell out of the batch before"
        shown = Essentials.model_validate_json(line.record).inclusion
        if shown is None:
            return "nothing shows that the case is in the batch"
        refused = inclusion_objection(claims, shown, case)
        if refused is not None:
            return refused.message
        batch.decided.add(case)
        return None

    def add(self, line: StoredEvent) -> str | None:
        """Take in the next event of a batch's stream; what contradicts the walk so far, if anything does."""
        event = BATCH.read(line.record)
        batch = self._signed.get(line.stream)
        match event:
            case BatchSigned() if line.proof is not None and line.command_id is not None:
                self._signed[line.stream] = _Signed(line.proof, line.command_id)
            case BatchDelivered():
                self._signed.pop(line.stream, None)
            case BatchCaseDecided(case=case) | BatchCaseFellOut(case=case):
                if batch is None:
                    return "the batch is not being delivered"
                if event.command_id != case_command_id(batch.jti, case):
                    return "the command id is not that of the case"
                if isinstance(event, BatchCaseDecided) != (case in batch.decided):
                    return "the case is on record otherwise"
                if isinstance(event, BatchCaseFellOut):
                    batch.fell_out.add(case)
            case _:
                pass
        return None


def case_ids(lines: Iterable[StoredEvent]) -> tuple[str, ...]:
    """The ids of the commands by which a batch decides its cases; of one that nobody signed, none."""
    events = [(line, BATCH.read(line.record)) for line in lines]
    jti = next((line.command_id for line, event in events if isinstance(event, BatchSigned)), None)
    leaves = next((event.leaves for _, event in events if isinstance(event, BatchOpened)), ())
    return tuple(case_command_id(jti, leaf.stream) for leaf in leaves) if jti else ()


def as_sent(claims: Claims, case: str) -> tuple[str, str, str, str]:
    """Id, stream, name and body of the command that a batch's token stands for in ``case``."""
    return case_command_id(claims.jti, case), case, SIGN_OFF, APPROVAL_DIGEST


def is_of_a_batch(command_id: str | None, claims: Claims) -> bool:
    """Tell whether a batch's token was taken to a case; in the batch's own stream it is an ordinary one.
    ``command_id`` is that of the event."""
    return claims.cmd == SignBatch.declared.name and command_id != claims.jti

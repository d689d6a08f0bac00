"""A batch as it stands, folded from its events."""

from enum import StrEnum

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.inclusion import Leaf, SignedRoot, signed_root
from greenlight.kernel.model import Identifier, Instant, JsonObject, Model, Name
from greenlight.kernel.roles import Actor
from greenlight.law.batch.events import (
    BatchCaseDecided,
    BatchCaseFellOut,
    BatchDelivered,
    BatchDiscarded,
    BatchOpened,
    BatchSigned,
)


class Stage(StrEnum):
    """``prepared``: the executive is to sign. ``delivering``: the service takes the signature to the cases.
    ``delivered``: every case was decided or fell out. ``discarded``: it was never signed."""

    PREPARED = "prepared"
    DELIVERING = "delivering"
    DELIVERED = "delivered"
    DISCARDED = "discarded"

    @property
    def closed(self) -> bool:
        return self in {Stage.DELIVERED, Stage.DISCARDED}


class FellOut(Model):
    """A case that the batch does not decide, and why."""

    case: str
    code: str
    message: str


class BatchState(Model):
    """``decided`` are streams, in the order in which it was recorded."""

    key: Identifier
    title: Name
    stage: Stage
    opened_by: Actor
    opened_at: Instant
    leaves: tuple[Leaf, ...]
    signed_by: Actor | None = None
    signed_at: Instant | None = None
    decided: tuple[str, ...] = ()
    fell_out: tuple[FellOut, ...] = ()

    @property
    def signed(self) -> SignedRoot:
        """The text that is to be signed, or was."""
        return signed_root(self.leaves)

    @property
    def left(self) -> tuple[str, ...]:
        """The cases of which nothing is known yet."""
        settled = {*self.decided, *(case.case for case in self.fell_out)}
        return tuple(leaf.stream for leaf in self.leaves if leaf.stream not in settled)


def evolve(state: BatchState | None, event: Event) -> BatchState:
    """The state after ``event``. Total on recorded streams: the first event is the opening."""
    match event, state:
        case BatchOpened(), None:
            return BatchState(
                key=event.key,
                title=event.title,
                stage=Stage.PREPARED,
                opened_by=event.by,
                opened_at=event.at,
                leaves=event.leaves,
            )
        case _, BatchState() if not isinstance(event, BatchOpened):
            return state.model_copy(update=_changes(state, event))
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def _changes(state: BatchState, event: Event) -> dict[str, object]:
    match event:
        case BatchSigned(by=by, at=at):
            return {"stage": Stage.DELIVERING, "signed_by": by, "signed_at": at}
        case BatchDiscarded():
            return {"stage": Stage.DISCARDED}
        case BatchCaseDecided(case=case):
            return {"decided": (*state.decided, case)}
        case BatchCaseFellOut(case=case, code=code, message=message):
            return {"fell_out": (*state.fell_out, FellOut(case=case, code=code, message=message))}
        case BatchDelivered():
            return {"stage": Stage.DELIVERED}
        case _:
            raise ValueError(f"{type(event).__name__} is not an event of a batch")


def dossier(state: BatchState) -> JsonObject:
    """Gather what the executive signs: every leaf, and the root over them."""
    shown = state.model_dump(mode="json", include={"key", "title", "leaves"})
    return shown | state.signed.model_dump(mode="json")


def dossier_digest(state: BatchState) -> str:
    return digest(dossier(state))

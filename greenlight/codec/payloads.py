"""The codec that Temporal's SDK calls with every payload that goes out or comes in.

It raises nothing for what comes in: an error *here* would keep a case's task failing for whatever anybody
sends. A payload that cannot be opened is replaced by one that says why, which the payload converter reads.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from greenlight.codec.sealed import Label, TamperedError, is_sealed, label_of, open_sealed, seal
from greenlight.codec.sealing import CodecMode
from greenlight.codec.service import KeyService, MissingKeyError, WrongKeyError
from greenlight.kernel.once import Latest
from greenlight.kernel.unopened import Unopened

UNOPENED, PASSING, FINAL = b"greenlight/unopened", b"passing", b"final"
"""The encoding of what stands in the place of a payload that cannot be opened, and the words of whether it
may be opened later."""
_LASTS = "lasts"

REFUSED_PLAIN = "greenlight-refused"
"""The metadata of a plain payload that came where only sealed ones are taken."""
PLAIN = Unopened(
    "the input is not encrypted, and this service takes no other (GREENLIGHT_CODEC=required): "
    "use its client, or its codec server"
)

RESUME = b'{"resume":true}'
"""The one plain start that is taken everywhere: it says nothing, and nothing of it is believed."""

KEPT = 8_192
"""Data keys that a process keeps, of as many cases; any other is unwrapped again."""


_OfWorkflow = WorkflowSerializationContext | ActivitySerializationContext


@dataclass(frozen=True, slots=True)
class _Shared:
    """The part that is the same for all cases of a process."""

    mode: CodecMode
    keys: KeyService
    writing: Latest[str, tuple[Label, AESGCM]] = field(default_factory=lambda: Latest(KEPT))
    """By case: the key under which this process writes."""
    reading: Latest[Label, AESGCM] = field(default_factory=lambda: Latest(KEPT))


class CaseCodec(PayloadCodec, WithSerializationContext):
    """Seals and opens the payloads of one case; without a case, those that belong to none."""

    def __init__(self, shared: _Shared, context: _OfWorkflow | None = None) -> None:
        """``context``: whose payloads come, where that is known; then it opens no others."""
        self._shared = shared
        self._context = context
        self._case = (context.workflow_id if context is not None else None) or ""

    @classmethod
    def of(cls, mode: CodecMode, keys: KeyService) -> "CaseCodec":
        """The codec of a process, which knows of no case yet."""
        return cls(_Shared(mode, keys))

    @property
    def seals(self) -> bool:
        """It encrypts what it writes."""
        return self._shared.mode is not CodecMode.OFF

    def with_context(self, context: SerializationContext) -> "CaseCodec":
        return CaseCodec(self._shared, context if isinstance(context, _OfWorkflow) else None)

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        if not self.seals or not payloads:
            return list(payloads)
        label, cipher = await self._writing()
        return [seal(payload, cipher, label) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [
            await self._opened(payload) if is_sealed(payload) else self._plain(payload)
            for payload in payloads
        ]

    async def _opened(self, payload: Payload) -> Payload:
        try:
            label = label_of(payload)
            if self._context is not None and label.case != self._case:
                raise TamperedError(f"it is of another case than {self._case}")
            return open_sealed(payload, await self._reading(label), label)
        except MissingKeyError as error:
            return _in_place(_missing(error.key_id))
        except WrongKeyError:
            return _in_place(Unopened("the input is encrypted, and its key was wrapped for no such case"))
        except TamperedError as error:
            return _in_place(Unopened(f"the input is encrypted, and cannot be opened: {error}"))

    def _plain(self, payload: Payload) -> Payload:
        # What its own activities answered stays readable: it is on record by them, and not by any sender.
        sent = isinstance(self._context, WorkflowSerializationContext)
        if self._shared.mode is not CodecMode.REQUIRED or not sent or _says_nothing(payload):
            return payload
        refused = Payload()
        refused.CopyFrom(payload)
        refused.metadata[REFUSED_PLAIN] = b"plain"
        return refused

    async def _writing(self) -> tuple[Label, AESGCM]:
        found = self._shared.writing.get(self._case)
        if found is not None and found[0].key_id == await self._shared.keys.current():
            return found
        made = await self._shared.keys.data_key(self._case)
        return self._keep(Label(made.key_id, made.wrapped, self._case), made.secret)

    async def _reading(self, label: Label) -> AESGCM:
        found = self._shared.reading.get(label)
        if found is not None:
            return found
        secret = await self._shared.keys.unwrap(label.key_id, label.wrapped, label.case)
        return self._keep(label, secret)[1]

    def _keep(self, label: Label, secret: bytes) -> tuple[Label, AESGCM]:
        """Keep a key for what is read, and write under it, too: a case then has one, and not one for each
        program that has to do with it."""
        kept = label, AESGCM(secret)
        self._shared.reading.put(label, kept[1])
        self._shared.writing.put(label.case, kept)
        return kept


def unopened(payload: Payload) -> Unopened | None:
    """The reason why what a payload was cannot be read, where the codec put it in its place."""
    if payload.metadata.get("encoding") != UNOPENED:
        return None
    return Unopened(payload.data.decode(), passing=payload.metadata.get(_LASTS) == PASSING)


def refused_as_plain(payload: Payload) -> bool:
    """Tell whether a payload came plain where only sealed ones are taken. It can be read all the same."""
    return REFUSED_PLAIN in payload.metadata


def _missing(key_id: str) -> Unopened:
    return Unopened(
        f"encrypted under the codec key {key_id}, which is not here: "
        "bring it back into the codec keys (GREENLIGHT_CODEC_KEYS)",
        passing=True,
    )


def _in_place(reason: Unopened) -> Payload:
    lasts = PASSING if reason.passing else FINAL
    return Payload(metadata={"encoding": UNOPENED, _LASTS: lasts}, data=reason.problem.encode())


def _says_nothing(payload: Payload) -> bool:
    return len(payload.data) < 100 and b"".join(payload.data.split()) == RESUME

"""The one data converter of every client and worker."""

from collections.abc import Sequence
from functools import cache
from typing import Self

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter, SerializationContext

from greenlight.codec import master
from greenlight.codec.payloads import PLAIN, CaseCodec, refused_as_plain, unopened
from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.codec.service import FileKeys, KeyService, NoKeys
from greenlight.connection.failures import PlainFailures, SealedFailures
from greenlight.kernel.unopened import UnopenedError

_PYDANTIC = PydanticPayloadConverter()


class ServicePayloadConverter(PydanticPayloadConverter):
    """JSON by pydantic; what cannot be read arrives as it is.

    Message handlers take their input without type hints and parse it themselves, because an error raised
    *here* drops a signal and blocks a workflow. So an unreadable payload becomes a ``RawValue``, and one that
    the codec could not open, or was not to take, an ``Unopened``, which the handler refuses on record like
    any other malformed message. Whoever asks for a type gets that or an error.

    The SDK makes several for each workflow task. They share what they convert with, and whatever it has
    learnt of types, and know of no context.
    """

    def __init__(self) -> None:
        self.converters = _PYDANTIC.converters

    def with_context(self, context: SerializationContext) -> Self:
        return self

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[object]:
        """:raises UnopenedError: one of what is asked for by its type was not opened."""
        if type_hints is None:
            return [self._read(payload) for payload in payloads]
        for payload in payloads:
            if (reason := unopened(payload)) is not None:
                raise UnopenedError(reason.problem)
        return super().from_payloads(payloads, type_hints)

    def _read(self, payload: Payload) -> object:
        if refused_as_plain(payload):
            return PLAIN
        if (reason := unopened(payload)) is not None:
            return reason
        try:
            return super().from_payloads([payload], None)[0]
        except (ValueError, RuntimeError, KeyError, RecursionError):
            return RawValue(payload)


class _Converter(DataConverter):
    """Of its parts the codec alone knows whose payloads come. The SDK binds it for each payload, and would
    make all parts anew each time, at four times the price of sealing one."""

    def with_context(self, context: SerializationContext) -> Self:
        assert isinstance(self.payload_codec, CaseCodec), "it is made with one"
        bound = object.__new__(type(self))
        vars(bound).update(vars(self), payload_codec=self.payload_codec.with_context(context))
        return bound


@cache
def data_converter(sealing: Sealing) -> DataConverter:
    """The converter of a deployment's clients and workers, one for a process: they share the keys of cases.

    :raises CodecKeysError: its keys are not there, or not as they must be.
    """
    codec = CaseCodec.of(sealing.mode, keys_of(sealing))
    return _Converter(
        payload_converter_class=ServicePayloadConverter,
        failure_converter_class=SealedFailures if codec.seals else PlainFailures,
        payload_codec=codec,
    )


def keys_of(sealing: Sealing) -> KeyService:
    """The master keys of a deployment.

    :raises CodecKeysError: they are not there, or not as they must be.
    """
    if sealing.keys is None or (sealing.mode is CodecMode.OFF and not sealing.keys.exists()):
        return NoKeys()
    master.ready(sealing)
    return FileKeys(sealing.keys)

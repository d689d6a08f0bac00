"""The one data converter of every client and worker."""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter


class ServicePayloadConverter(PydanticPayloadConverter):
    """JSON by pydantic; what cannot be read arrives as it is.

    Message handlers take their input without type hints and parse it themselves, because an error raised
    *here* drops a signal and blocks a workflow. So an unreadable payload becomes a ``RawValue``, which the
    handler refuses on record like any other malformed message.
    """

    def from_payloads(
        self, payloads: Sequence[Payload], type_hints: list[type] | None = None
    ) -> list[object]:
        if type_hints is not None:
            return super().from_payloads(payloads, type_hints)
        return [self._read(payload) for payload in payloads]

    def _read(self, payload: Payload) -> object:
        try:
            return super().from_payloads([payload], None)[0]
        except (ValueError, RuntimeError, KeyError, RecursionError):
            return RawValue(payload)


DATA_CONVERTER = DataConverter(payload_converter_class=ServicePayloadConverter)

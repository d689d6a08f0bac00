"""Failures as Temporal stores them: what people and filings say in them is sealed, and not repeated.

Message and stack trace go into the attributes that the codec encodes. Outside stand the code of a refusal
with its meaning, and that alone: Temporal passes on nothing else of a query that failed.
"""

from nexusrpc import HandlerError
from pydantic import ValidationError
from temporalio.api.failure.v1 import Failure
from temporalio.converter import DefaultFailureConverter, PayloadConverter
from temporalio.exceptions import ApplicationError

from greenlight.codec.payloads import unopened
from greenlight.kernel.refusal import known_codes
from greenlight.kernel.unopened import UnopenedError
from greenlight.law.contract import NO_CANCELLING

ENCODED = "Encoded failure"
"""The SDK's words in the place of a message that is sealed."""


class PlainFailures(DefaultFailureConverter):
    """Of what does not fit a model, the place and the kind of the fault are told, and never the input."""

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        super().to_failure(_told(exception), payload_converter, failure)

    def from_failure(self, failure: Failure, payload_converter: PayloadConverter) -> BaseException:
        if (reason := unopened(failure.encoded_attributes)) is not None:
            told = Failure()
            told.CopyFrom(failure)
            told.message = reason.problem
            failure = told
        return super().from_failure(failure, payload_converter)


class SealedFailures(PlainFailures):
    """The same, with message and stack trace where the codec seals them."""

    def __init__(self) -> None:
        super().__init__(encode_common_attributes=True)

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        super().to_failure(exception, payload_converter, failure)
        if failure.message == ENCODED:
            failure.message = _outside(exception) or ENCODED


def _outside(exception: BaseException) -> str | None:
    """The words of an error that anybody may read."""
    if isinstance(exception, UnopenedError):
        # Whoever looks for the key that is lost has nothing to open this with.
        return str(exception)
    if isinstance(exception, ApplicationError):
        for code in known_codes():
            if code == exception.type:
                # An answer to a query begins with its code, is stored nowhere, and has these words alone.
                asked = exception.message.startswith(f"{code}: ")
                return exception.message if asked else f"{code}: {code.meaning}"
    if isinstance(exception, HandlerError) and exception.message == NO_CANCELLING:
        return NO_CANCELLING
    # The SDK's own, which quotes the query's name and tells which there are.
    return str(exception) if str(exception).startswith("Query handler for ") else None


def _told(exception: BaseException) -> BaseException:
    if not isinstance(exception, ValidationError):
        return exception
    faults = exception.errors(include_url=False, include_context=False, include_input=False)
    places = "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'all of it'}: {fault['type']}" for fault in faults
    )
    told = ApplicationError(f"{exception.title} does not fit: {places}", type=type(exception).__name__)
    told.__cause__ = exception.__cause__
    return told.with_traceback(exception.__traceback__)

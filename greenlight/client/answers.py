"""Answers, or none: refusals, silence, and what Temporal's own errors mean for a command."""

import asyncio
from dataclasses import dataclass

from temporalio.client import WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from greenlight.kernel.refusal import RefusalCode, known_codes

PASSING = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.FAILED_PRECONDITION,
        # A connection that breaks under a call is told by these two.
        RPCStatusCode.INTERNAL,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.UNKNOWN,
    }
)
"""The words of Temporal while it, or every worker, is away or has too much to do."""


class Refused(Exception):  # noqa: N818 - the field's word for a command that was not accepted
    """A command was not accepted. ``code`` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Sent:
    """A command on its way, to a case by its stream. Under its id the log has what became of it."""

    name: str
    stream: str
    command_id: str

    @property
    def advice(self) -> str:
        """Tell how to go on where no answer came."""
        return (
            f"It is not known whether {self.name} on {self.stream} is carried out. Send the same again"
            f" with command_id={self.command_id!r}: it is carried out once, and answered. What became of it:"
            f" starter.py history {self.stream} --command-id {self.command_id}"
        )


class Unanswered(Exception):  # noqa: N818 - says what is the case: nobody answered, the outcome is open
    """Nobody answered in time, or Temporal is away. To send the same command again under its id is safe
    (:func:`greenlight.client.until_answered` does).

    ``sent``: that command. None: it was a question, or nothing was sent yet.
    """

    sent: Sent | None = None

    def about(self, sent: Sent) -> None:
        """Say which command has no answer, and what to do: a traceback shows it, too."""
        self.sent = sent
        self.add_note(sent.advice)


class Paused(Unanswered):
    """An operator paused the case's workflow, which answers nobody until they let it go on."""

    def __init__(self, stream: str) -> None:
        super().__init__(f"{stream} is paused by an operator, and answers once they let it go on")


class Unseen(Exception):  # noqa: N818 - says what is the case: nobody has seen what was to be signed
    """A decision was to be signed on a dossier that was not read. Nothing was signed, and nothing sent."""


class DossierDiffers(Exception):  # noqa: N818 - says what is the case
    """A dossier is not the one whose digest came with it."""


def passing(error: RPCError, message: str) -> Exception:
    """Read an error of Temporal's that may be another a moment later."""
    return Unanswered(f"{message}: {error.message}") if error.status in PASSING else error


def silence(message: str) -> BaseException:
    """Nobody answered in time; or, which the SDK tells with the same error, the caller was cancelled."""
    return asyncio.CancelledError() if is_cancelled() else Unanswered(message)


def is_cancelled() -> bool:
    """Tell whether what runs is to end, by a caller or by their time limit, and not an attempt of its own."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def refusal(error: WorkflowUpdateFailedError) -> Refused:
    """A failed update as what the service said."""
    cause = error.cause
    if isinstance(cause, ApplicationError):
        return Refused(cause.type or RefusalCode.MALFORMED, cause.message)
    return Refused(RefusalCode.MALFORMED, str(cause))


def unanswerable(error: WorkflowQueryFailedError) -> Refused:
    """A failed query as what the service said: of its error Temporal passes on the message alone."""
    code, _, message = str(error).partition(": ")
    return Refused(code, message) if code in known_codes() else Refused(RefusalCode.NO_SUCH_CASE, str(error))

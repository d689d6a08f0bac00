"""The Nexus service ``licensing``: what workflows of other namespaces call, by an endpoint.

A command is what it is everywhere: a body, and the token of who sent it. A refusal ends the operation and is
not tried again; ``refusal`` finds it in the error. A case's end is no caller's to bring about: cancelling
``submit`` is refused, and says how a case ends.
"""

from typing import Annotated

import nexusrpc
from pydantic import Field
from temporalio.exceptions import ApplicationError, NexusOperationError

from greenlight.kernel.authority import MAX_TOKEN_CHARACTERS, SignedCommand, StreamId
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.model import Model
from greenlight.kernel.refusal import Refusal, known_code, known_codes
from greenlight.law.authorisation.answer import Authorisation
from greenlight.law.authorisation.question import AuthorisationQuestion
from greenlight.law.reprieve.questions import CoverageAnswer, CoverageQuestion

SERVICE = "licensing"
ENDPOINT = "licensing"
"""The endpoint of a namespace by default: one for all callers of a cluster."""


class Asking(Model):
    """A question, and who asks it: ``token`` is one for reading (``Signer.reading``), valid for minutes. Each
    is told what they may read, and that is noted."""

    token: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN_CHARACTERS, repr=False)]


class CaseAsked(Asking):
    """A question how a case stands."""

    stream: StreamId


class ShipmentAsked(Asking):
    """A question whether items may go to parties."""

    question: AuthorisationQuestion


class ActivityAsked(Asking):
    """A question whether a reprieve covers an activity."""

    question: CoverageQuestion


@nexusrpc.service(name=SERVICE)
class Licensing:
    """License applications, decided with what was signed for them."""

    submit: nexusrpc.Operation[SignedCommand, CaseStatus]
    """File an application. The operation lasts as long as the case, and ends with its outcome; the same
    again, by whoever filed it, ends with it too."""

    decide: nexusrpc.Operation[SignedCommand, Receipt]
    """Send any other command to a case; ends with its receipt."""

    status: nexusrpc.Operation[CaseAsked, CaseStatus]
    """Stage, who must act, what is due."""

    authorised: nexusrpc.Operation[ShipmentAsked, Authorisation]
    """Under what items may go to parties: no license, a license, a reprieve; or what to apply for."""

    covered: nexusrpc.Operation[ActivityAsked, CoverageAnswer]
    """Ask whether an activity with a listed entity is or was covered by a reprieve, and by which term."""


def refusal(error: NexusOperationError) -> Refusal | None:
    """The service's word on a command that was not accepted; None: the operation failed for another reason.

    An operation that had begun fails with the refusal itself, one that never did with an error around it.
    """
    cause = error.cause
    while cause is not None:
        if isinstance(cause, ApplicationError) and cause.type in known_codes():
            return Refusal(known_code(cause.type), cause.message)
        cause = cause.__cause__
    return None

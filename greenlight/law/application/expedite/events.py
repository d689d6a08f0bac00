"""The events of a request to expedite: it is made, and granted or refused."""

from typing import Literal

from greenlight.kernel.commit import Event
from greenlight.kernel.model import Text
from greenlight.kernel.roles import Actor
from greenlight.law.application.expedite.commands import GrantExpedite, RefuseExpedite, RequestExpedite


class ExpediteRequested(Event, of={RequestExpedite}):
    """The applicant asks that the case come before others; no deadline moves by that."""

    type: Literal["ExpediteRequested"] = "ExpediteRequested"
    by: Actor
    reasons: Text


class ExpediteGranted(Event, of={GrantExpedite}, told=True):
    """The case comes before others in every worklist, and in Temporal's task queues."""

    type: Literal["ExpediteGranted"] = "ExpediteGranted"
    by: Actor
    reasons: Text


class ExpediteRefused(Event, of={RefuseExpedite}, told=True):
    """The case takes its turn; the applicant may ask again."""

    type: Literal["ExpediteRefused"] = "ExpediteRefused"
    by: Actor
    reasons: Text

"""That no license is required, as the service found it: a proposal, which an officer follows or does not."""

from typing import Literal

from greenlight.kernel.body import SERVICE
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Model, Text


class Proposed(Model):
    """The reason to return the application without action, and the rule for it (15 CFR 750.4(c))."""

    reason: Text
    citation: Text


class ReturnProposed(Event, recorded_by=SERVICE):
    """The transaction that was applied for needs no license. Only an officer returns the application."""

    type: Literal["ReturnProposed"] = "ReturnProposed"
    reason: Text
    citation: Text

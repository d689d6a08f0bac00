"""A request to expedite as it stands, and what its events change of an application."""

from greenlight.kernel.model import Instant, Model, Text
from greenlight.kernel.roles import Actor
from greenlight.law.application.expedite.events import ExpediteGranted, ExpediteRefused, ExpediteRequested

ExpediteEvent = ExpediteRequested | ExpediteGranted | ExpediteRefused


class Expedite(Model):
    """The latest request that a case come before others, and what was decided of it; ``granted`` None:
    nothing yet."""

    requested_by: Actor
    requested_at: Instant
    reasons: Text
    granted: bool | None = None
    decided_by: Actor | None = None
    decided_at: Instant | None = None
    decided_because: Text | None = None


def expedite_after(request: Expedite | None, event: ExpediteEvent) -> Expedite:
    """The request after an event of its own."""
    if isinstance(event, ExpediteRequested):
        return Expedite(requested_by=event.by, requested_at=event.at, reasons=event.reasons)
    assert request is not None, "what nobody asked for is not decided"
    return request.model_copy(
        update={
            "granted": isinstance(event, ExpediteGranted),
            "decided_by": event.by,
            "decided_at": event.at,
            "decided_because": event.reasons,
        }
    )

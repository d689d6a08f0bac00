"""Tell what a directive in force means for a license (15 CFR 750.8)."""

from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.standing import StandingDirective, applying
from greenlight.law.license.events import LicenseRevokedByDirective
from greenlight.law.license.state import LicenseState, Stage


def directed(
    state: LicenseState, standing: tuple[StandingDirective, ...], now: datetime
) -> tuple[Event, ...]:
    """A license in scope is revoked: that may be done at any time and without notice."""

    def meant(directive: StandingDirective) -> bool:
        scope = directive.scope
        return directive.posture is Posture.REVOKE and scope.covers(
            state.concerned, state.items, state.destinations
        )

    found = None if state.stage.closed else applying(standing, meant, now)
    if found is None:
        return ()
    return (
        LicenseRevokedByDirective(
            at=now,
            directive=found.key,
            author=found.author,
            citation=found.citation,
            reasons=found.reasons,
        ),
    )


def route(state: LicenseState, directive: str) -> str | None:
    """Tell what a directive meant for the license; None: nothing."""
    revoked = state.stage is Stage.REVOKED and state.end is not None and state.end.order == directive
    return "revoked" if revoked else None

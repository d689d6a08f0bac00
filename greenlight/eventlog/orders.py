"""The directives as the events tell them, to hold against them what the service recorded by one."""

from greenlight.eventlog.stored import StoredEvent
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.routing import INTENT_TO_DENY
from greenlight.law.directive.standing import StandingDirective
from greenlight.law.directive.state import DirectiveState
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.events import LicenseRevokedByDirective

BY_ORDER = frozenset({"DirectiveApplied", "IntentToDenyIssued", "LicenseRevokedByDirective"})
"""Of what the service records by itself, what only a directive in force leads to."""


class Orders:
    """Grows with the directives, not with the log."""

    def __init__(self) -> None:
        self._directives: dict[str, DirectiveState] = {}
        self._denied: tuple[str, int] | None = None

    def add(self, stored: StoredEvent) -> None:
        """Take in the next event of a directive's stream.

        :raises ValueError: it cannot be one, or cannot follow.
        """
        state = DIRECTIVE.apply(self._directives.get(stored.stream), DIRECTIVE.read(stored.record))
        if state is not None:
            self._directives[stored.stream] = state

    @property
    def standing(self) -> tuple[StandingDirective, ...]:
        """The directives in force, as cases are held against them."""
        found = (each.standing for each in self._directives.values() if not self._superseded(each.key))
        return tuple(each for each in found if each is not None)

    def objection(self, stored: StoredEvent) -> str | None:
        """Say why no directive leads to this event, one of ``BY_ORDER``; None if one does."""
        if stored.type == "IntentToDenyIssued":
            follows = self._denied == (stored.stream, stored.version - 1)
            return None if stored.proof is not None or follows else "no directive gives this notice"
        aggregate = LICENSE if stored.stream.startswith("license-") else APPLICATION
        event = aggregate.read(stored.record)
        assert isinstance(event, DirectiveApplied | LicenseRevokedByDirective), "no other has this type"
        directive = self._directives.get(f"directive-{event.directive}")
        if directive is None or directive.since is None or self._superseded(directive.key):
            return f"the directive {event.directive} was not in force"
        if event.author != directive.issued_by:
            return f"the directive {event.directive} is another one's"
        if isinstance(event, DirectiveApplied):
            if event.posture is not directive.posture:
                return f"the directive {event.directive} says otherwise"
            if event.evaluation.outcome == INTENT_TO_DENY:
                self._denied = (stored.stream, stored.version)
        return None

    def _superseded(self, key: str) -> bool:
        return any(other.supersedes == key and other.times for other in self._directives.values())

"""Directives in force, as cases are held against them."""

from collections.abc import Iterable
from datetime import timedelta

from greenlight.kernel.commit import Event
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.directed import directed
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.directive.standing import StandingDirective
from tests.law.application.cases import BEGIN, Case

AUTHOR = Actor(officer="under", person="p-under", organisation="bis", role=Role.EXECUTIVE)
AUTHOR_AS_OFFICER = Actor(
    officer="under2", person=AUTHOR.person, organisation="bis", role=Role.LICENSING_OFFICER
)
EVERYTHING = Scope()
PENDING = tuple(posture for posture in Posture if posture not in {Posture.HOLD, Posture.REVOKE})
"""Postures that say how applications are decided."""

DENY = Posture.DENY
PRESUME = Posture.PRESUMPTION_OF_DENIAL
CASE_BY_CASE = Posture.CASE_BY_CASE
APPROVE = Posture.APPROVE_UNLESS_NATIONAL_SECURITY_OBJECTS


def directive(
    posture: Posture,
    scope: Scope = EVERYTHING,
    *,
    key: str = "order-1",
    author: Actor = AUTHOR,
    since: timedelta = timedelta(0),
    expires: timedelta | None = None,
    ground: HoldKind | None = None,
) -> StandingDirective:
    """In force since the first cases were submitted, or longer; a freeze for 30 days if nothing is said."""
    if posture is Posture.HOLD and expires is None:
        expires = timedelta(days=30)
    return StandingDirective(
        key=key,
        author=author,
        scope=scope,
        posture=posture,
        citation="84 FR 22961",
        reasons="By order of the executive.",
        since=BEGIN + since,
        expires=BEGIN + expires if expires is not None else None,
        ground=ground,
    )


def meant_for(case: Case, *standing: StandingDirective) -> tuple[Event, ...]:
    return directed(case.opened, standing, case.now)


def held_against(case: Case, *standing: StandingDirective) -> Case:
    """The case as the desk leaves it: with every deadline on record, and held against what stands."""
    case = case.advanced()
    return case.with_events(*meant_for(case, *standing)) if case.state else case


def applied(events: Iterable[Event]) -> list[DirectiveApplied]:
    return [event for event in events if isinstance(event, DirectiveApplied)]

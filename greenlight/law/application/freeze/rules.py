"""Rules of a freeze: when it comes and ends, and what may not be done meanwhile."""

from collections.abc import Iterable
from datetime import datetime

from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.time.calendar import agency_date, last_day, plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.application.dossier import destinations
from greenlight.law.application.freeze.events import CaseFrozen, FreezeLapsed, FreezeLifted
from greenlight.law.application.freeze.language import Freeze
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.standing import StandingDirective, applying

FREEZE = "freeze"

_DECIDES = frozenset({"recommend", "countersign", "sign_off", "return_without_action"})
"""Commands by which a case gets nearer to its outcome, and for which the statute sets nobody a time."""


def refrozen(
    state: ApplicationState, standing: Iterable[StandingDirective], now: datetime
) -> tuple[Event, ...]:
    """The end of a freeze whose directive is over, and the one that a directive in force brings.

    A freeze stays as long as its directive does, whatever becomes of the case's parties meanwhile.
    """
    standing = tuple(standing)
    over: tuple[Event, ...] = ()
    if state.freeze is not None:
        if any(each.key == state.freeze.directive for each in standing):
            return ()
        over = (FreezeLifted(at=now, directive=state.freeze.directive),)
    found = applying(standing, lambda directive: _meant(directive, state), now)
    if found is None:
        return over
    assert found.expires is not None, "whoever orders a freeze says until when"
    frozen = CaseFrozen(
        at=now,
        directive=found.key,
        author=found.author,
        citation=found.citation,
        until=found.expires,
        ground=found.ground,
    )
    return (*over, frozen)


def standing_still(state: ApplicationState, name: str) -> Refusal | None:
    """Refuse what decides a frozen case. A dispute takes its course, for its forums have their time by law
    (15 CFR 750.4(f)); the President has none."""
    if state.freeze is None or not waits(name, state.stage):
        return None
    return Refusal(ApplicationRefusal.FROZEN, told(state.freeze))


def waits(name: str, stage: str) -> bool:
    """Tell whether a command at a stage waits until the case stands no more."""
    return name in _DECIDES or (name == "decide_dispute" and stage == Stage.PRESIDENT)


def freeze_deadline(freeze: Freeze) -> Deadline:
    """The end of a freeze, by itself."""
    return Deadline(
        kind=FREEZE,
        label="End of the freeze",
        due=freeze.until,
        started_at=freeze.since,
        citation=freeze.citation,
        explanation=told(freeze),
    )


def lapsed(state: ApplicationState, at: datetime) -> tuple[Event, ...]:
    """The end of the time for which the case was to stand."""
    assert state.freeze is not None, "the deadline is that of a freeze"
    return (FreezeLapsed(at=at, directive=state.freeze.directive),)


def told(freeze: Freeze) -> str:
    """Say since when and by which directive a case stands, in a sentence."""
    clock = "the clock goes on" if freeze.ground is None else f"the clock stopped ({freeze.ground.citation})"
    return (
        f"The case stands since {plain_date(agency_date(freeze.since))} by directive {freeze.directive},"
        f" until {plain_date(last_day(freeze.until))} at the latest; {clock} ({freeze.citation})"
    )


def _meant(directive: StandingDirective, state: ApplicationState) -> bool:
    return directive.posture is Posture.HOLD and directive.scope.covers(
        state.listings, state.submission.items, destinations(state.parties)
    )

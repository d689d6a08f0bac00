"""The holders of an application's days: each day is given to whoever had the case as it ended in Washington.

So does the statute's clock count (a day is held if the clock stands still at its end), and so the days of all
holders come to the age of the case, whatever the hour at which it changed hands.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from itertools import zip_longest

from greenlight.kernel.commit import Event
from greenlight.kernel.model import Acn, Identifier, Instant, Model
from greenlight.kernel.roles import Role
from greenlight.kernel.time.calendar import agency_date
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application import state as application
from greenlight.law.application.clock.language import Holder, Stay
from greenlight.law.application.dispute.language import Forum
from greenlight.law.application.stage import Stage
from greenlight.law.application.state import ApplicationState
from greenlight.law.application.tasks import TURNS


class Spell(Model):
    """A stay with the days that it took; ``until`` None: it lasts. ``label`` says to people whose it was."""

    holder: Holder
    of: tuple[Identifier, ...]
    ground: HoldKind | None
    citation: str | None
    label: str
    since: Instant
    until: Instant | None
    days: int


class Share(Model):
    """All days of whoever had the case, by ``label``, as at least one of them ended."""

    label: str
    days: int


class Days(Model):
    """The days of a case from its registration until it was closed, or until ``through``.

    The days of ``spells`` come to ``age``, and so do those of ``shares``, the greatest first.
    """

    acn: Acn
    registered_on: date
    through: date
    closed: bool
    age: int
    spells: tuple[Spell, ...]
    shares: tuple[Share, ...]


class DocketStay(Model):
    """A stay as the docket keeps it, for statistics."""

    since: Instant
    names: tuple[str, ...]


_HOLDERS: Mapping[Role, Holder] = {
    Role.APPLICANT: Holder.APPLICANT,
    Role.LICENSING_OFFICER: Holder.OFFICER,
    Role.COUNTERSIGNER: Holder.COUNTERSIGNER,
    Role.AGENCY_REVIEWER: Holder.AGENCY,
    Role.EXECUTIVE: Holder.EXECUTIVE,
}

_OF_A_DENIAL = frozenset({Stage.INTENT_TO_DENY, Stage.DENIED, Stage.APPEAL})
"""Holds stop the processing of an application (15 CFR 750.4(b)), not what follows the decision to deny."""


def evolve(state: ApplicationState | None, event: Event) -> ApplicationState:
    """The state after ``event``, with who has the case from then on."""
    after = application.evolve(state, event)
    stay = _stay(after, event.at)
    last = after.stays[-1] if after.stays else None
    if last is not None and last.model_copy(update={"since": stay.since}) == stay:
        return after
    return after.model_copy(update={"stays": (*after.stays, stay)})


def days(state: ApplicationState, now: datetime) -> Days:
    """The days of the case until ``now``, or until it last changed hands where that is later."""
    now = max(now, state.stays[-1].since)
    begin = agency_date(state.registered_at)
    spells = tuple(
        _spell(stay, None if following is None else following.since, now)
        for stay, following in zip_longest(state.stays, state.stays[1:])
        if stay.holder is not None
    )
    closed = state.stays[-1].holder is None
    through = agency_date(state.stays[-1].since if closed else now)
    counted: Counter[str] = Counter()
    for spell in spells:
        counted[spell.label] += spell.days
    return Days(
        acn=state.acn,
        registered_on=begin,
        through=through,
        closed=closed,
        age=(through - begin).days,
        spells=spells,
        shares=tuple(Share(label=label, days=taken) for label, taken in counted.most_common() if taken),
    )


def shown_stays(stays: tuple[Stay, ...]) -> tuple[DocketStay, ...]:
    """The stays as the docket keeps them."""
    return tuple(DocketStay(since=stay.since, names=stay.names) for stay in stays)


def label_of(name: str) -> str:
    """A holder for people, by one of the names of a stay."""
    kind, _, of = name.partition(" ")
    match kind:
        case Holder.FORUM:
            return Forum(of).label
        case Holder.HOLD:
            return f"hold: {of.replace('_', ' ')}"
        case Holder.FREEZE:
            return f"freeze by {of}"
        case Holder.AGENCY:
            return of.capitalize()
        case _:
            return kind


def _stay(state: ApplicationState, at: datetime) -> Stay:
    """Find who has the case: by the hold that came first of those that last, by a freeze, or by whose turn
    it is."""
    if state.stage.closed:
        return Stay(since=at, holder=None)
    open_holds = (place for place, hold in enumerate(state.holds, 1) if hold.lifted_at is None)
    held = None if state.stage in _OF_A_DENIAL else next(open_holds, None)
    freeze = state.freeze
    if freeze is not None and held in {None, freeze.hold}:
        return Stay(since=at, holder=Holder.FREEZE, of=(freeze.directive,), ground=freeze.ground)
    if held is not None:
        ground = state.holds[held - 1].kind
        waits = ground is HoldKind.APPLICANT_INFORMATION
        return Stay(since=at, holder=Holder.APPLICANT if waits else Holder.HOLD, ground=ground)
    if state.dispute is not None:
        return Stay(since=at, holder=Holder.FORUM, of=(state.dispute.forum.value,))
    for turn in TURNS.get(state.stage, ()):
        if (of := turn.of(state)) and turn.role is not None:
            holder = _HOLDERS[turn.role]
            agencies = tuple(sorted(each for each in of if each)) if holder is Holder.AGENCY else ()
            return Stay(since=at, holder=holder, of=agencies)
    # Nobody can act before the parties are screened.
    return Stay(since=at, holder=Holder.SERVICE)


def _spell(stay: Stay, until: datetime | None, now: datetime) -> Spell:
    assert stay.holder is not None, "closed cases take no days"
    return Spell(
        holder=stay.holder,
        of=stay.of,
        ground=stay.ground,
        citation=stay.ground.citation if stay.ground else None,
        label=" and ".join(map(label_of, stay.names)),
        since=stay.since,
        until=until,
        days=(agency_date(until or now) - agency_date(stay.since)).days,
    )

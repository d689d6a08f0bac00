"""The forecast: which open cases and licenses have another answer from each instant to come on.

Between two instants that are known nothing changes, so that each answer is asked for once at every one of
them. Nothing is recorded: what comes until then may change it, and each case is looked at anew by then.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import Instant, Model
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.flip.said import Turn
from greenlight.law.application.freeze.events import FreezeLapsed
from greenlight.law.application.state import ApplicationState
from greenlight.law.determination.filed import ListingsOf
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.directive.standing import StandingDirective
from greenlight.law.directive.state import DirectiveState
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.license.state import LicenseState
from greenlight.law.outlook.answers import Answer, Change, Law, Transaction, answer, transactions
from greenlight.law.outlook.coming import Coming, Kind, open_at
from greenlight.law.outlook.tally import Tally


class Row(Model):
    """A case for which an instant changes something. ``officer``: whom it is assigned to. ``turns`` have the
    destinations whose answer is another one, ``stages`` where a directive takes the case from and to."""

    stream: str
    officer: str | None
    change: Change
    turns: tuple[Turn, ...] = ()
    stages: tuple[str, str] | None = None


class Moment(Model):
    """An instant, all that counts from it on, and what that changes. ``rows`` are None in what is public.

    ``officers``: those whom it concerns, by the number of cases assigned to each that it changes anything of.
    """

    at: Instant
    coming: tuple[Coming, ...]
    applications: Tally
    licenses: Tally
    officers: Mapping[str, int]
    rows: tuple[Row, ...] | None


class Came(Model):
    """An instant that has come, or at which something was confirmed that counts at once, and the cases that
    were asked anew for it: so many have another answer on record. ``left``: at least so many are still to be
    asked."""

    at: Instant
    coming: tuple[Coming, ...]
    applications: Tally
    licenses: Tally
    cases: int
    left: int


class Outlook(Model):
    """The changes known at ``asked_at`` to come up to ``until``, by the log up to ``position``.

    ``tables_of``: the day of the control tables that are asked now. ``applications`` and ``licenses`` count
    what was looked at, ``unread`` those that go on with what a newer release recorded, and of which nothing
    is told. ``came`` are the instants of the last 90 days that have come already. ``open``: how rules stand
    of which nobody knows at ``asked_at``, each since when.
    """

    asked_at: Instant
    until: Instant
    position: int
    tables_of: date
    applications: int
    licenses: int
    unread: int
    moments: tuple[Moment, ...]
    came: tuple[Came, ...] = ()
    open: tuple[Coming, ...] = ()

    @property
    def public(self) -> "Outlook":
        return self._with(lambda row: False, shown=False)

    def of_officer(self, officer: str) -> "Outlook":
        """The same with no other cases than those that are assigned to an officer."""
        return self._with(lambda row: row.officer == officer)

    def _with(self, kept: Callable[[Row], bool], *, shown: bool = True) -> "Outlook":
        moments = tuple(
            each.model_copy(update={"rows": tuple(filter(kept, each.rows or ())) if shown else None})
            for each in self.moments
        )
        return self.model_copy(update={"moments": moments})


@dataclass(frozen=True, slots=True)
class Case:
    """An open application, or a license with what was applied for. ``exporter``: the organisation that it is
    for; ``begins``: when it was filed or granted; ``ends``: when a license is over; ``proposed``: a return is
    proposed."""

    kind: Aggregate[Any]
    stream: str
    state: Any
    exporter: str
    transactions: tuple[Transaction, ...]
    officer: str | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    proposed: bool = False


def of_application(state: ApplicationState) -> Case:
    """An application as what it asks for."""
    asked = state.submission
    return Case(
        kind=APPLICATION,
        stream=APPLICATION.stream(state.acn),
        state=state,
        exporter=state.submitted_by.organisation,
        transactions=transactions(asked.items, state.parties, asked.circumstances, asked.reprieve_activity),
        officer=state.assigned_to,
        begins=state.registered_at,
        proposed=state.return_proposed is not None,
    )


def of_license(state: LicenseState, application: ApplicationState) -> Case:
    """A license as what it was granted for, to those whom the application names."""
    asked = application.submission
    return Case(
        kind=LICENSE,
        stream=LICENSE.stream(state.number),
        state=state,
        exporter=state.licensee,
        transactions=transactions(state.items, application.parties, asked.circumstances),
        officer=application.assigned_to,
        begins=state.issued_at,
        ends=end_of_day(state.valid_through),
    )


def since_filed(license: Case, application: ApplicationState, instant: datetime) -> Case:
    """A license as it is asked for an instant that has come: one granted since then is asked where its
    application was not, as if it had been there from the filing on."""
    if any(flip.instant == instant for flip in application.flips):
        return license
    return replace(license, begins=application.registered_at)


ListingsFor = Callable[[str], ListingsOf]
"""The names on lists, as they are asked for an exporter's cases."""


@dataclass(slots=True)
class _Found:
    """The finds about an instant so far. ``orders``: the directives in force from it on; None: they are
    those of before."""

    at: datetime
    coming: tuple[Coming, ...]
    orders: tuple[StandingDirective, ...] | None
    asks: bool
    old: bool
    tallies: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rows: list[Row] = field(default_factory=list[Row])


class Forecast:
    """Looks at one case after the other, and tells then what was found."""

    def __init__(
        self,
        law: Law,
        listings_for: ListingsFor,
        coming: Iterable[Coming],
        directives: Iterable[DirectiveState],
        now: datetime,
        too_old: ListingsOf,
        until_now: Law | None = None,
    ) -> None:
        """``coming`` in its order, all of it after ``now``; ``too_old``: what a list tells that is.

        ``until_now``: the law by which it is answered before anything comes, where it is known otherwise
        since.
        """
        directives = tuple(directives)
        self._law, self._listings_for, self._now, self._too_old = law, listings_for, now, too_old
        self._until_now = until_now or law
        self._orders = _standing(directives, now)
        self._found = [_moment(at, tuple(each), directives) for at, each in groupby(coming, lambda c: c.at)]
        self._looked_at = Counter[str]()

    def look(self, case: Case) -> None:
        """Look at what each instant changes of a case, as it stands."""
        self._looked_at[case.kind.kind] += 1
        if not self._found:
            return
        listings_of = self._listings_for(case.exporter)
        state = _directed(case.kind, case.state, self._orders, self._now)
        before = _answers(case, self._until_now, listings_of, self._now)
        for moment in self._found:
            if case.begins is not None and moment.at <= case.begins:
                # Whoever filed later was answered by what counted then.
                continue
            if state.stage.closed or (case.ends is not None and case.ends <= moment.at):
                return
            after = _answers(case, self._law, listings_of, moment.at) if moment.asks else before
            then = state
            if moment.orders is not None:
                then = _directed(case.kind, state, moment.orders, moment.at)
            row = _row(case, before, after, (state, then))
            if row is None and moment.old:
                row = _row(case, before, _answers(case, self._law, self._too_old, moment.at), (state, then))
            if row is not None:
                self._note(case, moment, row)
            before, state = after, then

    def _note(self, case: Case, moment: _Found, row: Row) -> None:
        tally = moment.tallies[case.kind.kind]
        tally[row.change.value] += 1
        tally["proposals"] += case.proposed and row.change is Change.FLIPS
        moment.rows.append(row)

    def rows(self) -> Iterator[Row]:
        """The cases found so far, of each instant."""
        return (row for moment in self._found for row in moment.rows)

    def told(
        self, *, until: datetime, position: int, unread: int = 0, came: tuple[Came, ...] = ()
    ) -> Outlook:
        """All that was found, for those who may read every case."""
        return Outlook(
            asked_at=self._now,
            until=until,
            position=position,
            tables_of=self._law.tables.chosen(self._now, None).tables.issued,
            applications=self._looked_at[APPLICATION.kind],
            licenses=self._looked_at[LICENSE.kind],
            unread=unread,
            came=came,
            open=tuple(open_at(self._law.rules, self._now)),
            moments=tuple(
                Moment(
                    at=each.at,
                    coming=each.coming,
                    applications=Tally(**each.tallies[APPLICATION.kind]),
                    licenses=Tally(**each.tallies[LICENSE.kind]),
                    officers=dict(sorted(Counter(row.officer for row in each.rows if row.officer).items())),
                    rows=tuple(sorted(each.rows, key=lambda row: row.stream)),
                )
                for each in self._found
            ),
        )


def _answers(case: Case, law: Law, listings_of: ListingsOf, at: datetime) -> tuple[Answer, ...]:
    return tuple(answer(each, law, listings_of, at) for each in case.transactions)


def _moment(at: datetime, coming: tuple[Coming, ...], directives: tuple[DirectiveState, ...]) -> _Found:
    kinds = {each.kind for each in coming}
    return _Found(
        at=at,
        coming=coming,
        orders=_standing(directives, at) if Kind.DIRECTIVE in kinds else None,
        asks=not kinds <= {Kind.DIRECTIVE, Kind.LIST},
        old=Kind.LIST in kinds,
    )


def _standing(directives: Iterable[DirectiveState], at: datetime) -> tuple[StandingDirective, ...]:
    """The directives in force at an instant, if nobody does anything until then."""
    then = [DIRECTIVE.folded(each, DIRECTIVE.advance(each, at)) for each in directives]
    in_force = [each for each in then if each is not None and each.standing is not None]
    superseded = {each.supersedes for each in in_force}
    return tuple(each.standing for each in in_force if each.standing and each.key not in superseded)


def _directed(kind: Aggregate[Any], state: Any, standing: tuple[StandingDirective, ...], at: datetime) -> Any:
    """The state once the case is held against what stands, the time of its freeze over if it is."""
    if isinstance(state, ApplicationState) and state.freeze is not None and state.freeze.until <= at:
        over = FreezeLapsed(at=state.freeze.until, directive=state.freeze.directive)
        state = kind.apply(state, over)
    assert kind.directed is not None, "directives are about applications and licenses"
    return kind.folded(state, kind.directed(state, standing, at))


def _row(
    case: Case, before: tuple[Answer, ...], after: tuple[Answer, ...], states: tuple[Any, Any]
) -> Row | None:
    changes = {*_changes(before, after), *_moves(*states)}
    change = next((each for each in Change if each in changes), None)
    if change is None:
        return None
    stages = (states[0].stage.value, states[1].stage.value)
    return Row(
        stream=case.stream,
        officer=case.officer,
        change=change,
        turns=tuple(
            Turn(destination=asked.destination, before=was.said, after=will.said)
            for asked, was, will in zip(case.transactions, before, after, strict=True)
            if was.said is not will.said
        ),
        stages=stages if Change.MOVES in changes else None,
    )


def _changes(before: tuple[Answer, ...], after: tuple[Answer, ...]) -> Iterator[Change]:
    for was, will in zip(before, after, strict=True):
        if change := was.change(will):
            yield change


def _moves(before: Any, after: Any) -> Iterator[Change]:
    frozen = (getattr(before, "freeze", None), getattr(after, "freeze", None))
    if before.stage != after.stage or frozen[0] != frozen[1]:
        yield Change.MOVES

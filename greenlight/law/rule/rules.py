"""All rules that determinations go by, each with its standings; asked in memory."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from greenlight.kernel.time.calendar import agency_date
from greenlight.law.rule.acts import (
    Affiliates,
    Attestation,
    Entries,
    GeneralLicense,
    Governed,
    JointVentures,
    Places,
    Printed,
    Reviewed,
)
from greenlight.law.rule.standing import UNKNOWN, Force, Standing, Timeline
from greenlight.law.terms.spans import BEGINNING, NEVER


@dataclass(frozen=True, eq=False)
class Rule:
    """A rule: its key and title, what it is about, and what is attested of it. ``before``: as it was known
    until the first of these attestations was."""

    key: str
    title: str
    governs: Governed
    attestations: tuple[Attestation, ...]
    before: "Rule | None" = None

    def of(self, known_at: datetime | None) -> "Rule":
        """The rule as it was known at an instant, with what it was about and called then; None: as it is."""
        if self.before is None or known_at is None:
            return self
        since = min((each.known for each in self.attestations), default=NEVER)
        return self if since <= known_at else self.before.of(known_at)

    @property
    def matters(self) -> tuple[Governed, ...]:
        """Everything that it was ever about, what it is about now first."""
        return (self.governs, *(self.before.matters if self.before else ()))

    @cached_property
    def timeline(self) -> Timeline:
        return Timeline(self.attestations, self.before.timeline if self.before else None)

    def known(self, known_at: datetime | None = None) -> tuple[Attestation, ...]:
        """Everything that was attested by an instant; None: all of it."""
        found = tuple(each for each in self.attestations if known_at is None or each.known <= known_at)
        return found or (self.before.known(known_at) if self.before else ())

    def as_known(self, known_at: datetime) -> "Rule | None":
        """With no more than what was attested by an instant; None: nothing was."""
        found = tuple(each for each in self.attestations if each.known <= known_at)
        return replace(self, attestations=found) if found else None

    def at(self, at: datetime, known_at: datetime | None = None) -> Standing:
        return self.timeline.at(at, known_at)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A general license that runs, or may: for whom it waives what its rule requires."""

    title: str
    standing: Standing
    countries: frozenset[str]
    joint_ventures: JointVentures | None
    otherwise: str | None


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A version of the control tables that two officers attested."""

    printed: Printed
    timeline: Timeline

    @property
    def known(self) -> datetime:
        """The instant since which it is on record."""
        return self.timeline.known[0]

    def counts(self, known_at: datetime | None) -> bool:
        """Tell whether it is asked, by what was known at an instant: nobody took it back or withdrew it."""
        return self.timeline.changes(known_at)[-1][1].in_force is True


@dataclass(frozen=True, slots=True)
class AtTime:
    """The rules at an instant, as known at another."""

    affiliates: Standing
    waivers: tuple[Waiver, ...]


class Rules:
    """Every rule by its key. One that is about affiliates decides of them; of general licenses and tables
    there may be any number. ``tables``: the versions of the control tables that are on record."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.by_key: Mapping[str, Rule] = {rule.key: rule for rule in rules}
        self._known, self._starts, self._times = self._worked_out()
        self.tables = tuple(
            OnRecord(rule.governs, rule.timeline)
            for rule in self.by_key.values()
            if isinstance(rule.governs, Printed)
        )
        self._of_tables: defaultdict[str, list[Rule]] = defaultdict(list)
        for rule in self.by_key.values():
            for name in {name for governs in rule.matters for name in _printed(governs)}:
                self._of_tables[name].append(rule)
        self._reviewing: defaultdict[str, list[Rule]] = defaultdict(list)
        for rule in self.by_key.values():
            for name in {name for governs in rule.matters for name in _reviewed(governs)}:
                self._reviewing[name].append(rule)

    def replaced(self, recorded: Iterable[Rule]) -> "Rules":
        """These, with those on record in the place of what was here of the same key, from when they are known
        on."""
        instead = {rule.key: replace(rule, before=self.by_key.get(rule.key)) for rule in recorded}
        return Rules({**self.by_key, **instead}.values())

    def at(self, at: datetime, known_at: datetime | None) -> AtTime:
        """The standing of the Affiliates Rule, and the general licenses that waive it."""
        place = len(self._known) if known_at is None else bisect_right(self._known, known_at)
        return self._times[place][bisect_right(self._starts[place], at) - 1]

    def _worked_out(self) -> tuple[list[datetime], list[list[datetime]], list[list[AtTime]]]:
        """All answers of ``at``, which is asked all day: before anything was known and from each instant on
        at which something was, the instants from which each counts, and what counts then."""
        asked = [
            rule
            for rule in self.by_key.values()
            if any(isinstance(governs, Affiliates | GeneralLicense) for governs in rule.matters)
        ]
        known = sorted({instant for rule in asked for instant in rule.timeline.known})
        starts: list[list[datetime]] = []
        for each in (BEGINNING, *known):
            changes = {start for rule in asked for start, _ in rule.timeline.changes(each)}
            starts.append(sorted(changes | {BEGINNING}))
        times = [
            [self._at(start, each) for start in of]
            for each, of in zip((BEGINNING, *known), starts, strict=True)
        ]
        return known, starts, times

    def _at(self, at: datetime, known_at: datetime) -> AtTime:
        known = [rule.of(known_at) for rule in self.by_key.values()]
        affiliates = _of_affiliates(known)
        if affiliates is None:
            return AtTime(UNKNOWN, ())
        found = (
            Waiver(
                rule.title,
                rule.at(at, known_at),
                governs.countries,
                governs.joint_ventures,
                governs.otherwise,
            )
            for rule in known
            if isinstance(governs := rule.governs, GeneralLicense) and governs.rule == affiliates.key
        )
        waivers = tuple(each for each in found if each.standing.in_force is not False)
        return AtTime(affiliates.at(at, known_at), waivers)

    def instead_of(self, key: str) -> Rule | None:
        """The rule about affiliates by which is answered in the place of the one of that key, which an old
        log may have besides; None: that one is asked, or is about something else."""
        rule, asked = self.by_key[key], _of_affiliates(self.by_key.values())
        return None if asked is rule or not isinstance(rule.governs, Affiliates) else asked

    def warnings(
        self, names: AbstractSet[str], at: datetime, known_at: datetime | None, issued: date
    ) -> tuple[str, ...]:
        """Say where tables that were ``issued`` on a day do not print what counts at ``at``, by the rules
        that are known to change entries and rows of these ``names``; and what they print and nobody enforces.
        """
        touched = names & self._of_tables.keys()
        if not touched:
            return ()
        found = [(rule, name) for name in sorted(touched) for rule in self._about(name, known_at)]
        return tuple(said for rule, name in found for said in _warnings(rule, name, at, known_at, issued))

    def ahead(
        self, names: AbstractSet[str], at: datetime, known_at: datetime | None, issued: date
    ) -> Mapping[str, date]:
        """The entries and rows of these ``names`` of which tables that were ``issued`` on a day print what
        does not count yet at ``at``; each with the first day of the next amendment that is known."""
        day = agency_date(at)
        found: dict[str, date] = {}
        for name in names & self._of_tables.keys():
            begins = [
                begin for rule in self._about(name, known_at) for begin, _ in _amendments(rule, known_at)
            ]
            coming = [begin for begin in begins if day < begin <= issued]
            if coming:
                found[name] = min(coming)
        return found

    def reviewing(self, names: Iterable[str]) -> list[Rule]:
        """The rules that ever said how applications are reviewed that are about these entries or lists."""
        return [rule for name in names if name in self._reviewing for rule in self._reviewing[name]]

    def _about(self, name: str, known_at: datetime | None) -> Iterator[Rule]:
        """The rules that were about an entry or a row of the tables, as known at an instant."""
        known = (rule.of(known_at) for rule in self._of_tables[name])
        return (rule for rule in known if name in _printed(rule.governs))


def _of_affiliates(rules: Iterable[Rule]) -> Rule | None:
    """The one by which is answered: of several in an old log the first, where what comes with the service is
    before all others."""
    return next((rule for rule in rules if isinstance(rule.governs, Affiliates)), None)


def _printed(governs: Governed) -> Collection[str]:
    """The entries or destinations of the tables that a rule is about."""
    match governs:
        case Entries(entries=entries):
            return entries
        case Places(countries=countries):
            return countries
        case _:
            return ()


def _reviewed(governs: Governed) -> Iterable[str]:
    """The entries of the tables that a review policy is about; of one that is about none, the lists."""
    if not isinstance(governs, Reviewed):
        return ()
    return governs.entries or (each.source_list for each in governs.listings)


def _warnings(rule: Rule, name: str, at: datetime, known_at: datetime | None, issued: date) -> Iterator[str]:
    day = agency_date(at)
    standing = rule.at(at, known_at)
    if Force.NOT_ENFORCED in standing.forces:
        yield f"{name}: {rule.title}: {standing.said} [{standing.citation}]"
        return
    for begins, each in _amendments(rule, known_at):
        if issued < begins <= day:
            yield (
                f"{name}: {rule.title}: the tables of {issued} are older than this amendment, which counts"
                f" from {begins} [{each.citation}]"
            )
        elif day < begins <= issued:
            yield (
                f"{name}: {rule.title}: the tables of {issued} print this amendment, which counts only from"
                f" {begins} [{each.citation}]"
            )


def _amendments(rule: Rule, known_at: datetime | None) -> Iterator[tuple[date, Standing]]:
    """The days from which on a rule counts, or may."""
    for start, each in rule.timeline.changes(known_at):
        if Force.IN_FORCE in each.forces:
            yield agency_date(start), each

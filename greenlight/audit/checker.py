"""Checking commits in the order of the log: who signed them, and whether the law has them so.

A fault is told and the rest is checked. What a fault leaves on record counts as it stands: the law goes on
from there, so that one forged event is one fault.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from greenlight.audit import lawful, returns
from greenlight.audit.facts import Cases, Elsewhere
from greenlight.audit.fault import Fault
from greenlight.audit.lawful import Case, Directives, Objection
from greenlight.audit.moments import Moments
from greenlight.audit.remembered import never_said
from greenlight.audit.shown import AT_ONCE, Shown
from greenlight.audit.streams import KEPT, WHOLE, History, Stream, Streams
from greenlight.eventlog.database import Source
from greenlight.eventlog.orders import BY_ORDER
from greenlight.eventlog.signed import Line, Signatures
from greenlight.eventlog.stored import Head
from greenlight.kernel.aggregate import CommandRefused
from greenlight.kernel.canonical import is_canonical
from greenlight.kernel.commit import Append, Event
from greenlight.kernel.past import UnreadableError
from greenlight.kernel.roles import Role
from greenlight.kernel.streams import application_stream, officer_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.dossier import Screening
from greenlight.law.application.events import ApplicationSubmitted, PartiesScreened
from greenlight.law.application.flip.events import AnswerFlipped
from greenlight.law.application.screening.resolution import ResolutionRemembered
from greenlight.law.application.screening.returning import ReturnProposed
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.events import TransferAccepted
from greenlight.law.license.state import LicenseState
from greenlight.law.moment.events import MomentCame
from greenlight.law.officer.events import FounderRegistered
from greenlight.law.registry import aggregate_of
from greenlight.law.rule.aggregate import RULE
from greenlight.law.rule.history import confirmed
from greenlight.law.rule.state import RuleState
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.state import ListState

AHEAD = timedelta(minutes=1)
"""So far legal time may be ahead of the recording, in production: clocks differ."""

SHARED = ("officer-", "batch-", "directive-", "list-", "rule-")
"""Streams on which others rest: whoever checks some streams has to know all of these."""


class Checker:
    """Checks the commits that it is given; of those on which others rest it has to see all."""

    def __init__(
        self, log: Head, history: History, kept: int = KEPT, *, law: bool = True, tables: Path | None = None
    ) -> None:
        """``law`` False: nothing but who signed what. ``tables``: the folder of control tables."""
        self._kind = log.kind
        self._law = law
        self._history = history
        self.signatures = Signatures(log, remembers=False)
        self.streams = Streams(history, kept)
        self._shown = Shown()
        self._list: ListState | None = None
        self._rules: dict[str, RuleState] = {}
        self._tables = returns.kept_in(tables)
        self._moments = Moments(history, self._tables)

    async def check(self, commit: Sequence[Line]) -> list[Fault]:
        """The faults of the next commit."""
        faults: list[Fault] = []
        for line in commit:
            try:
                reason = self.signatures.step(line)
            except ValueError:
                reason = "the record cannot be read"
            # Whether a directive leads to it is worked out below, and more.
            if reason is not None and not (line.proof is None and line.type in BY_ORDER):
                faults.append(Fault(position=line.position, reason=reason))
        if self._law:
            # Nothing follows from what nobody signed, or somebody else.
            faults.extend(await self._held_to_the_law(commit, sound=not faults))
        return faults

    async def compare(self, source: Source, *, at_the_end: bool) -> list[Fault]:
        """Hold the read models against what was checked since; before the end, only once there is much."""
        for stream in self.streams.left(all_of_them=at_the_end):
            self._shown.add(stream)
            stream.position = None
        if not at_the_end and len(self._shown) < AT_ONCE:
            return []
        return await self._shown.compared(source)

    def know(self, commit: Sequence[Line]) -> None:
        """Take in what others rest on and somebody else checks."""
        for line in commit:
            try:
                self.signatures.step(line)
                if line.stream.startswith(("list-", "rule-")):
                    self._rest_on(line.stream, aggregate_of(line.stream).read(line.record))
            except ValueError:
                continue

    def _rest_on(self, stream: str, event: Event) -> None:
        if stream.startswith("list-"):
            self._list = LIST.apply(self._list, event)
        elif stream.startswith("rule-"):
            after = RULE.apply(self._rules.get(stream), event)
            if after is not None:
                self._rules[stream] = after

    def _not_to_be_returned(
        self, stream: Stream, events: tuple[Event, ...], event: ReturnProposed
    ) -> str | None:
        try:
            state = Case(stream.aggregate, stream.name, stream.state).after(events).state
            recorded = filter(None, map(confirmed, self._rules.values()))
            return returns.objection(state, event, self._tables, recorded)
        except Exception:  # noqa: BLE001 - it cannot follow, and that is told.
            return None

    async def _held_to_the_law(self, commit: Sequence[Line], *, sound: bool) -> list[Fault]:
        if commit[0].type == FounderRegistered.__name__:
            return await self._founded(commit)
        own = [line for line in commit if line.stream == commit[0].case] or list(commit)
        faults: list[Fault] = []
        stream = await self._stream(own[0], faults)
        if stream is None:
            return faults
        read = list(self._read(stream, own, faults))
        known = [line for line, _ in read]
        events = tuple(event for _, event in read)
        if len(read) == len(own) and not stream.broken and sound:
            elsewhere = await self._elsewhere(stream, own, events)
            for place, reason in self._objections(stream, own, events, elsewhere):
                faults.append(Fault(position=known[place].position, reason=reason))
            faults.extend(await self._evidence(stream, own, events))
        case = self._take(stream, known, events, faults)
        await self._others(commit, own, case, events, faults, sound=sound)
        self.streams.settle(stream)
        return faults

    async def _founded(self, commit: Sequence[Line]) -> list[Fault]:
        """The first officers are registered together, each in a stream of their own."""
        faults: list[Fault] = []
        events: list[Event] = []
        for line in commit:
            if (stream := await self._stream(line, faults)) is not None:
                read = list(self._read(stream, [line], faults))
                events += [event for _, event in read]
                self._take(stream, [line for line, _ in read], [event for _, event in read], faults)
                self.streams.settle(stream)
        objection = None if faults else lawful.of_the_founding(tuple(events))
        if objection is not None:
            faults.append(Fault(position=commit[objection.place].position, reason=objection.reason))
        return faults

    async def _elsewhere(self, stream: Stream, lines: Sequence[Line], events: Sequence[Event]) -> Elsewhere:
        """Facts of other streams, as far as a decision here can rest on them."""
        # It was decided a moment before it was recorded.
        recorded = lines[0].recorded_at

        def roles(officer: str) -> frozenset[Role] | None:
            register, stream = self.signatures.register, officer_stream(officer)
            held = (register.held(stream, recorded - AHEAD), register.held(stream, recorded))
            return None if held[0] is None or held[1] is None else held[0] | held[1]

        def names(officer: str) -> tuple[str | None, str | None]:
            register, stream = self.signatures.register, officer_stream(officer)
            return register.called(stream, recorded - AHEAD), register.called(stream, recorded)

        acns = {event.application.previous_acn for event in events if isinstance(event, ApplicationSubmitted)}
        if isinstance(stream.state, LicenseState) and any(isinstance(e, TransferAccepted) for e in events):
            acns.add(stream.state.acn)
        cases: Cases = {acn: await self._case(acn, lines[0].position) for acn in acns if acn is not None}
        return Elsewhere(roles=roles, names=names, cases=cases)

    async def _case(self, acn: str, before: int) -> ApplicationState | None:
        records = await self._history.records(application_stream(acn), WHOLE, before)
        try:
            return APPLICATION.replay(None, tuple(records))
        except Exception:  # noqa: BLE001 - what cannot be read or follow was a fault where it stands.
            return None

    async def _stream(self, line: Line, faults: list[Fault]) -> Stream | None:
        try:
            stream = await self.streams.at(line.stream, line.version - 1, line.position)
        except ValueError as error:
            faults.append(Fault(position=line.position, reason=str(error)))
            return None
        if stream.version != line.version - 1:
            reason = f"version {line.version} of its stream follows version {stream.version}"
            faults.append(Fault(position=line.position, reason=reason))
            stream.version = line.version - 1
        return stream

    def _read(
        self, stream: Stream, lines: Sequence[Line], faults: list[Fault]
    ) -> Iterator[tuple[Line, Event]]:
        """The events, as far as they can be read and follow each other in number and in time."""
        version, last = stream.version, stream.last
        for line in lines:
            if line.version != (version := version + 1):
                reason = f"version {line.version} of its stream follows version {version - 1}"
                faults.append(Fault(position=line.position, reason=reason))
                version = line.version
            try:
                event, unknown = stream.aggregate.read_whole(line.record)
            except UnreadableError as error:
                told = f"{error.type}: a newer release may know it"
                reason = f"{stream.aggregate.kind} has no such event that could be read here ({told})"
                faults.append(Fault(position=line.position, reason=reason))
                stream.broken = True
                continue
            if not is_canonical(line.record):
                reason = "the record is not in its canonical form: two readers may read two things in it"
                faults.append(Fault(position=line.position, reason=reason))
            if unknown:
                # What they mean, or will mean to a later release, nobody here can hold against the law.
                told = ", ".join(unknown)
                reason = f"members that are not known here ({told}): a newer release may know them"
                faults.append(Fault(position=line.position, reason=reason))
            if reason := self._untimely(line, event, last):
                faults.append(Fault(position=line.position, reason=reason))
            if not isinstance(event, CommandRefused):
                last = event.at if last is None else max(last, event.at)
            yield line, event

    def _untimely(self, line: Line, event: Event, last: datetime | None) -> str | None:
        if not self._kind.driven and event.at > line.recorded_at + AHEAD:
            return f"legal time {event.at.isoformat()} lies ahead of the recording"
        # A refusal stands wherever the stream ended when somebody was told of it.
        if last is not None and event.at < last and not isinstance(event, CommandRefused):
            return f"legal time {event.at.isoformat()} lies before that of an earlier event"
        return None

    def _objections(
        self, stream: Stream, lines: Sequence[Line], events: tuple[Event, ...], elsewhere: Elsewhere
    ) -> list[Objection]:
        case = Case(stream.aggregate, stream.name, stream.state, self._directives(), elsewhere)
        claims, name = self.signatures.claims, lines[0].name
        if lines[0].refuses and lines[0].proof is not None:
            return []
        try:
            if lines[0].proof is not None and claims is not None and name is not None:
                found = (lawful.of_command(case, name, claims, events),)
            else:
                now = events[-1].at if self._kind.driven else lines[-1].recorded_at
                found = tuple(_unsigned(case, events, now))
        except Exception as error:  # noqa: BLE001 - a forged record leads the law where it never goes.
            return [Objection(0, f"the law cannot tell what follows here: {type(error).__name__}")]
        return [each for each in found if each is not None]

    async def _evidence(
        self, stream: Stream, lines: Sequence[Line], events: tuple[Event, ...]
    ) -> list[Fault]:
        """Hold what was taken from elsewhere against where it was taken from."""
        faults: list[Fault] = []
        for line, event in zip(lines, events, strict=True):
            reason = None
            if isinstance(event, PartiesScreened):
                reason = self._not_screened(event.screening)
            elif isinstance(event, TransferAccepted):
                found = Screening(list_version=event.list_version, findings=(event.finding,))
                reason = self._not_screened(found)
            elif isinstance(event, ResolutionRemembered):
                reason = await never_said(self._history, event, line.position)
            elif isinstance(event, ReturnProposed):
                reason = self._not_to_be_returned(stream, events, event)
            elif isinstance(event, MomentCame):
                reason = await self._moments.objection(event, line.position)
            elif isinstance(event, AnswerFlipped):
                filed = getattr(stream.state, "registered_at", None)
                reason = await self._moments.flip_objection(event, filed, line.position)
            if reason is not None:
                faults.append(Fault(position=line.position, reason=reason))
        return faults

    def _not_screened(self, found: Screening) -> str | None:
        """Check that parties that count as screened were held against the list that stood then."""
        stands = self._list.digest if self._list else None
        if found.complete and found.list_version is None:
            return "the parties were held against no list"
        if stands is not None and found.complete and found.list_version != stands:
            return "the parties were held against another list than the one that stood"
        return None

    def _directives(self) -> Directives:
        return self.signatures.orders.standing

    def _take(
        self, stream: Stream, lines: Sequence[Line], events: Sequence[Event], faults: list[Fault]
    ) -> Case:
        """Go on from what is on record, whatever the law says of it."""
        for line, event in zip(lines, events, strict=True):
            was_broken = stream.broken
            stream.position = line.position
            try:
                stream.take(event)
            except Exception:  # noqa: BLE001 - a forged record leads where the law never goes.
                if not was_broken:
                    reason = f"{type(event).__name__} cannot follow in this stream"
                    faults.append(Fault(position=line.position, reason=reason))
        if stream.aggregate.kind == "list":
            self._list = stream.state
        elif stream.aggregate.kind == "rule" and stream.state is not None:
            self._rules[stream.name] = stream.state
        return Case(stream.aggregate, stream.name, stream.state, self._directives())

    async def _others(
        self,
        commit: Sequence[Line],
        own: Sequence[Line],
        case: Case,
        events: tuple[Event, ...],
        faults: list[Fault],
        *,
        sound: bool,
    ) -> None:
        """Check that what follows in other streams is there, and all of it."""
        rest = [line for line in commit if line.stream != own[0].stream]
        broken = not sound or len(events) != len(own)
        due = () if broken else _consequences(case, events)
        expected = [
            (append.stream, number, record)
            for append in due
            for number, record in enumerate(append.events, append.expected_version + 1)
        ]
        told = False
        for line, wanted in zip(rest, [*expected, *[None] * len(rest)], strict=False):
            if not broken and not told and (line.stream, line.version, line.record) != wanted:
                told = True
                reason = f"{line.type} in {line.stream} does not follow from {own[-1].type}"
                faults.append(Fault(position=line.position, reason=reason))
            if (stream := await self._stream(line, faults)) is not None:
                read = list(self._read(stream, [line], faults))
                self._take(stream, [line for line, _ in read], [event for _, event in read], faults)
                # Somebody else may go on with it.
                self.streams.forget(stream)
        if len(expected) > len(rest) and not told:
            reason = f"{expected[len(rest)][0]} should have followed from it"
            faults.append(Fault(position=own[-1].position, reason=reason))


def _consequences(case: Case, events: tuple[Event, ...]) -> tuple[Append, ...]:
    try:
        return lawful.consequences(case, events)
    except Exception:  # noqa: BLE001 - it was said that the events are not as the law has them.
        return ()


def _unsigned(case: Case, events: tuple[Event, ...], now: datetime) -> Iterator[Objection]:
    place, changed = 0, False
    while place < len(events):
        explained, objection = 1, None
        if not isinstance(events[place], CommandRefused):
            changed = True
            explained, objection = lawful.of_service(case, events[place:])
        if objection is not None:
            yield Objection(place + objection.place, objection.reason)
        case = case.after(events[place : place + explained])
        place += explained
    if changed and (meant := case.meant(now)):
        yield Objection(len(events) - 1, f"a directive in force has {type(meant[0]).__name__} follow as well")

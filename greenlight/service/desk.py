"""The desk at which every message of every case is dealt with: read, advance, decide, record.

All of it happens in one activity, and its result in the workflow's history is what was recorded. So a
workflow never decides anything when it is replayed: however the law changes later, it evolves by the events
that stand in the log.

A case may be large, and the event loop is everybody's: work over a large one is done in threads.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, NamedTuple, ParamSpec, Protocol, TypeVar

from greenlight.kernel.aggregate import Aggregate, CommandRefused, Decision, Ruling, Staged
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof, Receipt, Recorded, StreamPage, last_of
from greenlight.kernel.held import past_of
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Incoming, Internal, Refused
from greenlight.kernel.need import Facts, Need
from greenlight.kernel.past import newer_release
from greenlight.kernel.reading import Reading, read
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.streams import stream_key
from greenlight.law.directive.standing import Standing
from greenlight.service.folding import Folded
from greenlight.service.suppliers import Occasion, Sources, Suppliers
from greenlight.service.unforeseen import lawfully

P = ParamSpec("P")
S = TypeVar("S", bound=Staged)
T = TypeVar("T")

Question = Callable[[Facts], Decision]
"""Asked again with more facts, and of the case as it stands by then."""

LARGE = 32_768
"""Characters of a case or message from which on to compute with it takes longer than to ask a thread."""

MAX_ANSWER_BYTES = 500_000
"""Records beyond this are left for the workflow to read page by page: a payload has its limit."""

MAX_COMMITS, MAX_NEEDS = 16, 64
"""Commits for one request: two, and more where others record too. Facts for one decision: ten or so."""


class DeskGaveUpError(Exception):
    """A request did not come to its end within bounds. Trying again is harmless: what is on record stands."""


class EventLog(Sources, Protocol):
    """The part of the log that the desk and its suppliers need."""

    async def record(self, commit: Commit) -> Recorded: ...

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...

    async def read_after(self, stream: str, version: int, last: str | None) -> StreamPage | None: ...

    async def objection(self, proof: Proof, stream: str) -> Refusal | None: ...

    async def unproven(self, proof: Proof, stream: str) -> Refusal | None: ...

    def standing(self) -> Standing: ...

    async def read_standing(self) -> Standing: ...


class _Draft(NamedTuple, Generic[S]):
    """The case as a commit will leave it, and its own events."""

    state: S | None
    events: tuple[Event, ...]
    commit: Commit


class Desk(Generic[S]):
    """Deals with one request about one case. ``case`` is where the case stands, and goes on with it."""

    def __init__(
        self,
        aggregate: Aggregate[S],
        log: EventLog,
        suppliers: Suppliers,
        case: Folded[S],
        request: DeskRequest,
    ) -> None:
        self.case = case
        self._aggregate = aggregate
        self._log = log
        self._suppliers = suppliers
        self._commits = 0
        self._anew = False
        # Legal time never runs behind what is recorded.
        self._now = max(request.now, case.at or request.now)
        self._kind = request.kind
        self._records: list[str] = []
        self._events: list[Event] = []
        self._more = False
        self._command_id: str | None = None
        self._on_record = True
        # A message is not written out for that.
        self._large = case.size + len(repr(request.incoming and request.incoming.content)) > LARGE
        # As last heard of. Whether it is so still is asked in the transaction that records.
        self._standing = log.standing()

    @property
    def events(self) -> tuple[Event, ...]:
        """The events that the records of the answer tell."""
        return tuple(self._events)

    async def catch_up(self) -> None:
        """Bring the case to where the log stands."""
        case = self.case
        await self._take_up(await self._log.read_after(case.stream, case.version, case.last))

    async def begin_anew(self) -> None:
        """Take the case over from the log, which does not have what the workflow holds."""
        await self._take_up(None)

    async def deal_with(self, request: DeskRequest) -> DeskAnswer:
        """Record what is due by the request's time, then decide its message.

        :raises DeskGaveUpError: that came to no end.
        """
        word: Receipt | Refusal | None = None
        await self._advance()
        if request.incoming is not None:
            word = await self._take(request.incoming)
        elif request.look_into is not None:
            await self._look_into(request.look_into)
        elif request.internal is not None:
            await self._carry_out(request.internal)
        return DeskAnswer(
            records=tuple(self._records),
            more=self._more,
            anew=self._anew,
            newer=self.case.newer,
            receipt=word if isinstance(word, Receipt) else None,
            refused=self._refused(word) if isinstance(word, Refusal) else None,
        )

    def _refused(self, refusal: Refusal) -> Refused:
        return Refused(
            code=refusal.code,
            message=refusal.message,
            command_id=self._command_id,
            on_record=self._on_record,
        )

    async def _compute(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of work over the case, which holds up nobody else.

        :raises LawFailedError: it fails, and would again.
        """
        if self._large:
            return await asyncio.to_thread(lawfully, work, *args, **kwargs)
        return lawfully(work, *args, **kwargs)

    async def _take(self, incoming: Incoming) -> Receipt | Refusal | None:
        reading = await self._compute(read, self._aggregate, self.case.stream, incoming, self._kind)
        if isinstance(reading, Refusal):
            # Nobody was shown to have sent it: it leaves nothing on record.
            self._on_record = False
            return reading
        self._command_id = reading.proof.command_id(self.case.stream)
        too_early = self._too_early(reading)
        return await self._decide(lambda facts: too_early or self._says(reading.command, facts), reading)

    def _too_early(self, reading: Reading) -> Refusal | None:
        """A driven clock goes forward only. A command that was accepted before is told so all the same."""
        if reading.at is None or reading.at >= self._now:
            return None
        return Refusal(RefusalCode.CLOCK_PASSED, f"it is {self._now.isoformat()} here already")

    async def _look_into(self, matter: str) -> None:
        """Do what the service owes the case; nothing, if the log turned out to have it already."""
        key = stream_key(self.case.stream)
        await self._decide(
            lambda facts: self._aggregate.look_into(matter, self.case.state, key, facts, self._now)
        )

    async def _carry_out(self, internal: Internal) -> None:
        body = self._aggregate.internal[internal.name].model_validate(internal.body)
        command = Command(key=stream_key(self.case.stream), body=body, by=None)
        # What the workflow tells of a case that turns out not to be the log's is not carried out.
        await self._decide(lambda facts: () if self._anew else self._says(command, facts))

    def _says(self, command: Command[Body], facts: Facts) -> Decision:
        """The decision of the case as it now stands."""
        return self._aggregate.decide(self.case.state, replace(command, facts=facts), self._now)

    async def _decide(self, question: Question, sent: Reading | None = None) -> Receipt | Refusal | None:
        """Decide and record, again where the log turns out to be ahead. None: nothing to tell anybody."""
        facts, proof = Facts(), sent.proof if sent else None
        taken = False
        while not self._is_unheard_of():
            ruling, facts = await self._ruling(question, facts, proof)
            events = self._to_record(ruling, sent)
            if not events:
                return None
            before = self.case.version
            recorded = await self._record(events, proof, refuses=isinstance(ruling, Refusal))
            match recorded.status:
                case "behind" if self.case.newer is not None:
                    self._on_record = False
                    return _newer_release(self.case.newer) if sent else None
                case "behind" if recorded.parted or self.case.version > before:
                    facts = facts.costly()
                    await self._advance()
                case "behind":
                    # It is another stream: the license of that number exists already.
                    self._suppliers.used(facts)
                    if taken:
                        raise DeskGaveUpError(f"{self.case.stream}: {recorded.message or 'others are ahead'}")
                    facts, taken = Facts(), True
                    await self._advance()
                case "outdated":
                    # The directives come first: the command is decided on the case as they leave it.
                    facts = facts.costly()
                    await self._advance()
                case "refused":
                    self._on_record = recorded.on_record
                    return Refusal(recorded.code or RefusalCode.PROOF_INVALID, recorded.message or "")
                case "recorded" if isinstance(ruling, Refusal):
                    return ruling
                case "recorded" | "duplicate":
                    self._suppliers.used(facts)
                    return await self._compute(self._receipt, recorded, proof) if proof else None
        self._on_record = False
        return Refusal(RefusalCode.NO_SUCH_CASE, RefusalCode.NO_SUCH_CASE.meaning)

    def _is_unheard_of(self) -> bool:
        """Tell whether the log turned out to have no case here: nothing may be recorded in its stream."""
        return self._anew and self.case.state is None

    async def _ruling(self, question: Question, facts: Facts, proof: Proof | None) -> tuple[Ruling, Facts]:
        """Ask, and supply what is needed, until there are events or a refusal; with all facts by then.

        Of a case that goes on with what cannot be read here, nothing is decided. The log is asked all the
        same whether it has the command.
        """
        if self.case.newer is not None:
            return _newer_release(self.case.newer), facts
        while isinstance(decision := await self._compute(question, facts), Need):
            # Numbers are few, and files are large: nobody uses them up without authority.
            if decision.costly and proof and (unproven := await self._log.objection(proof, self.case.stream)):
                return unproven, facts
            if len(facts.answers) == MAX_NEEDS:
                raise DeskGaveUpError(f"{self.case.stream}: no decision by {MAX_NEEDS} facts")
            occasion = Occasion(self.case.stream, self._now, self._standing)
            facts = facts.knowing(decision, await self._suppliers.answer(decision, occasion))
        return decision, facts

    def _to_record(self, ruling: Ruling, sent: Reading | None) -> tuple[Event, ...]:
        """Refusals are events, too, where somebody is told."""
        if not isinstance(ruling, Refusal):
            return ruling
        if sent is None:
            return ()
        return (self._refusal(ruling, sent),)

    def _refusal(self, refusal: Refusal, sent: Reading) -> CommandRefused:
        return CommandRefused(
            at=self._now,
            by=sent.command.by,
            command=sent.command.name,
            command_id=sent.proof.command_id(self.case.stream),
            code=refusal.code,
            message=refusal.message[:400],
        )

    async def _advance(self) -> None:
        """Record what is due, and what the directives in force mean for the case as it stands."""
        while events := await self._compute(self._owed):
            await self._record(events, None)

    def _owed(self) -> tuple[Event, ...]:
        if self.case.newer is not None:
            return ()
        return self._aggregate.advance(self.case.state, self._now) or self._directed(self.case.state)

    def _directed(self, state: S | None) -> tuple[Event, ...]:
        if state is None or self._aggregate.directed is None:
            return ()
        return self._aggregate.directed(state, self._standing.directives, self._now)

    async def _record(
        self, events: tuple[Event, ...], proof: Proof | None, *, refuses: bool = False
    ) -> Recorded:
        if self._commits == MAX_COMMITS:
            raise DeskGaveUpError(f"{self.case.stream}: {MAX_COMMITS} commits came to no end")
        self._commits += 1
        draft = await self._compute(self._drafted, events, proof, refuses)
        recorded = await self._log.record(draft.commit)
        match recorded.status:
            case "recorded":
                self.case.state, self.case.at = draft.state, self._now
                self._note(draft.commit.appends[0].events, draft.events)
            case "outdated":
                self._standing = await self._log.read_standing()
            case "duplicate" | "behind" | "refused":
                missing = StreamPage(records=recorded.missing, more=recorded.more)
                await self._take_up(None if recorded.parted else missing)
        return recorded

    def _drafted(self, events: tuple[Event, ...], proof: Proof | None, refuses: bool) -> _Draft[S]:
        """The case after the events, and what is to be recorded."""
        state, events, records = self._after(self.case.state, events)
        if not refuses:
            # What changes the case is held against the directives in the same commit: none is missed.
            state, meant, told = self._after(state, self._directed(state))
            events, records = (*events, *meant), (*records, *told)
        own = Append(
            stream=self.case.stream,
            expected_version=self.case.version,
            last=self.case.last,
            events=records,
            view=None if state is None else self._aggregate.view(state, self.case.version + len(events)),
        )
        others = () if state is None else self._aggregate.consequences(state, events)
        heeds = self._aggregate.directed is not None and not refuses
        commit = Commit(
            proof=proof,
            appends=(own, *others),
            refuses=refuses,
            directives=self._standing.count if heeds else None,
        )
        return _Draft(state, events, commit)

    def _after(
        self, state: S | None, events: tuple[Event, ...]
    ) -> tuple[S | None, tuple[Event, ...], tuple[str, ...]]:
        """The state after the events, as whoever reads them from the log will have it; and their records."""
        records = tuple(event.record() for event in events)
        events = tuple(map(self._aggregate.read, records))
        return self._aggregate.folded(state, events), events, records

    async def _take_up(self, page: StreamPage | None) -> None:
        """The log is ahead, after a reset, a restart or a lost answer: the log wins.

        None: the workflow is ahead, or went another way, after the log was restored to an older state. The
        log wins then, too, from the beginning.
        """
        if page is None:
            self.case.state, self.case.version, self.case.last, self.case.at = None, 0, None, None
            self.case.size = 0
            if self.case.past is not None:
                self.case.past = past_of(self.case.stream)
            self._records, self._events, self._more, self._anew = [], [], False, True
            page = await self._log.read_stream(self.case.stream)
        self._large, self.case.newer = self._large or page.more, None
        await self._read_on(page)
        while page.more and self.case.newer is None:
            page = await self._log.read_stream(self.case.stream, self.case.version)
            if not page.records:
                raise DeskGaveUpError(f"{self.case.stream}: nothing follows event {self.case.version}")
            await self._read_on(page)

    async def _read_on(self, page: StreamPage) -> None:
        """Take over a page, or as much of it as can be read here."""
        events = await self._compute(self._take_over, page.records)
        self._note(page.records[: len(events)], events)

    def _take_over(self, records: tuple[str, ...]) -> tuple[Event, ...]:
        events, self.case.newer = self._aggregate.known_of(records)
        for event in events:
            self.case.state = self._aggregate.apply(self.case.state, event)
            self._now = max(self._now, event.at)
            self.case.at = max(self.case.at or event.at, event.at)
        return events

    def _note(self, records: tuple[str, ...], events: tuple[Event, ...]) -> None:
        self.case.version += len(records)
        self.case.size += sum(map(len, records))
        self.case.last = last_of(records, self.case.last)
        if self.case.past is not None:
            self.case.past = past_of(self.case.stream, records, self.case.past)
        size = sum(len(record.encode()) for record in (*self._records, *records))
        self._more = self._more or size > MAX_ANSWER_BYTES
        if not self._more:
            self._records.extend(records)
            self._events.extend(events)

    def _receipt(self, recorded: Recorded, proof: Proof) -> Receipt:
        assert self.case.state is not None, "an accepted command leaves a state"
        return Receipt(
            stream=self.case.stream,
            command_id=proof.command_id(self.case.stream),
            stage=self.case.state.stage,
            version=recorded.version,
            position=recorded.position,
            dossier=self._aggregate.dossier_digest(self.case.state),
            duplicate=recorded.status == "duplicate",
        )


def _newer_release(type_: str) -> Refusal:
    return Refusal(RefusalCode.NEWER_RELEASE, newer_release(type_))

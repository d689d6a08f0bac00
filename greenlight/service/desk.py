"""The desk at which every message of every case is dealt with: read, advance, decide, record.

All of it happens in one activity, and its result in the workflow's history is what was recorded. So a
workflow never decides anything when it is replayed: however the law changes later, it evolves by the events
that stand in the log.

A case may be large, and the event loop is everybody's: what is computed over a state is computed in threads.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from greenlight.kernel.aggregate import Aggregate, CommandRefused, Decision, Ruling, Staged
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof, Receipt, Recorded, StreamPage
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Incoming, Internal, Refused
from greenlight.kernel.need import Facts, Need
from greenlight.kernel.reading import Reading, read
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.streams import stream_key
from greenlight.law.directive.standing import Standing
from greenlight.service.suppliers import Occasion, Sources, Suppliers

S = TypeVar("S", bound=Staged)

Question = Callable[[Facts], Decision]
"""Asked again with more facts, and of the case as it stands by then."""

MAX_ANSWER_CHARACTERS = 500_000
"""Records beyond this are left for the workflow to read page by page: a payload has its limit."""


class EventLog(Sources, Protocol):
    """The part of the log that the desk and its suppliers need."""

    async def record(self, commit: Commit) -> Recorded: ...

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...

    async def objection(self, proof: Proof, stream: str) -> Refusal | None: ...

    def standing(self) -> Standing: ...

    async def read_standing(self) -> Standing: ...


class Desk(Generic[S]):
    """Deals with one request about one case."""

    def __init__(
        self, aggregate: Aggregate[S], log: EventLog, suppliers: Suppliers, request: DeskRequest
    ) -> None:
        self._aggregate = aggregate
        self._log = log
        self._suppliers = suppliers
        self._stream = request.stream
        self._version = request.version
        self._now = request.now
        self._kind = request.kind
        self._state: S | None = None
        self._records: list[str] = []
        self._more = False
        self._command_id: str | None = None
        self._on_record = True
        # As last heard of. Whether it is so still is asked in the transaction that records.
        self._standing = log.standing()

    async def handle(self, request: DeskRequest) -> DeskAnswer:
        """Record what is due by the request's time, then decide its message."""
        word: Receipt | Refusal | None = None
        if request.state is not None:
            self._state = await asyncio.to_thread(self._aggregate.state.validate_json, request.state)
        if request.look_into is not None:
            self._standing = await self._log.read_standing()
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

    async def _take(self, incoming: Incoming) -> Receipt | Refusal | None:
        reading = await asyncio.to_thread(read, self._aggregate, self._stream, incoming, self._kind)
        if isinstance(reading, Refusal):
            # Nobody was shown to have sent it: it leaves nothing on record.
            self._on_record = False
            return reading
        self._command_id = reading.proof.command_id(self._stream)
        too_early = self._too_early(reading)
        return await self._decide(lambda facts: too_early or self._says(reading.command, facts), reading)

    def _too_early(self, reading: Reading) -> Refusal | None:
        """A driven clock goes forward only. A command that was accepted before is told so all the same."""
        if reading.at is None or reading.at >= self._now:
            return None
        return Refusal(RefusalCode.CLOCK_PASSED, f"it is {self._now.isoformat()} here already")

    async def _look_into(self, matter: str) -> None:
        """Do what the service owes the case; nothing, if the log turned out to have it already."""
        key = stream_key(self._stream)
        await self._decide(
            lambda facts: self._aggregate.look_into(matter, self._state, key, facts, self._now)
        )

    async def _carry_out(self, internal: Internal) -> None:
        body = self._aggregate.internal[internal.name].model_validate(internal.body)
        command = Command(key=stream_key(self._stream), body=body, by=None)
        await self._decide(lambda facts: self._says(command, facts))

    def _says(self, command: Command[Body], facts: Facts) -> Decision:
        """The decision of the case as it now stands."""
        return self._aggregate.decide(self._state, replace(command, facts=facts), self._now)

    async def _decide(self, question: Question, sent: Reading | None = None) -> Receipt | Refusal | None:
        """Decide and record, again where the log turns out to be ahead. None: nothing to tell anybody."""
        facts, proof = Facts(), sent.proof if sent else None
        while True:
            ruling, facts = await self._ruling(question, facts, proof)
            events = self._to_record(ruling, sent)
            if not events:
                return None
            recorded = await self._record(events, proof, refuses=isinstance(ruling, Refusal))
            match recorded.status:
                case "behind":
                    # With nothing missing it is another stream: the license of that number exists already.
                    facts = facts.costly() if recorded.missing else Facts()
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
                    return await asyncio.to_thread(self._receipt, recorded, proof) if proof else None

    async def _ruling(self, question: Question, facts: Facts, proof: Proof | None) -> tuple[Ruling, Facts]:
        """Ask, and supply what is needed, until there are events or a refusal; with all facts by then."""
        while isinstance(decision := await asyncio.to_thread(question, facts), Need):
            # Numbers are few, and files are large: nobody uses them up without authority.
            if decision.costly and proof and (unproven := await self._log.objection(proof, self._stream)):
                return unproven, facts
            occasion = Occasion(self._stream, self._now, self._standing)
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
            command_id=sent.proof.command_id(self._stream),
            code=refusal.code,
            message=refusal.message[:400],
        )

    async def _advance(self) -> None:
        """Record what is due, and what the directives in force mean for the case as it stands."""
        while events := await asyncio.to_thread(self._owed):
            await self._record(events, None)

    def _owed(self) -> tuple[Event, ...]:
        return self._aggregate.advance(self._state, self._now) or self._directed(self._state)

    def _directed(self, state: S | None) -> tuple[Event, ...]:
        if state is None or self._aggregate.directed is None or not self._standing.directives:
            return ()
        return self._aggregate.directed(state, self._standing.directives, self._now)

    async def _record(
        self, events: tuple[Event, ...], proof: Proof | None, *, refuses: bool = False
    ) -> Recorded:
        state, commit = await asyncio.to_thread(self._drafted, events, proof, refuses)
        recorded = await self._log.record(commit)
        match recorded.status:
            case "recorded":
                self._state = state
                self._note(commit.appends[0].events)
            case "outdated":
                self._standing = await self._log.read_standing()
            case "duplicate" | "behind" | "refused":
                await self._catch_up(recorded)
        return recorded

    def _drafted(
        self, events: tuple[Event, ...], proof: Proof | None, refuses: bool
    ) -> tuple[S | None, Commit]:
        """The case after the events, and what is to be recorded."""
        state = self._after(self._state, events)
        if not refuses:
            # What changes the case is held against the directives in the same commit: none is missed.
            meant = self._directed(state)
            state, events = self._after(state, meant), (*events, *meant)
        own = Append(
            stream=self._stream,
            expected_version=self._version,
            events=tuple(event.record() for event in events),
            view=None if state is None else self._aggregate.view(state, self._version + len(events)),
        )
        others = () if state is None else self._aggregate.consequences(state, events)
        heeds = self._aggregate.directed is not None and not refuses
        commit = Commit(
            proof=proof,
            appends=(own, *others),
            refuses=refuses,
            directives=self._standing.count if heeds else None,
        )
        return state, commit

    def _after(self, state: S | None, events: tuple[Event, ...]) -> S | None:
        for event in events:
            state = self._aggregate.apply(state, event)
        return state

    async def _catch_up(self, recorded: Recorded) -> None:
        """The log is ahead, after a reset, a restart or a lost answer: the log wins."""
        page = StreamPage(records=recorded.missing, more=recorded.more)
        while True:
            await asyncio.to_thread(self._take_over, page.records)
            self._note(page.records)
            if not page.more:
                return
            page = await self._log.read_stream(self._stream, self._version)

    def _take_over(self, records: tuple[str, ...]) -> None:
        for record in records:
            event = self._aggregate.read(record)
            self._state = self._aggregate.apply(self._state, event)
            self._now = max(self._now, event.at)

    def _note(self, records: tuple[str, ...]) -> None:
        self._version += len(records)
        self._more = self._more or sum(map(len, (*self._records, *records))) > MAX_ANSWER_CHARACTERS
        if not self._more:
            self._records.extend(records)

    def _receipt(self, recorded: Recorded, proof: Proof) -> Receipt:
        assert self._state is not None, "an accepted command leaves a state"
        return Receipt(
            stream=self._stream,
            command_id=proof.command_id(self._stream),
            stage=self._aggregate.status(self._state).stage,
            version=recorded.version,
            position=recorded.position,
            dossier=digest(self._aggregate.dossier(self._state)),
            duplicate=recorded.status == "duplicate",
        )

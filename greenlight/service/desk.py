"""The desk at which every message of every case is dealt with: read, advance, decide, record.

All of it happens in one activity, and its result in the workflow's history is what was recorded. So a
workflow never decides anything when it is replayed: however the law changes later, it evolves by the events
that stand in the log.

A case may be large, and the event loop is everybody's: what is computed over a state is computed in threads.
"""

import asyncio
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

import structlog

from greenlight.kernel.aggregate import Aggregate, CommandRefused, Lacks
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Append, Commit, Event, Proof, Receipt, Recorded, StreamPage
from greenlight.kernel.messages import DeskAnswer, DeskRequest, Incoming, Matter, Refused
from greenlight.kernel.reading import Reading, read
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.streams import application_stream, stream_key
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import RecordScreening, ResolveMatch
from greenlight.law.application.dossier import Parties, Screening
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.commands import RecordSuperseded
from greenlight.law.directive.standing import Standing
from greenlight.law.license.commands import RecordListed
from greenlight.law.license.state import LicenseState
from greenlight.law.reprieve.commands import TakeEffect
from greenlight.law.reprieve.gathering import Counts, entities_in_question, gathered
from greenlight.law.reprieve.state import ReprieveState, Stage
from greenlight.law.screening_list.commands import LoadList
from greenlight.law.screening_list.findings import listed_since, tells_otherwise
from greenlight.law.screening_list.state import ListState
from greenlight.service.findings import Determiner, Findings, Memory, Screener

S = TypeVar("S")

_log = structlog.stdlib.get_logger("desk")

MAX_ANSWER_CHARACTERS = 500_000
"""Records beyond this are left for the workflow to read page by page: a payload has its limit."""


class EventLog(Memory, Protocol):
    """What the desk needs of the log."""

    async def record(self, commit: Commit) -> Recorded: ...

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...

    async def objection(self, proof: Proof, stream: str) -> Refusal | None: ...

    async def reserve_license_number(self, stream: str) -> str: ...

    async def counts(self, entities: frozenset[str]) -> Counts: ...

    def standing(self) -> Standing: ...

    async def read_standing(self) -> Standing: ...

    async def superseded_by(self, key: str) -> str | None: ...


class Desk(Generic[S]):
    """Deals with one request about one case."""

    def __init__(
        self,
        decider: Aggregate[S],
        log: EventLog,
        screener: Screener,
        request: DeskRequest,
        determiner: Determiner | None = None,
    ) -> None:
        self._decider = decider
        self._log = log
        self._screener = screener
        self._stream = request.stream
        self._findings = Findings(log, screener, determiner, request.stream)
        self._version = request.version
        self._now = request.now
        self._kind = request.kind
        self._state: S | None = None
        self._records: list[str] = []
        self._more = False
        self._command_id: str | None = None
        # As last heard of. Whether it is so still is asked in the transaction that records.
        self._standing = log.standing()

    async def handle(self, request: DeskRequest) -> DeskAnswer:
        """Record what is due by the request's time, then decide its message."""
        word: Receipt | Refusal | None = None
        if request.state is not None:
            self._state = await asyncio.to_thread(self._decider.state.validate_json, request.state)
        if request.look_into == "directives":
            self._standing = await self._log.read_standing()
        await self._advance()
        if request.incoming is not None:
            word = await self._take(request.incoming)
        elif request.look_into is not None:
            await self._look_into(request.look_into)
        elif request.internal is not None:
            internal = request.internal
            body = self._decider.internal[internal.name].model_validate(internal.body)
            await self._by_itself(internal.name, body)
        return DeskAnswer(
            records=tuple(self._records),
            more=self._more,
            receipt=word if isinstance(word, Receipt) else None,
            refused=self._refused(word) if isinstance(word, Refusal) else None,
        )

    def _refused(self, refusal: Refusal) -> Refused:
        return Refused(code=refusal.code, message=refusal.message, command_id=self._command_id)

    async def _take(self, incoming: Incoming) -> Receipt | Refusal | None:
        reading = await asyncio.to_thread(read, self._decider, self._stream, incoming, self._kind)
        if isinstance(reading, Refusal):
            await self._put_on_record(incoming.name, reading)
            return reading
        self._command_id = reading.proof.command_id(self._stream)
        command = await self._inform(reading.command)
        return await self._decide(command, reading.proof, self._too_early(reading))

    def _too_early(self, reading: Reading) -> Refusal | None:
        """A driven clock goes forward only. A command that was accepted before is told so all the same."""
        if reading.at is None or reading.at >= self._now:
            return None
        return Refusal(RefusalCode.CLOCK_PASSED, f"it is {self._now.isoformat()} here already")

    async def _inform(self, command: Command[Body]) -> Command[Body]:
        return await self._findings.inform(command, self._state, self._now, self._standing)

    async def _screened(self, parties: Parties) -> Screening:
        return await self._findings.screened(parties, self._now, self._standing)

    async def _look_into(self, matter: Matter) -> None:
        """What the service owes the case; nothing, if the log turned out to have it already."""
        match matter:
            case "screening":
                await self._screen_again()
            case "facts":
                await self._gather()
            case "effect":
                await self._by_itself("take_effect", TakeEffect())
            case "directives":
                # They were read before, and what they mean is recorded with whatever was due.
                await self._rescreen()
            case "supersession":
                other = await self._log.superseded_by(stream_key(self._stream))
                if other is not None:
                    await self._by_itself("record_superseded", RecordSuperseded(by_directive=other))

    async def _gather(self) -> None:
        """Record what the log tells for a decision that is due. A log that is away is asked again later."""
        state = self._state
        if isinstance(state, ReprieveState) and state.stage is Stage.GATHERING:
            standing = await self._log.read_standing()
            counts = await self._log.counts(entities_in_question(state, self._now))
            facts = gathered(state, counts, standing, self._now)
            await self._by_itself("record_facts", facts)

    async def _by_itself(self, name: str, body: Body) -> None:
        command = Command(name=name, key=stream_key(self._stream), body=body, by=None)
        if isinstance(body, RecordScreening):
            command = await self._findings.found(
                command, body.screening, self._state, self._now, self._standing
            )
        elif isinstance(body, RecordListed):
            command = replace(command, remembered=await self._findings.remembered(body.findings))
        await self._decide(command, None)

    async def _screen_again(self) -> None:
        """Try what could not be done when the parties came, or hold them against the list as it is now."""
        state = self._state
        if not isinstance(state, ApplicationState):
            return
        screening = await self._screened(state.parties)
        if screening != state.screening:
            body = RecordScreening(screening=screening, parties=state.parties)
            await self._by_itself("record_screening", body)

    async def _rescreen(self) -> None:
        """Record what the list and the record tell otherwise than they did before."""
        state = self._state
        if self._standing.list is None and not self._standing.orders:
            return
        if isinstance(state, ApplicationState):
            screening = await self._screened(state.parties)
            if await asyncio.to_thread(tells_otherwise, state, screening):
                body = RecordScreening(screening=screening, parties=state.parties)
                await self._by_itself("record_screening", body)
        elif isinstance(state, LicenseState) and not state.stage.closed:
            granted = await self._application(state.acn)
            screening = await self._screened(granted.parties)
            if screening.complete and screening.list_version:
                found = RecordListed(
                    list_version=screening.list_version,
                    record_version=screening.record_version,
                    findings=await asyncio.to_thread(listed_since, granted, screening),
                )
                await self._by_itself("record_listed", found)

    async def _application(self, acn: str) -> ApplicationState:
        """The application that a license was granted on."""
        state, version, more = None, 0, True
        while more:
            page = await self._log.read_stream(application_stream(acn), version)
            state = await asyncio.to_thread(APPLICATION.replay, state, page.records)
            version, more = version + len(page.records), page.more
        assert state is not None, "a license is granted on an application"
        return state

    async def _decide(
        self, command: Command[Body], proof: Proof | None, objection: Refusal | None = None
    ) -> Receipt | Refusal | None:
        """Decide and record, again where the log turns out to be ahead. None: nothing to tell anybody."""
        while not self._on_record(command):
            decision = objection or await asyncio.to_thread(
                self._decider.decide, self._state, command, self._now
            )
            if isinstance(decision, Lacks):
                # Numbers are few, and files are large: nobody uses them up without authority.
                unproven = await self._log.objection(proof, self._stream) if proof else None
                if unproven is None:
                    command = await self._supplied(command, decision)
                    continue
                decision = unproven
            if isinstance(decision, Refusal):
                if proof is None:
                    return None
                events: tuple[Event, ...] = (self._refusal(command.name, decision, command.by, proof),)
            else:
                events = decision
            recorded = await self._record(events, proof, refuses=isinstance(decision, Refusal))
            match recorded.status:
                case "behind":
                    if not recorded.missing:
                        # It is not the case's own stream: the license of that number exists already.
                        command = replace(command, license_number=None)
                    await self._advance()
                    if isinstance(command.body, ResolveMatch):
                        # What is proposed on it rests on the case as it is.
                        command = await self._inform(command)
                case "outdated":
                    # The directives come first: the command is decided on the case as they leave it.
                    await self._advance()
                    command = await self._inform(command)
                case "refused":
                    return Refusal(recorded.code or RefusalCode.PROOF_INVALID, recorded.message or "")
                case "recorded" if isinstance(decision, Refusal):
                    return decision
                case "recorded" | "duplicate":
                    return await asyncio.to_thread(self._receipt, recorded, proof) if proof else None
        return None

    def _on_record(self, command: Command[Body]) -> bool:
        """Whether a try before this one, cut off before its answer, has recorded this very screening."""
        body, state = command.body, self._state
        if isinstance(body, RecordScreening) and isinstance(state, ApplicationState):
            return body.screening == state.screening
        return False

    async def _supplied(self, command: Command[Body], lacks: Lacks) -> Command[Body]:
        """The command with the fact that it cannot be decided without."""
        match lacks:
            case Lacks.LICENSE_NUMBER:
                return command.with_number(await self._log.reserve_license_number(self._stream))
            case Lacks.LIST_CONTENT:
                body, state = command.body, self._state
                assert isinstance(body, LoadList), "nothing else brings a file"
                assert isinstance(state, ListState), "the list was opened before"
                content = await self._screener.content(body.digest, body.retrieved, state.standing)
                return replace(command, content=content)

    async def _put_on_record(self, name: str, refusal: Refusal) -> None:
        """Record that something came which nobody proved to have sent."""
        refused = "behind"
        while refused == "behind":
            event = self._refusal(name, refusal, None, None)
            refused = (await self._record((event,), None, refuses=True)).status

    def _refusal(self, name: str, refusal: Refusal, by: Actor | None, proof: Proof | None) -> CommandRefused:
        return CommandRefused(
            at=self._now,
            by=by,
            # The name of an unknown message is anybody's text.
            command="".join(c if c.isalnum() or c in "_-." else "?" for c in name[:80]),
            command_id=proof.command_id(self._stream) if proof else None,
            code=refusal.code,
            message=refusal.message[:400],
        )

    async def _advance(self) -> None:
        """Record what is due, and what the directives in force mean for the case as it stands."""
        while events := await asyncio.to_thread(self._owed):
            await self._record(events, None)

    def _owed(self) -> tuple[Event, ...]:
        return self._decider.advance(self._state, self._now) or self._directed(self._state)

    def _directed(self, state: S | None) -> tuple[Event, ...]:
        if state is None or self._decider.directed is None or not self._standing.directives:
            return ()
        return self._decider.directed(state, self._standing.directives, self._now)

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
            view=None if state is None else self._decider.view(state, self._version + len(events)),
        )
        others = () if state is None else self._decider.consequences(state, events)
        heeds = self._decider.directed is not None and not refuses
        commit = Commit(
            proof=proof,
            appends=(own, *others),
            refuses=refuses,
            directives=self._standing.count if heeds else None,
        )
        return state, commit

    def _after(self, state: S | None, events: tuple[Event, ...]) -> S | None:
        for event in events:
            state = self._decider.apply(state, event)
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
            event = self._decider.read(record)
            self._state = self._decider.apply(self._state, event)
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
            stage=self._decider.status(self._state).stage,
            version=recorded.version,
            position=recorded.position,
            dossier=digest(self._decider.dossier(self._state)),
            duplicate=recorded.status == "duplicate",
        )

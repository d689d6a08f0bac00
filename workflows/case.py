"""The life of a case as a workflow, the same for every aggregate."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.clock_kind import TICK, TICK_MEANING, Ticked
from greenlight.kernel.commit import Event, Receipt
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer, Incoming, Resume, Told
from greenlight.kernel.past import newer_release
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.unopened import Unopened, UnopenedError
from greenlight.law.contract import (
    LOOK,
    LOOK_MEANING,
    QUERIES,
    REGISTERED,
    REGISTERED_MEANING,
    TAKE_OVER,
    TAKE_OVER_MEANING,
)
from workflows.details import details
from workflows.inbox import Inbox
from workflows.journal import Journal, accepted, as_error, incoming, unanswerable
from workflows.messages import asked_without_input, instant, no_input
from workflows.search_attributes import index
from workflows.telling import Telling

S = TypeVar("S", bound=Staged)

LONG = 1_500
"""Events after which a run is followed by another: whoever must replay it, or read it, has little to do.

The server would suggest it at 4,096.
"""

_ONE_KNOCK = "knocks are answered together"
"""The patch before which each signal that knocks was answered by itself."""


class Case(Generic[S]):
    """A workflow over one journal. Subclasses name the aggregate and add what is particular to it.

    ``trying`` is what the timer of another try is called; ``keeps``
    are the events that the journal keeps.
    """

    aggregate: ClassVar[Aggregate[Any]]
    trying = "next try"
    long = LONG
    keeps: tuple[type[Event], ...] = ()

    def __init__(self) -> None:
        self.journal: Journal[S] = Journal(self.aggregate, workflow.info().workflow_id, self.keeps)
        self.telling = Telling(self.show)
        self._inbox = Inbox(self.receive, self.journal.sift)
        self._looking = 0
        self._knocked = False
        self._open = False
        self._settled = False
        self._shown: tuple[int, str | None, str | None, int] = (0, None, None, 0)
        self._start_refused: Refusal | None = None

    async def live(self, start: tuple[object, ...]) -> CaseStatus:
        """From the first message to the end of the case; ends early only to continue as new.

        A request to cancel is not obeyed: a case ends by a withdrawal or a decision, on record, and not by
        whoever finds the button.
        """
        for message in start:
            if isinstance(message, Unopened) and message.passing:
                # No refusal: the task fails, and is tried again until somebody has brought the key back.
                raise UnopenedError(message.problem)
        life = asyncio.create_task(self._live(start))
        while not life.done():
            try:
                # Shielded: a cancellation must not reach into what is just being recorded.
                await asyncio.shield(life)
            except asyncio.CancelledError:
                workflow.logger.warning(
                    "a request to cancel is ignored: a case ends by a decision or a withdrawal"
                )
        if life.result():
            workflow.continue_as_new(Resume())
        return self.status()

    async def _live(self, start: tuple[object, ...]) -> bool:
        """Live on; tell whether the case goes on in a new run, as this one has to end."""
        await self._begin(start)
        self._open = True
        while self.journal.exists:
            again_at = await self.act() if self._acts else None
            self.show()
            self._settled = True
            await self._wait(again_at)
            if not (self.journal.closed or self.runs_out()):
                continue
            if self.journal.closed and self.journal.newer is None:
                await self.ended()
            # A handler under way may still change the case, so look again once all have ended.
            self.journal.clock.stop(self._finish)
            await workflow.wait_condition(self._at_rest)
            self.show()
            if self.journal.exists:
                return not self.journal.closed
        # Whoever waits for the case is told first.
        self._settled = True
        await workflow.wait_condition(workflow.all_handlers_finished)
        raise as_error(self._start_refused or _no_such_case())

    async def _finish(self) -> None:
        """Do what is to be done by now, in a run that ends and wakes no more."""
        journal = self.journal
        if journal.due is not None and journal.due <= journal.clock.now():
            await journal.advance()
        if self._acts:
            await self.act()

    def _at_rest(self) -> bool:
        """Nothing is under way that would end with the run."""
        return workflow.all_handlers_finished() and self.telling.done

    @property
    def _acts(self) -> bool:
        """The case goes on, and all of it is known."""
        return not self.journal.closed and self.journal.newer is None

    async def act(self) -> datetime | None:
        """Do what the service itself owes the case now; say when to try again at the latest."""
        return None

    async def ended(self) -> None:
        """Do what the service owes others now that the case is closed."""

    def owed(self) -> Hashable:
        """Changes when ``act`` has something new to do."""
        return None

    def notes(self) -> tuple[str, ...]:
        """List what else people are told of the case, a line each."""
        return ()

    def outlook(self) -> tuple[str, ...]:
        """Tell what will happen when, where the deadlines alone do not say it."""
        return ()

    def check(self, name: str, messages: tuple[object, ...]) -> None:
        """Reject, without a trace in the history, an update that cannot even be read."""
        kind = self.journal.clock.kind if self._open else None
        if objection := self.journal.objection(name, messages, kind):
            raise as_error(objection)

    async def post(self, name: str, messages: tuple[object, ...]) -> None:
        """A command from a signal: nobody waits for the answer, so that it waits for its turn."""
        await self._inbox.take(name, messages)

    async def receive(self, message: Incoming) -> Receipt | Refusal:
        """A command from an update or a signal. It waits until the case itself is on record."""
        await workflow.wait_condition(lambda: self._open)
        if not self.journal.exists:
            # Nothing may be recorded in a stream that another case has yet to begin.
            return self._start_refused or _no_such_case()
        answer = await self.journal.take(message)
        self.show()
        await self.journal.clock.rest()
        return answer

    @workflow.update(name=TICK, description=TICK_MEANING)
    async def tick(self, *messages: object) -> Ticked:
        at = instant(messages)
        await workflow.wait_condition(lambda: self._open)
        clock = self.journal.clock
        self._insist()
        if objection := clock.objection(at):
            raise as_error(objection)
        clock.tick(at)
        await clock.rest()
        return Ticked(now=clock.now(), due=self.journal.due)

    @tick.validator
    def _validate_tick(self, *messages: object) -> None:
        at = instant(messages)
        if self._open and (objection := self.journal.clock.objection(at)):
            raise as_error(objection)

    @workflow.update(name=REGISTERED, description=REGISTERED_MEANING)
    async def registered(self, *inputs: object) -> CaseStatus:
        await workflow.wait_condition(lambda: self._settled)
        if self._start_refused or self.journal.state is None:
            raise as_error(self._start_refused or self.nothing_known())
        await self.journal.clock.rest()
        return self.status()

    @registered.validator
    def _validate_registered(self, *inputs: object) -> None:
        no_input(REGISTERED, inputs)

    @workflow.update(name=LOOK, description=LOOK_MEANING)
    async def look(self, *inputs: object) -> None:
        await self._look(self.looked)
        self._insist()

    @look.validator
    def _validate_look(self, *inputs: object) -> None:
        no_input(LOOK, inputs)

    @workflow.signal(name=LOOK, description=LOOK_MEANING)
    async def look_signal(self, *inputs: object) -> None:
        if self._looking and workflow.patched(_ONE_KNOCK):
            # Whoever looks does so once more, for all that knock meanwhile.
            self._knocked = True
            return
        self._looking += 1
        try:
            await self._look(self.looked)
            while self._knocked:
                self._knocked = False
                await self._look(self.looked)
        finally:
            self._looking -= 1

    async def _look(self, into: Callable[[], Awaitable[None]]) -> None:
        await workflow.wait_condition(lambda: self._open)
        if self.journal.exists:
            await into()
            self.show()
            await self.journal.clock.rest()

    def _insist(self) -> None:
        """Tell whoever waits for an answer that there is no such case."""
        if not self.journal.exists:
            raise as_error(self._start_refused or _no_such_case())

    async def looked(self) -> None:
        """Do what somebody knocked for."""
        await self.journal.look_into("directives")

    @workflow.update(name=TAKE_OVER, description=TAKE_OVER_MEANING)
    async def take_over(self, *inputs: object) -> None:
        await self._look(self.journal.take_over)
        self._insist()

    @take_over.validator
    def _validate_take_over(self, *inputs: object) -> None:
        no_input(TAKE_OVER, inputs)

    @workflow.update(dynamic=True)
    async def update(self, name: str, messages: Sequence[RawValue]) -> Receipt:
        """An update of a name that the contract does not have."""
        return accepted(await self.receive(incoming(name, _read(messages))))

    @update.validator
    def _validate_update(self, name: str, messages: Sequence[RawValue]) -> None:
        self.check(name, _read(messages))

    @workflow.signal(dynamic=True)
    async def signal(self, name: str, messages: Sequence[RawValue]) -> None:
        """A signal of a name that the contract does not have."""
        await self.post(name, _read(messages))

    @workflow.query(name="status", description=QUERIES["status"])
    def status(self, *inputs: object) -> CaseStatus:
        asked_without_input("status", inputs)
        journal = self.journal
        if journal.state is None or journal.status is None:
            raise unanswerable(self.nothing_known())
        return CaseStatus(
            stream=journal.stream,
            version=journal.version,
            dossier=journal.aggregate.dossier_digest(journal.state),
            status=journal.status,
        )

    @workflow.query(name="dossier", description=QUERIES["dossier"])
    def dossier(self, *inputs: object) -> DossierAnswer:
        asked_without_input("dossier", inputs)
        if self.journal.state is None:
            raise unanswerable(self.nothing_known())
        state = self.journal.state
        return DossierAnswer(
            digest=self.aggregate.dossier_digest(state), dossier=self.aggregate.dossier(state)
        )

    @workflow.query(name="deadlines", description=QUERIES["deadlines"])
    def deadlines(self, *inputs: object) -> Deadlines:
        asked_without_input("deadlines", inputs)
        if self.journal.state is None:
            raise unanswerable(self.nothing_known())
        return Deadlines(deadlines=self.aggregate.deadlines(self.journal.state))

    @workflow.query(name="telling", description=QUERIES["telling"])
    def telling_now(self, *inputs: object) -> Told:
        asked_without_input("telling", inputs)
        return Told(told=self.telling.told, left=self.telling.left)

    def show(self) -> None:
        """Bring the UI's details and the search attributes up to the state."""
        journal = self.journal
        shows = (journal.version, journal.last, journal.newer, self.telling.left)
        if journal.status is None or shows == self._shown:
            return
        self._shown = shows
        waits = () if journal.newer is None else (_waits(journal.newer),)
        workflow.set_current_details(
            details(
                journal.stream,
                journal.status,
                () if journal.state is None else self.aggregate.deadlines(journal.state),
                journal.recent,
                journal.version,
                self.outlook(),
                (*waits, *self.notes(), *self.telling.notes()),
            )
        )
        index(journal.status)

    async def _begin(self, start: tuple[object, ...]) -> None:
        """Take the case up.

        A refused start of a case that the log has is no reason to leave the case without its workflow.
        """
        stream = self.journal.stream
        if not re.fullmatch(self.aggregate.stream_pattern, stream):
            problem = f"workflow id {stream!r} does not match {self.aggregate.stream_pattern}"
            self._start_refused = Refusal(RefusalCode.MALFORMED, problem)
        elif _resumes(start):
            await self.journal.open()
        elif self.aggregate.starts_with is None:
            problem = 'this workflow is started with {"resume": true}'
            self._start_refused = Refusal(RefusalCode.MALFORMED, problem)
        else:
            answer = await self.journal.begin(self.aggregate.starts_with, start)
            self._start_refused = answer if isinstance(answer, Refusal) else None

    async def _wait(self, again_at: datetime | None) -> None:
        """Until something is to be done: a deadline, the next try, a change that ``act`` must answer to."""
        journal = self.journal
        deadline = journal.deadline
        due = deadline.due if deadline else None
        owed, newer = self.owed(), journal.newer

        def changed() -> bool:
            if journal.closed or journal.newer != newer:
                return True
            return journal.due != due or self.owed() != owed or self.runs_out()

        wake_at = min((at for at in (due, again_at) if at is not None), default=None)
        summary = deadline.explanation if deadline and wake_at == due else self.trying
        if await journal.clock.wait(changed, wake_at, summary):
            await journal.advance()

    def nothing_known(self) -> Refusal:
        """The reason why nothing can be said of the case."""
        newer = self.journal.newer
        return _not_open() if newer is None else Refusal(RefusalCode.NEWER_RELEASE, newer_release(newer))

    def runs_out(self) -> bool:
        """Tell whether another run is to follow: the history is long, or what this one remembers is not what
        the log has."""
        info = workflow.info()
        long = info.get_current_history_length() > self.long or info.is_continue_as_new_suggested()
        return self.journal.parted or long


def _resumes(start: tuple[object, ...]) -> bool:
    return start == (Resume().model_dump(),)


def _read(messages: Sequence[RawValue]) -> tuple[object, ...]:
    """A dynamic handler's input as every other handler gets it."""
    return tuple(workflow.payload_converter().from_payloads([message.payload for message in messages]))


def _waits(newer: str) -> str:
    sentence = newer_release(newer)
    return f"{sentence[0].upper()}{sentence[1:]}"


def _no_such_case() -> Refusal:
    return Refusal(RefusalCode.NO_SUCH_CASE, RefusalCode.NO_SUCH_CASE.meaning)


def _not_open() -> Refusal:
    """The answer to a query before the workflow has its case; a query cannot wait."""
    return Refusal(
        RefusalCode.NO_SUCH_CASE, f"the case is not on record here, or not yet; {REGISTERED} waits for it"
    )

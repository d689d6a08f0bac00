"""The life of a case as a workflow, the same for every aggregate."""

import asyncio
import re
from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from temporalio import workflow
from temporalio.common import RawValue

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.canonical import digest
from greenlight.kernel.clock_kind import TICK, TICK_MEANING, Tick, Ticked
from greenlight.kernel.commit import Event, Receipt
from greenlight.kernel.messages import CaseStatus, Deadlines, DossierAnswer, Resume
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.contract import LOOK, LOOK_MEANING, QUERIES, REGISTERED, REGISTERED_MEANING
from workflows.details import details
from workflows.journal import Journal, accepted, as_error, unanswerable
from workflows.search_attributes import index

S = TypeVar("S", bound=Staged)

LONG = 1_500
"""Events after which a run is followed by another: whoever must replay it, or read it, has little to do.

The server would suggest it at 4,096.
"""


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
        self._open = False
        self._settled = False
        self._shown = 0
        self._start_refused: Refusal | None = None

    async def live(self, start: tuple[object, ...]) -> CaseStatus:
        """From the first message to the end of the case; ends early only to continue as new.

        A request to cancel is not obeyed: a case ends by a withdrawal or a decision, on record, and not by
        whoever finds the button.
        """
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
        """Live on; tell whether the case goes on in a new run, its history having grown long."""
        await self._begin(start)
        self._open = True
        if self.journal.state is None:
            # Whoever waits for the case is told first.
            self._settled = True
            await workflow.wait_condition(workflow.all_handlers_finished)
            raise as_error(self._start_refused or _no_such_case())
        while True:
            again_at = None if self.journal.closed else await self.act()
            self.show()
            self._settled = True
            await self._wait(again_at)
            if not (self.journal.closed or self._history_is_long()):
                continue
            # A handler under way may still change the case, so look again once all have ended.
            self.journal.clock.stop(self._finish)
            await workflow.wait_condition(workflow.all_handlers_finished)
            self.show()
            return not self.journal.closed

    async def _finish(self) -> None:
        """Do what is to be done by now, in a run that ends and wakes no more."""
        journal = self.journal
        if journal.due is not None and journal.due <= journal.clock.now():
            await journal.advance()
        if not journal.closed:
            await self.act()

    async def act(self) -> datetime | None:
        """Do what the service itself owes the case now; say when to try again at the latest."""
        return None

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

    async def receive(self, name: str, messages: tuple[object, ...]) -> Receipt | Refusal:
        """A command from an update or a signal. It waits until the case itself is on record."""
        await workflow.wait_condition(lambda: self._open)
        if self.journal.state is None:
            # Nothing may be recorded in a stream that another case has yet to begin.
            return self._start_refused or _no_such_case()
        answer = await self.journal.take(name, messages)
        self.show()
        await self.journal.clock.rest()
        return answer

    @workflow.update(name=TICK, description=TICK_MEANING)
    async def tick(self, *messages: object) -> Ticked:
        at = _instant(messages)
        await workflow.wait_condition(lambda: self._open)
        clock = self.journal.clock
        if self.journal.state is None:
            raise as_error(self._start_refused or _no_such_case())
        if objection := clock.objection(at):
            raise as_error(objection)
        clock.tick(at)
        await clock.rest()
        return Ticked(now=clock.now(), due=self.journal.due)

    @tick.validator
    def _validate_tick(self, *messages: object) -> None:
        at = _instant(messages)
        if self._open and (objection := self.journal.clock.objection(at)):
            raise as_error(objection)

    @workflow.update(name=REGISTERED, description=REGISTERED_MEANING)
    async def registered(self, *inputs: object) -> CaseStatus:
        await workflow.wait_condition(lambda: self._settled)
        if self._start_refused or self.journal.state is None:
            raise as_error(self._start_refused or _no_such_case())
        await self.journal.clock.rest()
        return self.status()

    @registered.validator
    def _validate_registered(self, *inputs: object) -> None:
        _no_input(REGISTERED, inputs)

    @workflow.update(name=LOOK, description=LOOK_MEANING)
    async def look(self, *inputs: object) -> None:
        await self._look()
        if self.journal.state is None:
            raise as_error(self._start_refused or _no_such_case())

    @look.validator
    def _validate_look(self, *inputs: object) -> None:
        _no_input(LOOK, inputs)

    @workflow.signal(name=LOOK, description=LOOK_MEANING)
    async def look_signal(self, *inputs: object) -> None:
        await self._look()

    async def _look(self) -> None:
        await workflow.wait_condition(lambda: self._open)
        if self.journal.state is not None:
            await self.looked()
            self.show()
            await self.journal.clock.rest()

    async def looked(self) -> None:
        """Do what somebody knocked for."""
        await self.journal.look_into("directives")

    @workflow.update(dynamic=True)
    async def update(self, name: str, messages: Sequence[RawValue]) -> Receipt:
        """An update of a name that the contract does not have."""
        return accepted(await self.receive(name, _read(messages)))

    @update.validator
    def _validate_update(self, name: str, messages: Sequence[RawValue]) -> None:
        self.check(name, _read(messages))

    @workflow.signal(dynamic=True)
    async def signal(self, name: str, messages: Sequence[RawValue]) -> None:
        """A signal of a name that the contract does not have."""
        await self.receive(name, _read(messages))

    @workflow.query(name="status", description=QUERIES["status"])
    def status(self, *inputs: object) -> CaseStatus:
        _asked_without_input("status", inputs)
        journal = self.journal
        if journal.state is None or journal.status is None:
            raise unanswerable(not_open())
        return CaseStatus(
            stream=journal.stream,
            version=journal.version,
            dossier=digest(journal.aggregate.dossier(journal.state)),
            status=journal.status,
        )

    @workflow.query(name="dossier", description=QUERIES["dossier"])
    def dossier(self, *inputs: object) -> DossierAnswer:
        _asked_without_input("dossier", inputs)
        if self.journal.state is None:
            raise unanswerable(not_open())
        content = self.aggregate.dossier(self.journal.state)
        return DossierAnswer(digest=digest(content), dossier=content)

    @workflow.query(name="deadlines", description=QUERIES["deadlines"])
    def deadlines(self, *inputs: object) -> Deadlines:
        _asked_without_input("deadlines", inputs)
        if self.journal.state is None:
            raise unanswerable(not_open())
        return Deadlines(deadlines=self.aggregate.deadlines(self.journal.state))

    def show(self) -> None:
        """Bring the UI's details and the search attributes up to the state."""
        journal = self.journal
        if journal.state is None or journal.status is None or journal.version == self._shown:
            return
        self._shown = journal.version
        workflow.set_current_details(
            details(
                journal.stream,
                journal.status,
                self.aggregate.deadlines(journal.state),
                journal.recent,
                journal.version,
                self.outlook(),
                self.notes(),
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
        owed = self.owed()

        def changed() -> bool:
            return journal.closed or journal.due != due or self.owed() != owed or self._history_is_long()

        wake_at = min((at for at in (due, again_at) if at is not None), default=None)
        summary = deadline.explanation if deadline and wake_at == due else self.trying
        if await journal.clock.wait(changed, wake_at, summary):
            await journal.advance()

    def _history_is_long(self) -> bool:
        info = workflow.info()
        return info.get_current_history_length() > self.long or info.is_continue_as_new_suggested()


def _resumes(start: tuple[object, ...]) -> bool:
    return start == (Resume().model_dump(),)


def _read(messages: Sequence[RawValue]) -> tuple[object, ...]:
    """A dynamic handler's input as every other handler gets it."""
    return tuple(workflow.payload_converter().from_payloads([message.payload for message in messages]))


def _instant(messages: tuple[object, ...]) -> datetime:
    """The instant of a tick."""
    try:
        (message,) = messages
        return Tick.model_validate(message).at
    except ValueError:
        raise as_error(Refusal(RefusalCode.MALFORMED, f'{TICK} takes one input, {{"at": …}}')) from None


def _takes_no_input(name: str) -> Refusal:
    return Refusal(RefusalCode.MALFORMED, f"{name} takes no input")


def _no_input(name: str, inputs: tuple[object, ...]) -> None:
    if inputs:
        raise as_error(_takes_no_input(name))


def _asked_without_input(name: str, inputs: tuple[object, ...]) -> None:
    if inputs:
        raise unanswerable(_takes_no_input(name))


def _no_such_case() -> Refusal:
    return Refusal(RefusalCode.NO_SUCH_CASE, RefusalCode.NO_SUCH_CASE.meaning)


def not_open() -> Refusal:
    """The answer to a query before the workflow has its case; a query cannot wait."""
    return Refusal(
        RefusalCode.NO_SUCH_CASE, f"the case is not on record here, or not yet; {REGISTERED} waits for it"
    )

"""A case's stream as its workflow holds it: messages in, recorded events out.

Everything is decided and recorded at the desk, in an activity; the workflow asks, one request at a time,
and evolves by what stands in the log. A change is on record before anyone is told of it.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from greenlight.kernel.aggregate import Aggregate, Staged, Status
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import MAX_DEPTH
from greenlight.kernel.clock_kind import Kind
from greenlight.kernel.commit import Event, Receipt, last_of
from greenlight.kernel.held import HELD, Made, past_of
from greenlight.kernel.messages import DeskRequest, Incoming, Internal, Sift
from greenlight.kernel.past import NEWER_RELEASE
from greenlight.kernel.reading import read
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.time.deadlines import Deadline
from greenlight.kernel.unopened import Unopened
from workflows import desk
from workflows.clock import Clock, TimeOfDay, started_with, taken_up

S = TypeVar("S", bound=Staged)

RECENT = 20
"""Events kept for people to read in the case's details."""

_NOT_KNOWN = Status(
    stage="not_known",
    waiting_for=NEWER_RELEASE,
    closed=False,
    due=None,
    outcome=None,
    officer=None,
    listed=None,
    license_number=None,
)
"""The status of a case of which nothing can be read."""

_JSON: TypeAdapter[JsonValue] = TypeAdapter(JsonValue)


class Journal(Generic[S]):
    """One stream of events and the state that they add up to.

    ``keeps``: the events that are kept, from the first on, for questions that the state cannot answer.
    ``last``: the digest of the last record. ``parted``: the log turned out to have other events, or fewer;
    what is held now is the log's, and whatever else a run remembers may not be. ``newer``: the type of the
    event that follows and that the worker's release could not read; the case waits for a newer one.
    """

    def __init__(self, aggregate: Aggregate[S], stream: str, keeps: tuple[type[Event], ...] = ()) -> None:
        self.aggregate = aggregate
        self.stream = stream
        self.state: S | None = None
        self.version = 0
        self.status: Status | None = None
        self.deadline: Deadline | None = None
        self.recent: list[Event] = []
        self.kept: list[Event] = []
        self.last: str | None = None
        self.parted = False
        self.newer: str | None = None
        self._past = past_of(stream)
        self._size = 0
        self._keeps = keeps
        self.clock: Clock = TimeOfDay()
        self._lock = asyncio.Lock()

    @property
    def exists(self) -> bool:
        """There is such a case."""
        return self.state is not None or self.newer is not None

    @property
    def closed(self) -> bool:
        return self.status is not None and self.status.closed

    @property
    def due(self) -> datetime | None:
        """When the next deadline comes; several may come at one instant."""
        return self.deadline.due if self.deadline else None

    def objection(self, name: str, messages: tuple[object, ...], kind: Kind | None) -> Refusal | None:
        """The reason why a message to a log of this kind cannot even be read, if there is one."""
        reading = read(self.aggregate, self.stream, incoming(name, messages), kind)
        return reading if isinstance(reading, Refusal) else None

    async def open(self) -> None:
        """Take over the whole stream from the log, and whose clock it goes by."""
        async with self._lock:
            kind = await self._catch_up()
            self.clock = taken_up(kind, self.recent[-1].at if self.recent else workflow.now())

    async def begin(self, name: str, start: tuple[object, ...]) -> Receipt | Refusal:
        """Have the message decided that is to begin the stream."""
        self.clock = started_with(start[0] if start else None)
        return await self.take(incoming(name, start))

    async def take(self, message: Incoming) -> Receipt | Refusal:
        """Have a message decided. Acceptance and refusal alike are on record on return."""
        return await self._ask(message.name, incoming=message)

    async def sift(self, before: int, messages: tuple[Incoming, ...]) -> tuple[Incoming, ...]:
        """Tell which messages are to be decided. ``before``: how many were sifted in this run already."""
        request = Sift(stream=self.stream, kind=self.clock.kind, before=before, messages=messages)
        sifted = await desk.sift(request)
        return tuple(messages[index] for index in sifted.to_decide)

    async def advance(self) -> None:
        """Have every deadline recorded that is due."""
        await self._ask("deadlines")

    async def look_into(self, matter: str) -> None:
        """Have the service do what it owes the case."""
        await self._ask(matter, look_into=matter)

    async def take_over(self) -> None:
        """Take over what others have recorded."""
        await self._ask("what others recorded", behind=True)

    async def tell(self, name: str, body: Body) -> None:
        """Give the case a command of the service's own."""
        await self._ask(name, internal=Internal(name=name, body=body.model_dump(mode="json")))

    async def _ask(
        self,
        what: str,
        *,
        incoming: Incoming | None = None,
        look_into: str | None = None,
        internal: Internal | None = None,
        behind: bool = False,
    ) -> Receipt | Refusal:
        async with self._lock:
            if incoming is not None:
                self.clock.hear(incoming.content)
            request = DeskRequest(
                stream=self.stream,
                version=self.version,
                last=self.last,
                past=self._past,
                size=self._size,
                # Legal time never runs behind what is recorded: after a reset the log may be ahead.
                now=max([self.clock.now(), *(event.at for event in self.recent[-1:])]),
                kind=self.clock.kind,
                incoming=incoming,
                look_into=look_into,
                internal=internal,
                newer=self.newer is not None,
                behind=behind,
            )
            answer = await desk.handle(request, what)
            if answer.anew:
                self._forget()
            self._take_over(answer.records, answer.newer)
            if answer.more:
                await self._catch_up()
            if answer.refused is not None:
                return Refusal(answer.refused.code, answer.refused.message)
            return answer.receipt or Refusal(RefusalCode.NO_SUCH_CASE, "nothing was asked")

    async def _catch_up(self) -> Kind:
        """Read on to the end of the stream; of what kind the log is."""
        while True:
            page = await desk.read_stream(self.stream, self.version)
            self._take_over(page.records, page.newer)
            if not page.more or not page.records:
                return page.kind

    def _forget(self) -> None:
        """The log was restored to an older state: what it does not have has not happened."""
        self.state, self.status, self.deadline = None, None, None
        self.version, self.last, self.parted = 0, None, True
        self._past, self._size = past_of(self.stream), 0
        self.recent, self.kept = [], []

    def _take_over(self, records: tuple[str, ...], newer: str | None) -> None:
        events = self._evolve(records)
        self.kept += (event for event in events if isinstance(event, self._keeps))
        self.version += len(events)
        self.last = last_of(records, self.last)
        self.recent = [*self.recent, *events][-RECENT:]
        if self.state is not None:
            self.status = self.aggregate.status(self.state)
            self.deadline = self.aggregate.next_deadline(self.state)
        self.newer = newer
        if newer is not None:
            # Whatever is due or over as far as it was read may not be so after what follows.
            waits = {"waiting_for": NEWER_RELEASE, "closed": False, "due": None}
            self.status = (self.status or _NOT_KNOWN).model_copy(update=waits)
            self.deadline = None

    def _evolve(self, records: tuple[str, ...]) -> Sequence[Event]:
        """Evolve by records; give the events that they tell. What the desk made of them is taken over."""
        self._past = past_of(self.stream, records, self._past)
        self._size += sum(map(len, records))
        made = HELD.taken(self._past)
        if made is None or len(made.events) != len(records):
            events = tuple(map(self.aggregate.read, records))
            made = Made(self.aggregate.folded(self.state, events), events)
        self.state = made.state
        if self.state is not None:
            HELD.hold(self._past, self.state)
        return made.events


def incoming(name: str, messages: tuple[object, ...], what: str = "token and body") -> Incoming:
    """A message's input as it came, or what is wrong with it: number of inputs, encoding."""
    if len(messages) != 1:
        problem = f"{name} takes one input, {what}; got {len(messages)}"
        return Incoming(name=name, content=None, problem=problem)
    if isinstance(messages[0], Unopened):
        return Incoming(name=name, content=None, problem=messages[0].problem)
    try:
        content = _JSON.validate_python(messages[0])
    except ValidationError:
        return Incoming(name=name, content=None, problem="the input is not JSON (encoding json/plain)")
    # A request to the desk nests it deeper still, and what can be read here must be readable there.
    if _nests_beyond(content, MAX_DEPTH + 1):
        problem = f"the input nests deeper than token and a body of {MAX_DEPTH} levels"
        return Incoming(name=name, content=None, problem=problem)
    return Incoming(name=name, content=content)


def _nests_beyond(content: JsonValue, levels: int) -> bool:
    if isinstance(content, dict):
        inner: Iterable[JsonValue] = content.values()
    elif isinstance(content, list):
        inner = content
    else:
        return False
    return levels == 0 or any(_nests_beyond(value, levels - 1) for value in inner)


def as_error(refusal: Refusal) -> ApplicationError:
    """A refusal as Temporal carries it to the caller: the code is the error's type."""
    details = {"code": refusal.code.value, "message": refusal.message}
    return ApplicationError(refusal.message, details, type=refusal.code.value, non_retryable=True)


def unanswerable(refusal: Refusal) -> ApplicationError:
    """A refusal as a query carries it: of its error Temporal passes on the message alone."""
    return as_error(Refusal(refusal.code, f"{refusal.code}: {refusal.message}"))


def accepted(answer: Receipt | Refusal) -> Receipt:
    """The receipt, or the refusal raised to the caller of an update."""
    if isinstance(answer, Refusal):
        raise as_error(answer)
    return answer

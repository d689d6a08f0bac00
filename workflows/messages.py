"""Makes a class the workflow of an aggregate, with an update and a signal for every command.

Handlers take whatever arrives, untyped and in any number: input that the SDK itself cannot match to a
signature would drop the signal or block the case before any code of ours could refuse it on record.
"""

from collections.abc import Callable
from datetime import datetime
from inspect import cleandoc
from typing import Any, ClassVar, Protocol, TypeVar

from temporalio import workflow

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.clock_kind import TICK, Tick
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus, Incoming
from greenlight.kernel.refusal import Refusal, RefusalCode
from workflows.journal import accepted, as_error, incoming, unanswerable


class TakesCommands(Protocol):
    """The parts of a case that are needed here."""

    aggregate: ClassVar[Aggregate[Any]]

    async def live(self, start: tuple[object, ...]) -> CaseStatus: ...

    def check(self, name: str, messages: tuple[object, ...]) -> None: ...

    async def receive(self, message: Incoming) -> Receipt | Refusal: ...

    async def post(self, name: str, messages: tuple[object, ...]) -> None: ...


C = TypeVar("C", bound=TakesCommands)


def workflow_of(aggregate: Aggregate[Any]) -> Callable[[type[C]], type[C]]:
    """Class decorator: the workflow of an aggregate's streams, with an update and a signal per command, each
    described by its model's docstring."""

    def decorate(case: type[C]) -> type[C]:
        for name, body in aggregate.messages.items():
            description = cleandoc(body.__doc__ or name).splitlines()[0]
            setattr(case, f"{name}_update", _update(name, description))
            setattr(case, f"{name}_signal", _signal(name, description))

        async def run(self: TakesCommands, *start: object) -> CaseStatus:
            return await self.live(start)

        # What is a method of the class itself, the SDK tells by these names.
        run.__module__, run.__qualname__ = case.__module__, f"{case.__qualname__}.run"
        case.aggregate = aggregate
        setattr(case, "run", workflow.run(run))  # noqa: B010 - it is no method that a type checker knows
        return workflow.defn(name=aggregate.workflow)(case)

    return decorate


def _update(name: str, description: str) -> object:
    @workflow.update(name=name, description=description)
    async def handle(self: TakesCommands, *messages: object) -> Receipt:
        return accepted(await self.receive(incoming(name, messages)))

    @handle.validator
    def validate(self: TakesCommands, *messages: object) -> None:
        self.check(name, messages)

    return handle


def _signal(name: str, description: str) -> object:
    @workflow.signal(name=name, description=description)
    async def handle(self: TakesCommands, *messages: object) -> None:
        await self.post(name, messages)

    return handle


def instant(messages: tuple[object, ...]) -> datetime:
    """The instant of a tick."""
    try:
        (message,) = messages
        return Tick.model_validate(message).at
    except ValueError:
        raise as_error(Refusal(RefusalCode.MALFORMED, f'{TICK} takes one input, {{"at": …}}')) from None


def _takes_no_input(name: str) -> Refusal:
    return Refusal(RefusalCode.MALFORMED, f"{name} takes no input")


def no_input(name: str, inputs: tuple[object, ...]) -> None:
    """Reject an update that comes with input, where it takes none."""
    if inputs:
        raise as_error(_takes_no_input(name))


def asked_without_input(name: str, inputs: tuple[object, ...]) -> None:
    """The same of a query."""
    if inputs:
        raise unanswerable(_takes_no_input(name))

"""Makes a class the workflow of an aggregate, with an update and a signal for every command.

Handlers take whatever arrives, untyped and in any number: input that the SDK itself cannot match to a
signature would drop the signal or block the case before any code of ours could refuse it on record.
"""

from collections.abc import Callable
from inspect import cleandoc
from typing import Any, ClassVar, Protocol, TypeVar

from temporalio import workflow

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.refusal import Refusal
from workflows.journal import accepted


class TakesCommands(Protocol):
    """The parts of a case that are needed here."""

    aggregate: ClassVar[Aggregate[Any]]

    async def live(self, start: tuple[object, ...]) -> CaseStatus: ...

    def check(self, name: str, messages: tuple[object, ...]) -> None: ...

    async def receive(self, name: str, messages: tuple[object, ...]) -> Receipt | Refusal: ...


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
        return accepted(await self.receive(name, messages))

    @handle.validator
    def validate(self: TakesCommands, *messages: object) -> None:
        self.check(name, messages)

    return handle


def _signal(name: str, description: str) -> object:
    @workflow.signal(name=name, description=description)
    async def handle(self: TakesCommands, *messages: object) -> None:
        await self.receive(name, messages)

    return handle

"""Gives a workflow class an update and a signal for every command of the contract.

Handlers take whatever arrives, untyped and in any number: input that the SDK itself cannot match to a
signature would drop the signal or block the case before any code of ours could refuse it on record.
"""

from collections.abc import Callable, Iterable
from inspect import cleandoc
from typing import Protocol, TypeVar

from temporalio import workflow

from greenlight.kernel.commit import Receipt
from greenlight.kernel.refusal import Refusal
from workflows.journal import accepted


class TakesCommands(Protocol):
    """What the handlers need of a case."""

    def check(self, name: str, messages: tuple[object, ...]) -> None: ...

    async def receive(self, name: str, messages: tuple[object, ...]) -> Receipt | Refusal: ...


C = TypeVar("C", bound=TakesCommands)


def takes(commands: Iterable[tuple[str, type]]) -> Callable[[type[C]], type[C]]:
    """Class decorator: an update and a signal per command, described by its model's docstring."""

    def decorate(case: type[C]) -> type[C]:
        for name, body in commands:
            description = cleandoc(body.__doc__ or name).splitlines()[0]
            setattr(case, f"{name}_update", _update(name, description))
            setattr(case, f"{name}_signal", _signal(name, description))
        return case

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

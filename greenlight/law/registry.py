"""Which aggregates there are. Whatever is true of each of them is derived from this."""

from collections.abc import Iterator
from typing import Any, Final

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.commit import Event
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.screening_list.aggregate import LIST

# What state an aggregate has is nobody's business here: the type of it differs from one to the next.
AnyAggregate = Aggregate[Any]

_KNOWN: Final[dict[str, AnyAggregate]] = {
    each.kind: each for each in (APPLICATION, LICENSE, REPRIEVE, ENTITY, BATCH, DIRECTIVE, LIST, OFFICER)
}


def aggregates() -> tuple[AnyAggregate, ...]:
    """All of them, in the order in which people are told of them."""
    return tuple(_KNOWN.values())


def with_workflow() -> Iterator[AnyAggregate]:
    """Those whose streams have a workflow each."""
    return (each for each in aggregates() if each.workflow is not None)


def event_types() -> dict[str, type[Event]]:
    """The classes of all events that any stream may have, by the names that the log has for them."""
    return {each.__name__: each for known in aggregates() for each in _members(known.events)}


def _members(events: TypeAdapter[Event]) -> Iterator[type[Event]]:
    """The classes of a tagged union."""
    schema: Any = events.core_schema
    union = schema.get("schema", schema)
    return (choice["cls"] for choice in union["choices"].values())


def register(aggregate: AnyAggregate) -> None:
    """Take another aggregate in, before anything else reads the registry.

    :raises ValueError: its kind, its workflow or one of its commands is another's already.
    """
    for known in aggregates():
        if known.kind == aggregate.kind or known.workflow == aggregate.workflow is not None:
            raise ValueError(f"{aggregate.kind}: the kind or the workflow is that of {known.kind}")
        if taken := known.commands.keys() & aggregate.commands.keys():
            raise ValueError(f"{aggregate.kind}: {known.kind} has the command {min(taken)}")
    _KNOWN[aggregate.kind] = aggregate


def aggregate_of(stream: str) -> AnyAggregate:
    """The aggregate that a stream belongs to.

    :raises ValueError: no aggregate has streams of that name.
    """
    kind = stream.partition("-")[0]
    if kind not in _KNOWN:
        raise ValueError(f"{stream}: no aggregate has streams of the kind {kind!r}")
    return _KNOWN[kind]

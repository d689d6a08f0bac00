"""Which aggregates there are. Whatever is true of each of them is derived from this.

An aggregate is imported when it is asked for: a program that looks at one case reads the law of no other.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.commit import Event

# What state an aggregate has is nobody's business here: the type of it differs from one to the next.
AnyAggregate = Aggregate[Any]


def _application() -> AnyAggregate:
    from greenlight.law.application.aggregate import APPLICATION

    return APPLICATION


def _license() -> AnyAggregate:
    from greenlight.law.license.aggregate import LICENSE

    return LICENSE


def _reprieve() -> AnyAggregate:
    from greenlight.law.reprieve.aggregate import REPRIEVE

    return REPRIEVE


def _entity() -> AnyAggregate:
    from greenlight.law.entity.aggregate import ENTITY

    return ENTITY


def _batch() -> AnyAggregate:
    from greenlight.law.batch.aggregate import BATCH

    return BATCH


def _directive() -> AnyAggregate:
    from greenlight.law.directive.aggregate import DIRECTIVE

    return DIRECTIVE


def _list() -> AnyAggregate:
    from greenlight.law.screening_list.aggregate import LIST

    return LIST


def _rule() -> AnyAggregate:
    from greenlight.law.rule.aggregate import RULE

    return RULE


def _moment() -> AnyAggregate:
    from greenlight.law.moment.aggregate import MOMENT

    return MOMENT


def _officer() -> AnyAggregate:
    from greenlight.law.officer.aggregate import OFFICER

    return OFFICER


_OURS: Final[Mapping[str, Callable[[], AnyAggregate]]] = {
    "application": _application,
    "license": _license,
    "reprieve": _reprieve,
    "entity": _entity,
    "batch": _batch,
    "directive": _directive,
    "list": _list,
    "rule": _rule,
    "moment": _moment,
    "officer": _officer,
}
"""By kind, in the order in which people are told of them."""

_registered: Final[dict[str, AnyAggregate]] = {}


def registered() -> tuple[AnyAggregate, ...]:
    """Those that were registered beside the law's own."""
    return tuple(_registered.values())


def aggregates() -> tuple[AnyAggregate, ...]:
    """All of them, in the order in which people are told of them."""
    return (*(ours() for ours in _OURS.values()), *registered())


def with_workflow() -> Iterator[AnyAggregate]:
    """Those whose streams have a workflow each."""
    return (each for each in aggregates() if each.workflow is not None)


def event_types() -> dict[str, type[Event]]:
    """The classes of all events that any stream may have, by the names that the log has for them."""
    return {name: each for known in aggregates() for name, each in known.event_types.items()}


def register(aggregate: AnyAggregate) -> None:
    """Take another aggregate in, before anything else reads the registry.

    :raises ValueError: its kind, its workflow or one of its commands is another's already.
    """
    for known in aggregates():
        if known.kind == aggregate.kind or known.workflow == aggregate.workflow is not None:
            raise ValueError(f"{aggregate.kind}: the kind or the workflow is that of {known.kind}")
        if taken := known.commands.keys() & aggregate.commands.keys():
            raise ValueError(f"{aggregate.kind}: {known.kind} has the command {min(taken)}")
    _registered[aggregate.kind] = aggregate


def aggregate_of(stream: str) -> AnyAggregate:
    """The aggregate that a stream belongs to.

    :raises ValueError: no aggregate has streams of that name.
    """
    kind = stream.partition("-")[0]
    if kind in _OURS:
        return _OURS[kind]()
    if kind not in _registered:
        raise ValueError(f"{stream}: no aggregate has streams of the kind {kind!r}")
    return _registered[kind]

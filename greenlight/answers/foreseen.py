"""The consequences of a command, as far as the law can tell before it is signed; and who may send which."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.need import Need
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.streams import stream_key
from greenlight.law.application.needs import LicenseNumber
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.standing import StandingDirective
from greenlight.law.registry import AnyAggregate

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader

UNKNOWN_NUMBER = "D000000"
"""In the place of a license number, which is given out only once a grant is signed."""


class Possible(NamedTuple):
    """A command that a stage allows to a role. ``moves``: it may lead to another stage; ``barred``: why this
    person may not send it all the same."""

    body: type[Body]
    moves: bool
    barred: Refusal | None = None


def open_at(kind: AnyAggregate, stage: str, role: Role) -> Iterator[Possible]:
    """The commands that may come at a stage from somebody in a role: decisions first, and what is possible at
    few stages before what always is, such as to withdraw."""
    at = next(each for each in kind.transitions if each is not None and each == stage)
    cells = kind.transitions[at]
    found = [
        Possible(body, moves=cell != frozenset({at}))
        for name, body in kind.messages.items()
        if not isinstance(cell := cells[name], Code) and role in body.declared.by
    ]
    yield from sorted(
        found, key=lambda each: (not (each.body.declared.decision and each.moves), _stages(kind, each.body))
    )


def _stages(kind: AnyAggregate, body: type[Body]) -> int:
    """At how many stages a command is possible."""
    return sum(not isinstance(cells[body.declared.name], Code) for cells in kind.transitions.values())


def possible(kind: AnyAggregate, state: Any, by: Actor) -> tuple[Possible, ...]:
    """The commands that may come to a case as it stands, and those from which this person is barred; none
    that could not but be refused, for there is nothing that it is about."""
    return tuple(
        each._replace(barred=kind.barred(state, each.body.declared.name, by))
        for each in open_at(kind, state.stage, by.role)
        if each.body.declared.about(state)
    )


class Known(NamedTuple):
    """The circumstances beside a case: the directives in force, and the roles of whoever is to sign; None:
    they have proven to have the role."""

    directives: tuple[StandingDirective, ...] = ()
    roles: frozenset[Role] | None = None


async def known(reader: "Reader", by: Actor, now: datetime) -> Known:
    """Read them as the log has them now."""
    standing = await reader.standing()
    held = {term.role for row in await reader.officers(by.officer) for term in row.roles if term.at(now)}
    return Known(standing.directives, frozenset(held))


def foreseen(
    aggregate: AnyAggregate,
    stream: str,
    state: Any,
    content: Body,
    by: Actor,
    now: datetime,
    beside: Known | None = None,
) -> str:
    """Tell what the law makes of a command, as far as it can be told here: the service decides once it is
    signed."""
    beside = beside or Known()
    if beside.roles is not None and by.role not in beside.roles:
        problem = f"{by.officer} does not hold the role {by.role}"
        return f"it will be refused: {RefusalCode.ROLE_NOT_HELD}: {problem}"
    for event in aggregate.advance(state, now):
        state = aggregate.apply(state, event)
    command: Command[Body] = Command(
        key=stream_key(stream), body=content, by=by, dossier=aggregate.dossier_digest(state)
    )
    if isinstance(state, ApplicationState):
        command = command.knowing(LicenseNumber(state.acn), UNKNOWN_NUMBER)
    decision = aggregate.decide(state, command, now)
    if isinstance(decision, Refusal):
        return f"it will be refused: {decision.code}: {decision.message}"
    if isinstance(decision, Need):
        return _may_follow(aggregate, state, content)
    for event in decision:
        state = aggregate.apply(state, event)
    if aggregate.directed is not None and beside.directives:
        meant = aggregate.directed(state, beside.directives, now)
        state, decision = aggregate.folded(state, meant), (*decision, *meant)
    return f"{', '.join(map(_told, decision))}; {stream} is then at {_words(state.stage)}"


def _told(event: Event) -> str:
    kind = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in type(event).__name__)
    return kind.strip() + (" (a letter goes out)" if event.letter else "")


def _may_follow(aggregate: AnyAggregate, state: Any, content: Body) -> str:
    cell = aggregate.transitions[state.stage][content.declared.name]
    if isinstance(cell, Code):
        return f"it will be refused: {cell}"
    return f"the case is at {' or '.join(sorted(_words(stage) for stage in cell))}"


def _words(name: str) -> str:
    return name.replace("_", " ")

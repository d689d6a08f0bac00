"""Commands made from the bodies that they send: arguments and options from the fields, help from docstrings.

What a name and a type do not say is on the field itself: ``Field(description=…)`` is the help of the option,
``greenlight.kernel.option.Option`` what it is called.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from inspect import Parameter, Signature, cleandoc
from typing import Annotated, Any

import typer

from greenlight.cli.app import PROGRAM
from greenlight.cli.base.fields import Field, fields_of, parameter
from greenlight.cli.base.options import As, CommandId, Dossier, Json, Key, body, key_of, stream_named
from greenlight.cli.base.send import send
from greenlight.cli.operations.development import OFFICERS
from greenlight.kernel.body import Body, Declared
from greenlight.kernel.roles import Role
from greenlight.law.registry import AnyAggregate

Command = Callable[..., None]


def add_commands(
    app: typer.Typer,
    aggregate: AnyAggregate,
    by_hand: Mapping[str, Command | None] | None = None,
    *,
    panels: Mapping[str, str] | None = None,
    panel: str | None = None,
    key: str | None = None,
) -> None:
    """Give ``app`` every command of an aggregate, in the order in which it declares them.

    :param by_hand: by the names on the wire, those that are written by hand, and None for what is no command.
    :param panels: where help shows a command, by its name on the wire; all others are shown at ``panel``.
    :param key: that of the only stream there is; without it, commands ask for it.
    :raises ValueError: another command of ``app`` has the name of one of these.
    """
    written, where = by_hand or {}, panels or {}
    group = PROGRAM if app.info.name == PROGRAM else f"{PROGRAM} {app.info.name}"
    there = {each.name for each in app.registered_commands}
    for name, content in aggregate.commands.items():
        command = written[name] if name in written else _command(aggregate, content, key, group)
        if command is None:
            continue
        short = content.declared.short
        if short in there:
            # Typer would let the later one hide the other.
            raise ValueError(f"{group} {short}: another command has that name")
        app.command(short, rich_help_panel=where.get(name, panel))(command)


def group_of(aggregate: AnyAggregate) -> typer.Typer:
    """A group with nothing but the commands of an aggregate."""
    app = typer.Typer(name=aggregate.kind, help=aggregate.about, no_args_is_help=True)
    add_commands(app, aggregate)
    return app


def _command(aggregate: AnyAggregate, content: type[Body], key: str | None, group: str) -> Command:
    """A function that typer takes for one that was written by hand."""
    declared, fields = content.declared, tuple(fields_of(content))
    named = None if key else key_of(aggregate)

    def command(**typed: Any) -> None:
        stream = stream_named(aggregate, typed[named.name] if named else str(key))
        role = typed.get("role")
        send(
            stream,
            body(content, **_said(fields, typed)),
            typed["as_"],
            typed["command_id"],
            typed["json"],
            typed.get("dossier"),
            Role(role) if role else None,
        )

    parameters = tuple(_parameters(named, fields, declared))
    command.__dict__["__signature__"] = Signature(parameters)
    command.__annotations__ = {each.name: each.annotation for each in parameters}
    words = [group, declared.short, named.example if named else "", *(each.example for each in fields)]
    example = " ".join((*filter(None, words), "--as", _officer(declared)))
    command.__doc__ = f"{cleandoc(content.__doc__ or '').replace('``', '`')}\n\nExample: {example}"
    return command


def _said(fields: Sequence[Field], typed: Mapping[str, Any]) -> dict[str, Any]:
    """The members of the body, without those that were not given."""
    said: dict[str, Any] = {each.within: {} for each in fields if each.within}
    for each in fields:
        given = typed[each.parameter.name]
        if given is not None and given != []:
            (said[each.within] if each.within else said)[each.name] = each.read(given)
    return said


def _parameters(named: Key | None, fields: Sequence[Field], declared: Declared) -> Iterator[Parameter]:
    """Arguments first, then options: who sends it, what it says, and the rest."""
    if named:
        yield parameter(named.name, named.argument)
    yield from (each.parameter for each in fields if each.placed)
    yield parameter("as_", As)
    yield from (each.parameter for each in fields if not each.placed)
    if len(declared.by) > 1:
        roles = StrEnum("Role", {role.name: role.value for role in Role if role in declared.by})
        told = typer.Option(help="Of several roles, the one to sign in. Default: the one of yours that may.")
        yield parameter("role", Annotated[roles | None, told], None)
    if declared.decision:
        yield parameter("dossier", Dossier, None)
    yield parameter("command_id", CommandId, None)
    yield parameter("json", Json, False)


def _officer(declared: Declared) -> str:
    """Name one of the officers for trying things out who may send the command."""
    may = (name for name, (_, roles) in OFFICERS.items() if declared.by.intersection(roles))
    return next(may, "OFFICER")

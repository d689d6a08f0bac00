"""The command line's root. It knows every command by name, and makes those that it is asked for.

To read what the law says of its bodies takes half a second, so that ``--help`` is answered from the catalog,
and a command comes with the part that has it.
"""

import inspect as docstrings
import os
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache, wraps
from importlib import import_module
from typing import Annotated, Any, Final, get_type_hints

import typer
from typer.core import TyperCommand, TyperGroup

from greenlight.cli.catalog import catalog

PROGRAM: Final = "starter.py"
USAGE: Final = 2

PARTS: Final = (
    "cases.operate",
    "cases.licenses",
    "cases.listing",
    "cases.inspect",
    "cases.days",
    "cases.earlier",
    "cases.attachments",
    "reprieves.covered",
    "law.determination",
    "law.controls",
    "law.authorised",
    "cases.worklist",
    "operations.statistics",
    "law.outlook",
    "law.report",
    "cases.letters",
    "cases.proof",
    "operations.door",
    "operations.audit",
    "operations.recovery",
    "operations.health",
    "rehearsal.docket",
    "rehearsal.demo",
    "reprieves.rehearse",
    "operations.namespace",
    "operations.codec",
    "operations.transfer",
    "operations.feed",
    "operations.webhooks",
    "reprieves.reprieves",
    "lists.entity",
    "law.rules",
    "cases.batch",
    "cases.directive",
    "lists.screening_list",
    "operations.officers",
)
"""Modules below this package, each with commands of its own or a group of them, in the order of help."""

REGISTRY: Final = "greenlight.law.registry"


def _instant(text: str) -> datetime:
    from greenlight.cli.base.options import instant

    return instant(text)


At = Annotated[
    datetime | None,
    typer.Option(
        parser=_instant,
        metavar="INSTANT",
        help="In a rehearsal: when the command that follows comes, such as 2019-10-09T12:00-04:00.",
    ),
]


SIGNER: Final = "as_"
"""The parameter of who signs a command, which is called so wherever one is signed."""
YES: Final = "yes"
Yes = Annotated[
    bool,
    typer.Option(
        "--yes", help="Sign without being asked: at a terminal, what is signed is shown all the same."
    ),
]


def _begin(at: At = None) -> None:
    """Before any command: when it comes, and that from here on Ctrl-C is heard and answered."""
    from greenlight.cli.base.session import legal_instant

    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)

    legal_instant.set(at)


class _Root(TyperGroup):
    """All commands by name; made when they are called."""

    # What typer calls a context here is in a private module of it.
    def list_commands(self, ctx: Any) -> list[str]:
        return list(dict.fromkeys((*catalog(), *self.commands)))

    def get_command(self, ctx: Any, cmd_name: str):
        listed = catalog().get(cmd_name)
        if cmd_name in self.commands or listed is None:
            return self.commands.get(cmd_name)
        return TyperCommand(cmd_name, help=listed.help, rich_help_panel=listed.panel)

    def resolve_command(self, ctx: Any, args: list[str]):
        listed = catalog().get(args[0])
        if listed is not None:
            self.commands.update(made((listed.part,)).commands)
        if args[0] not in self.commands:
            # A wrong word: those that are like it are among all that there are.
            self.commands.update(whole().commands)
        return super().resolve_command(ctx, args)


def made(parts: Iterable[str], *, group: type[TyperGroup] = TyperGroup) -> TyperGroup:
    """The root with the commands of some parts, and the groups of what was registered beside the law."""
    app = typer.Typer(
        name=PROGRAM,
        cls=group,
        help="Start, signal and inspect license applications, and prove afterwards what was decided.",
        epilog="Exit codes: 0 done, 1 refused (the code is on standard error), 2 usage, 3 unreachable,"
        " 130 interrupted.",
        no_args_is_help=True,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_begin)
    for name in parts:
        part = import_module(f"greenlight.cli.{name}")
        if hasattr(part, "add_to"):
            part.add_to(app)
        else:
            app.add_typer(part.app)
    # Whoever registered an aggregate has imported the registry, which is not imported for this.
    if REGISTRY in sys.modules:
        for aggregate in sys.modules[REGISTRY].registered():
            app.add_typer(import_module("greenlight.cli.generated").group_of(aggregate))
    _unwrap(app)
    command = typer.main.get_command(app)
    assert isinstance(command, TyperGroup), "it has a callback"
    return command


@lru_cache(maxsize=1)
def whole() -> TyperGroup:
    """The root with all commands made."""
    return made(PARTS)


def _asking(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that signs ``--yes``, for who wants no question at a terminal."""
    given = docstrings.signature(command)
    if YES in given.parameters:
        return command

    @wraps(command)
    def asking(*, yes: bool, **typed: Any) -> None:
        from greenlight.cli.base.session import unasked

        unasked.set(yes)
        command(**typed)

    option = docstrings.Parameter(YES, docstrings.Parameter.KEYWORD_ONLY, default=False, annotation=Yes)
    asking.__dict__["__signature__"] = given.replace(parameters=[*given.parameters.values(), option])
    asking.__annotations__ = {**get_type_hints(command, include_extras=True), YES: Yes}
    return asking


def _unwrap(group: typer.Typer) -> None:
    """Let help flow: a docstring's lines end where its source's do, not where a terminal's do; and let every
    command that signs be told beforehand not to ask."""
    for command in group.registered_commands:
        paragraphs = docstrings.cleandoc(command.help or docstrings.getdoc(command.callback) or "").split(
            "\n\n"
        )
        command.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
        if command.callback is not None and SIGNER in docstrings.signature(command.callback).parameters:
            command.callback = _asking(command.callback)
    for each in group.registered_groups:
        if each.typer_instance is not None:
            _unwrap(each.typer_instance)


def _widen_help() -> None:
    """Let help that goes into a file be as wide as COLUMNS says, but no option's name be cut for that."""
    if not os.isatty(1):
        columns = os.environ.get("COLUMNS", "")
        # Typer reads it when it first shows help.
        os.environ["TERMINAL_WIDTH"] = str(max(int(columns), 80) if columns.isdecimal() else 100)


def run(words: Sequence[str], name: str = PROGRAM) -> int:
    """Run a command by its words; its exit code. What is wrong with them goes the way of all output."""
    _widen_help()
    try:
        code = made((), group=_Root)(words, prog_name=name, standalone_mode=False)
    except typer.TyperException as error:
        return _wrong_use(error)
    except SystemExit:
        # Help that nobody reads to its end: rich leaves so.
        return 0
    return code if isinstance(code, int) else 0


def _wrong_use(error: typer.TyperException) -> int:
    context: typer.Context | None = getattr(error, "ctx", None)
    said: Callable[[], str] = getattr(error, "format_message", error.__str__)
    # Without any words, help was shown and there is nothing to add.
    if message := said():
        from greenlight.cli.base.output import warn

        warn(message)
        if context is not None:
            warn(f"{context.get_usage()}\n`{context.command_path} --help` says more.")
    return USAGE

"""The command line's root: every group of commands under one name."""

import inspect as docstrings
from collections.abc import Callable, Sequence

import typer

from greenlight.cli.base.options import USAGE, At, instant
from greenlight.cli.base.output import warn, widen_help
from greenlight.cli.base.session import legal_instant
from greenlight.cli.cases import (
    batch,
    denial,
    directive,
    inspect,
    letters,
    licenses,
    operate,
    procedure,
    worklist,
)
from greenlight.cli.law import authorised, determination
from greenlight.cli.lists import entity
from greenlight.cli.lists import screening_list as lists
from greenlight.cli.operations import audit, officers, recovery, statistics
from greenlight.cli.rehearsal import demo, docket
from greenlight.cli.reprieves import covered, policy, rehearse, reprieves

widen_help()
app = typer.Typer(
    name="starter.py",
    help="Start, signal and inspect license applications, and prove afterwards what was decided.",
    epilog="Exit codes: 0 done, 1 refused (the code is on standard error), 2 usage, 3 unreachable.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def starter(at: At = None) -> None:
    """Before any command: when it comes."""
    legal_instant.set(instant(at) if at else None)


for module in (
    operate,
    procedure,
    denial,
    licenses,
    inspect,
    covered,
    determination,
    authorised,
    worklist,
    statistics,
    letters,
    audit,
    recovery,
    docket,
    demo,
):
    module.add_to(app)
app.add_typer(officers.app, name="officer")
rehearse.add_to(policy.app)
app.add_typer(policy.app, name="policy")
app.add_typer(reprieves.app, name="reprieve")
app.add_typer(entity.app, name="entity")
app.add_typer(batch.app, name="batch")
app.add_typer(directive.app, name="directive")
app.add_typer(lists.app, name="lists")


def _unwrap(group: typer.Typer) -> None:
    """Let help flow: a docstring's lines end where its source's do, not where a terminal's do."""
    for command in group.registered_commands:
        paragraphs = docstrings.cleandoc(command.help or docstrings.getdoc(command.callback) or "").split(
            "\n\n"
        )
        command.help = "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
    for each in group.registered_groups:
        if each.typer_instance is not None:
            _unwrap(each.typer_instance)


_unwrap(app)


def run(words: Sequence[str], name: str = "starter.py") -> int:
    """Run a command by its words; its exit code. What is wrong with them goes the way of all output."""
    try:
        code = app(words, prog_name=name, standalone_mode=False)
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
        warn(message)
        if context is not None:
            warn(f"{context.get_usage()}\n`{context.command_path} --help` says more.")
    return USAGE

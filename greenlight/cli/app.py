"""The command line's root: every group of commands under one name."""

import inspect as docstrings
from collections.abc import Callable, Sequence

import typer

from greenlight.cli.base.options import USAGE, At
from greenlight.cli.base.output import warn, widen_help
from greenlight.cli.base.session import legal_instant
from greenlight.cli.cases import batch, directive, inspect, letters, licenses, operate, proof, worklist
from greenlight.cli.generated import PROGRAM, group_of
from greenlight.cli.law import authorised, determination
from greenlight.cli.lists import entity
from greenlight.cli.lists import screening_list as lists
from greenlight.cli.operations import audit, officers, recovery, statistics
from greenlight.cli.rehearsal import demo, docket
from greenlight.cli.reprieves import covered, policy, rehearse, reprieves
from greenlight.law import registry
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.directive.aggregate import DIRECTIVE
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.license.aggregate import LICENSE
from greenlight.law.officer.aggregate import OFFICER
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.screening_list.aggregate import LIST

widen_help()
app = typer.Typer(
    name=PROGRAM,
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
    legal_instant.set(at)


for module in (
    operate,
    licenses,
    inspect,
    covered,
    determination,
    authorised,
    worklist,
    statistics,
    letters,
    proof,
    audit,
    recovery,
    docket,
    demo,
):
    module.add_to(app)
rehearse.add_to(policy.app)
GROUPS = {
    APPLICATION.kind: app,
    LICENSE.kind: app,
    OFFICER.kind: officers.app,
    REPRIEVE.kind: reprieves.app,
    ENTITY.kind: entity.app,
    BATCH.kind: batch.app,
    DIRECTIVE.kind: directive.app,
    LIST.kind: lists.app,
}
"""Of the aggregates whose commands are shown here as people like them; all others have a plain group."""

app.add_typer(policy.app, name="policy")
for each in registry.aggregates():
    within = GROUPS.get(each.kind) or group_of(each)
    if within is not app:
        app.add_typer(within)


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


def run(words: Sequence[str], name: str = PROGRAM) -> int:
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

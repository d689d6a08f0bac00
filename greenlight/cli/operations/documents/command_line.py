"""The page on the command line, from the same words that ``--help`` has."""

from collections.abc import Iterator
from typing import Any

from greenlight.cli.operations.documents.markdown import GENERATED, table

_INTRODUCTION = """\
`.venv/bin/python starter.py` in a clone, `python starter.py` in the image, `greenlight` where the package
is installed with its extra `cli`. Every command takes `--help`. `--json`, where it is offered, prints one
JSON document; into a pipe, each row of a table is one line.

Exit codes: 0 done; 1 refused, with the code on standard error, or found wanting (`verify`, `rebuild
--dry-run`, `policy check`, `schemas --check`); 2 usage; 3 unreachable, or nobody answered. Of `worker.py`:
0 stopped by a signal, 2 a wrong setting, 3 a server cannot be started or reached.
"""


def page() -> str:
    """Write down every command with its arguments and options."""
    from greenlight.cli.app import whole

    return "\n".join([GENERATED, "# The command line\n", _INTRODUCTION, *_sections(whole(), ())])


def _sections(command: Any, names: tuple[str, ...]) -> Iterator[str]:
    for name, each in sorted(getattr(command, "commands", {}).items()):
        if not each.hidden:
            yield from _section(each, (*names, name))


def _section(command: Any, names: tuple[str, ...]) -> Iterator[str]:
    if hasattr(command, "commands"):
        yield from _sections(command, names)
        return
    yield f"## {' '.join(names)}\n"
    says, *examples = (command.help or "").split("Example: ")
    if says.strip():
        yield f"{says.strip()}\n"
    if examples:
        yield "".join(f"    {' '.join(example.split())}\n" for example in examples)
    rows = [
        [f"`{_spelling(each)}`", _needed(each), getattr(each, "help", None) or ""] for each in command.params
    ]
    if rows:
        yield table(["argument or option", "", ""], rows)


def _spelling(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return parameter.metavar or parameter.name.upper()
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


def _needed(parameter: Any) -> str:
    several = "any number" if parameter.multiple or parameter.nargs == -1 else ""
    return "needed" if parameter.required else several

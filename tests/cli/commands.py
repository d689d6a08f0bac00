"""The command line in this process: all of its commands, and what one says."""

import io
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any, get_args, get_type_hints
from unittest.mock import patch

from pydantic import JsonValue

from greenlight.cli.app import run, whole

_STYLE = re.compile(r"\r?\x1b\[[0-9;?]*[mhlAK]")
"""Colours, and a progress bar's moves of the cursor."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """An option by its name with dashes, or an argument by its name without; ``type``: its value's."""

    name: str
    type: object
    required: bool

    def given(self, value: str) -> tuple[str, ...]:
        return (f"{self.name}={value}",) if self.name.startswith("-") else (value,)


def commands() -> Mapping[str, tuple[Parameter, ...]]:
    """Every command that there is by its words, such as ``lists check``, and what it takes."""
    return dict(_under("", whole()))


def _under(path: str, command: Any) -> Iterator[tuple[str, tuple[Parameter, ...]]]:
    for name, each in getattr(command, "commands", {}).items():
        yield from _under(f"{path} {name}".strip(), each)
    if not hasattr(command, "commands"):
        types = get_type_hints(command.callback)
        parameters = (
            Parameter(max(each.opts, key=len), _one(types[each.name]), each.required)
            for each in command.params
            if each.name != "help"
        )
        yield path, tuple(parameters)


def _one(type_: object) -> object:
    """The type of one value: of several that may be given, and of one that may be left out."""
    of = [each for each in get_args(type_) if each is not type(None)]
    return _one(of[0]) if of else type_


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command said; on a terminal without the styles, which are the command line's own."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> JsonValue:
        return json.loads(self.out)


def printed(*words: str, terminal: bool = False, columns: int = 80) -> Printed:
    """``starter.py`` with these words, on a terminal of so many columns, or into a pipe."""
    out, err = (_Screen(), _Screen()) if terminal else (io.StringIO(), io.StringIO())
    environment = {"COLUMNS": str(columns), "TERM": "xterm"}
    with patch.dict(os.environ, environment), redirect_stdout(out), redirect_stderr(err):
        code = run(words)
    said = (out.getvalue(), err.getvalue())
    return Printed(code, *(_STYLE.sub("", text) if terminal else text for text in said))

"""Aggregates beyond those of the package, from modules that the environment names."""

import os
from importlib import import_module
from typing import Final

VARIABLE: Final = "GREENLIGHT_EXTENSIONS"


class ExtensionError(Exception):
    """A module cannot be loaded. The message names it."""


def load_extensions() -> None:
    """Import the modules named in ``GREENLIGHT_EXTENSIONS``, separated by commas; each registers its own.

    Worker, command line and migration do this before anything else, and must name the same modules.

    :raises ExtensionError: there is no such module, or the registry refuses what it brings.
    """
    for name in filter(None, map(str.strip, os.environ.get(VARIABLE, "").split(","))):
        try:
            import_module(name)
        except (ImportError, ValueError) as error:
            raise ExtensionError(f"{VARIABLE}: {name} cannot be loaded: {error}") from error

"""The catalog of the command line: what help says of every command of the root, and which part has it."""

import json

from tests.contract.sources import PARTS, made, whole


def catalog_text() -> str:
    """In the order of help, as ``greenlight.cli.catalog`` reads it."""
    part_of = {name: part for part in PARTS for name in made((part,)).commands}
    listed = {
        name: {
            "part": part_of[name],
            "panel": getattr(command, "rich_help_panel", None),
            "help": (command.help or "").partition("\n\n")[0],
        }
        for name, command in whole().commands.items()
    }
    return json.dumps(listed, indent=1, ensure_ascii=False) + "\n"

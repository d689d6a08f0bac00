"""Commands that prove: verify the log, rebuild what is derived from it, write the contract's documents."""

from typing import Annotated

import typer

from cli.options import Json
from cli.output import fail, out, print_json
from cli.session import REFUSED

_PROVE = "Prove"


def add_to(app: typer.Typer) -> None:
    for command in (schemas,):
        app.command(rich_help_panel=_PROVE)(command)


def schemas(
    write: Annotated[bool, typer.Option("--write", help="Bring docs/ up to date.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Fail where docs/ is stale.")] = False,
    json: Json = False,
) -> None:
    """Print the JSON Schemas of all messages, or write them and the transition tables to docs/.

    Example: starter.py schemas --write
    """
    import json as jsonlib

    from cli import documents

    if write or check:
        changed = documents.write() if write else documents.stale()
        if json:
            print_json([str(path) for path in changed])
        elif changed:
            out.print(("written: " if write else "stale: ") + ", ".join(map(str, changed)))
        else:
            out.print("docs/ is up to date")
        if check and changed and not write:
            raise fail(REFUSED, "docs/ is stale: run starter.py schemas --write")
        return
    files = documents.documents()
    print_json({path.stem: jsonlib.loads(text) for path, text in files.items() if path.suffix == ".json"})

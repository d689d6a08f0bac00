"""Reference pages and schemas of docs/, written from the code that they are about: they cannot drift."""

from pathlib import Path

from greenlight.cli.operations.documents import command_line, pages, schemas

DOCS = Path(__file__).resolve().parents[4] / "docs"
_FOLDERS = ("schemas", "reference")
"""Everything in them is generated, and whatever else is found there is left over."""


def documents() -> dict[Path, str]:
    """Write every generated file below docs/, by its path there."""
    return {
        **{Path("schemas") / f"{name}.json": text for name, text in schemas.files()},
        **{Path("reference") / f"{name}.md": text for name, text in pages.files()},
        Path("reference") / "command-line.md": command_line.page(),
        Path("reference") / "openapi.json": door_document(),
    }


def stale(folder: Path = DOCS) -> list[Path]:
    """List the files below ``folder`` that are missing, changed or left over."""
    wanted = documents()
    found = {path.relative_to(folder) for each in _FOLDERS for path in (folder / each).glob("*")}
    return sorted((found - set(wanted)) | {path for path in wanted if _read(folder / path) != wanted[path]})


def write(folder: Path = DOCS) -> list[Path]:
    """Bring the files below ``folder`` up to date, and list those that were not."""
    wanted, changed = documents(), stale(folder)
    for path in changed:
        if path in wanted:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(wanted[path], encoding="utf-8")
        else:
            (folder / path).unlink()
    return changed


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None


def door_document() -> str:
    """Write the front door's document, as it answers with it."""
    from greenlight.door.app import operations
    from greenlight.door.openapi import document

    return document(operations())

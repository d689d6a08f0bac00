"""Pictures of what a command tells, as files."""

from pathlib import Path

from greenlight.cli.base.output import fail
from greenlight.cli.base.session import USAGE


def write_picture(file: Path, svg: str) -> None:
    """Write the file that ``--svg`` names; an end with a message where that cannot be."""
    try:
        file.write_text(svg, encoding="utf-8")
    except OSError as error:
        raise fail(USAGE, f"--svg {file}: cannot be written: {error}") from None

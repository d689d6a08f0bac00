"""The letters of a case."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import Json, stream_of
from cli.output import fail, local, print_json, print_table, words
from cli.session import USAGE, Session, run

if TYPE_CHECKING:
    from eventlog.letters import Listed

Case = Annotated[str, typer.Argument(metavar="CASE", help="Control number (A123456) or license (D000001).")]


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(letters)


def letters(
    case: Case,
    save: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the PDFs that were made into this folder.")
    ] = None,
    json: Json = False,
) -> None:
    """List the letters that a case called for: which were made, and when they went out.

    Example: starter.py letters A123456 --save .
    """
    from eventlog.letters import LetterBox

    stream = stream_of(case)

    async def action(session: Session) -> "tuple[Listed, ...]":
        async with LetterBox(session.target.database_url) as box:
            listed = await box.of(stream)
            for letter in listed if save else ():
                stored = await box.letter(letter.letter_id)
                if stored is not None and save is not None:
                    _write(save / f"{letter.letter_id}.pdf", stored.pdf)
            return listed

    found = run(action)
    if json:
        print_json(found)
        return
    print_table(
        f"{stream}, {len(found)} letters",
        ("letter", "kind", "event", "sent", "digest of the PDF"),
        (
            (
                letter.letter_id,
                words(letter.kind),
                str(letter.version),
                local(letter.sent_at) if letter.sent_at else "not yet",
                letter.digest or "not made yet",
            )
            for letter in found
        ),
    )


def _write(path: Path, pdf: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pdf)
    except OSError as error:
        raise fail(USAGE, f"{path} cannot be written: {error.strerror}") from None

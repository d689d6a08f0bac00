"""The letters of a case, and whether they say what its events say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, stream_of
from greenlight.cli.base.output import (
    counted,
    fail,
    local,
    print_json,
    print_rows,
    progress,
    say,
    warn,
    words,
)
from greenlight.cli.base.session import REFUSED, USAGE, Session, run
from greenlight.cli.cases.proof import SUFFIX, proofs, write
from greenlight.kernel.time.calendar import last_day, plain_date

if TYPE_CHECKING:
    from greenlight.eventlog.letters import Listed

Case = Annotated[
    str | None, typer.Argument(metavar="CASE", help="Control number (A123456) or license (D000001).")
]


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(letters)


def letters(
    case: Case = None,
    save: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Write the PDFs that were made into this folder, with proofs of their events.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Make the letters again from their events, and compare.")
    ] = False,
    json: Json = False,
) -> None:
    """List the letters that a case called for, or all that did not go out yet; or make them again.

    With --check, every letter that was made or sent is made again, of the case or of all of them.

    Example: starter.py letters A123456 --save .
    """
    if check:
        _check(stream_of(case) if case else None, json)
        return
    if case is None and save is not None:
        raise fail(USAGE, "--save takes a case")
    found = run(lambda session: _found(session, stream_of(case) if case else None, save))
    print_rows(
        found,
        json,
        f"{case or 'all cases, not sent yet'}: {counted(len(found), 'letter')}",
        {
            "letter": lambda letter: letter.letter_id,
            "kind": lambda letter: words(letter.kind),
            "event": lambda letter: str(letter.version),
            "sent": _sent,
            "digest of the PDF": lambda letter: letter.digest or "not made yet",
        },
    )


async def _found(session: Session, stream: str | None, save: Path | None) -> "tuple[Listed, ...]":
    from greenlight.eventlog.letters import LetterBox

    async with LetterBox(session.target.database_url) as box:
        if stream is None:
            return await box.unsent(1_000)
        listed = await box.of(stream)
        for letter in listed if save else ():
            stored = await box.letter(letter.letter_id)
            if stored is not None and save is not None:
                write(save / f"{letter.letter_id}.pdf", stored.pdf)
                await _prove(session, stream, letter, save)
        return listed


async def _prove(session: Session, stream: str, letter: "Listed", save: Path) -> None:
    """Put the proof of a letter's event beside its PDF."""
    from greenlight.eventlog.prove import UnprovableError

    try:
        async for proven in proofs(session, stream, letter.version):
            write(save / f"{letter.letter_id}{SUFFIX}", bytes(proven.proof))
    except UnprovableError as error:
        warn(f"{letter.letter_id} has no proof beside it: {error}")


def _sent(letter: "Listed") -> str:
    if letter.due is None:
        return local(letter.sent_at)
    return f"not yet, {'overdue since' if letter.overdue else 'due'} {plain_date(last_day(letter.due))}"


def _check(stream: str | None, json: bool) -> None:
    from greenlight.service.letters import Checked
    from greenlight.service.letters import check as compare

    async def action(session: Session) -> Checked:
        with progress("Making letters again") as steps:
            return await compare(session.target.database_url, stream, steps.at)

    checked = run(action)
    if json:
        print_json(checked)
    elif not checked.different:
        say(f"{checked.letters} letters: made again from their events, all are as they are on record")
    if checked.different:
        raise fail(REFUSED, "\n".join(f"{each.letter_id}: {each.reason}" for each in checked.different))

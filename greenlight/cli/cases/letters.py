"""The letters of a case, and whether they say what its events say."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Csv, Json, read_content, stream_of
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
from greenlight.cli.base.replay import insist_on
from greenlight.cli.base.session import REFUSED, USAGE, Session, run
from greenlight.cli.cases.proof import SUFFIX, proofs, write
from greenlight.kernel.streams import stream_key
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
    code: Annotated[
        str | None, typer.Option(metavar="CODE", help="Find the letter that bears this check code.")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --code: a PDF that is said to be that letter.")
    ] = None,
    again: Annotated[
        str | None,
        typer.Option(metavar="LETTER", help="Have a letter tried again that could not be delivered."),
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """List the letters that a case called for, or all that did not go out yet; or make them again.

    With --check, every letter that was made or sent is made again, of the case or of all of them. With
    --code, that letter is made again, and compared with what is on record and with the PDF at hand.

    Example: starter.py letters A123456 --save .
    """
    if pdf is not None and code is None:
        raise fail(USAGE, "--pdf goes with --code, which stands on each page of a letter")
    if again is not None:
        _again(again, json)
        return
    if code is not None:
        _by_code(code, pdf, json)
        return
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
            "check code": lambda letter: letter.code or "",
            "digest of the PDF": lambda letter: letter.digest or "not made yet",
        },
        csv=csv,
        drop=("digest of the PDF", "event", "check code"),
    )
    if not json:
        for letter in found:
            if letter.problem and letter.due:
                warn(f"{letter.letter_id}: {letter.problem}")


async def _found(session: Session, stream: str | None, save: Path | None) -> "tuple[Listed, ...]":
    from greenlight.eventlog.letters import LetterBox

    async with LetterBox(session.database_url) as box:
        if stream is None:
            return await box.unsent(1_000)
        listed = await box.of(stream)
        if not listed:
            await insist_on(session, stream)
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
    if letter.given_up:
        return "cannot be delivered"
    return f"not yet, {'overdue since' if letter.overdue else 'due'} {plain_date(last_day(letter.due))}"


def _again(letter_id: str, json: bool) -> None:
    from greenlight.eventlog.letters import LetterBox

    async def action(session: Session) -> bool:
        async with LetterBox(session.target.writer_url) as box:
            return await box.retry(letter_id)

    if not run(action):
        raise fail(REFUSED, f"{letter_id}: no such letter waits for another try")
    if json:
        print_json({"letter": letter_id, "again": True})
    else:
        say(f"{letter_id}: the worker tries it again")


def _by_code(code: str, pdf: Path | None, json: bool) -> None:
    """A letter at hand, against the one on record, and that against its events."""
    from greenlight.eventlog.letters import Found, LetterBox
    from greenlight.kernel.canonical import digest_bytes
    from greenlight.letters.sheet import read_code
    from greenlight.service.letters import one_again

    written = read_code(code)
    if written is None:
        raise fail(USAGE, "--code: four times four letters and digits, such as 2KMN-F5PT-91Q1-FJQ0")
    content = read_content(pdf) if pdf else None

    async def action(session: Session) -> tuple[Found | None, str | None]:
        async with LetterBox(session.database_url) as box:
            found = await box.by_code(written)
            return found, await one_again(box, found.letter_id) if found else None

    found, different = run(action)
    if found is None:
        raise fail(REFUSED, f"{written}: this log has no letter with that code")
    if json:
        same = None if content is None else digest_bytes(content) == found.digest
        print_json({**found.model_dump(mode="json"), "different": different, "same_as_pdf": same})
    else:
        say(f"{written} is on the letter {found.letter_id}: event {found.version} of {found.stream}")
        say(f"made at {local(found.at)}; its PDF has the digest {found.digest}")
        case = stream_key(found.stream)
        say(f"starter.py letters {case} --save FOLDER writes it, with the proof of its event")
    if different is not None:
        raise fail(REFUSED, f"{found.letter_id}: {different}")
    if content is not None and digest_bytes(content) != found.digest:
        raise fail(REFUSED, f"{pdf} is not the letter on record: it has other bytes")
    if content is not None and not json:
        say(f"{pdf} is that letter, byte for byte")


def _check(stream: str | None, json: bool) -> None:
    from greenlight.service.letters import Checked
    from greenlight.service.letters import check as compare

    async def action(session: Session) -> Checked:
        with progress("Making letters again") as steps:
            return await compare(session.database_url, stream, steps.at)

    checked = run(action)
    if json:
        print_json(checked)
    elif not checked.different:
        say(f"{checked.letters} letters: made again from their events, all are as they are on record")
    if checked.different:
        raise fail(REFUSED, "\n".join(f"{each.letter_id}: {each.reason}" for each in checked.different))

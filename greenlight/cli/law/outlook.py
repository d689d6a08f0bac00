"""The outlook on the command line: the instants to come, and how many cases each changes."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Csv, Json, last_moment
from greenlight.cli.base.output import counted, fail, local, print_csv, print_json, print_table, say, words
from greenlight.cli.base.picture import write_picture
from greenlight.cli.base.session import USAGE, Session, legal_instant, run
from greenlight.cli.cases.privy import proven_reader
from greenlight.cli.law.controls import control_tables, readable
from greenlight.cli.law.determination import shipped_rules
from greenlight.cli.lists.listed import kept, shipped

if TYPE_CHECKING:
    from greenlight.law.outlook.coming import Coming
    from greenlight.law.outlook.forecast import Came, Moment, Outlook, Row, Tally

_COMING = ("from", "what", "rests on", "certainty", "settled by", "applications", "licenses", "officers")
_CAME = ("since", "what", "rests on", "certainty", "applications", "licenses", "asked anew")
_OPEN = ("since", "what", "rests on", "certainty", "settled by")
_TALLEST = 4
"""Lines of a cell: what would take more is told row by row, so that nothing is left out or squeezed."""
_ROWS = ("from", "case", "officer", "change", "answers")
_COUNTED = ("from", "kind", "key", "what", "rests on", "certainty", "settled by")


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(outlook)


def outlook(
    until: Annotated[
        datetime | None,
        typer.Option(
            parser=last_moment,
            metavar="DAY|INSTANT",
            help="Up to this instant, a day meaning its last moment. Default: for a year.",
        ),
    ] = None,
    officer: Annotated[
        str | None,
        typer.Option("--as", metavar="OFFICER", help="Show the cases, too, to this officer, with their key."),
    ] = None,
    mine: Annotated[
        bool, typer.Option("--mine", help="With --as: of the cases those alone that are assigned to you.")
    ] = False,
    svg: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a picture to this file as well.")
    ] = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Tell what is known to change by rules, tables, reprieves, directives and lists, and for how many open
    cases and licenses the answer is another one from then on.

    What flips has another answer, required or not or open; what moves is taken elsewhere by a directive; of
    other grounds the answer is the same for other reasons; and unseen is what changes where the service does
    not see it. Counts are public, and so is whose cases they are. Cases are shown with --as, to whom every
    case is open, and each is noted as a reading. Nothing is decided by it:
    when an instant has come, the service asks every case anew, and what it found is told before what comes.

    Example: starter.py outlook --until 2027-06-30 --as olga --svg outlook.svg
    """
    from greenlight.answers.outlook import AHEAD

    now = legal_instant.get() or datetime.now(UTC)
    end = until or now + AHEAD
    if end <= now:
        raise fail(USAGE, "--until: is over; give a day or an instant to come")
    if mine and officer is None:
        raise fail(USAGE, "--mine: say who you are with --as")
    found = run(lambda session: _found(session, now, end, officer, mine))
    if svg is not None:
        from greenlight.answers.outlook_picture import picture

        write_picture(svg, picture(found).svg)
    if json:
        print_json(found)
    elif csv:
        _print_csv(found)
    else:
        print_outlook(found, svg)


async def _found(
    session: Session, now: datetime, until: datetime, officer: str | None, mine: bool
) -> "Outlook":
    from greenlight.answers.outlook import outlook as asked

    tables, book = control_tables(None), shipped()
    with readable():
        async with session.reader() as reader:
            found = await asked(reader, book, tables, shipped_rules(), now, until, kept())
    if officer is None:
        return found.public
    return await _noted(session, found.of_officer(officer) if mine else found, officer)


async def _noted(session: Session, found: "Outlook", officer: str) -> "Outlook":
    """The outlook with its cases, for whom they are open to, once it is noted who reads them.

    :raises Refused: they are not open to the officer.
    """
    from greenlight.answers.outlook import READ_AS
    from greenlight.client import Refused
    from greenlight.eventlog.access import AccessLog
    from greenlight.kernel.refusal import RefusalCode
    from greenlight.law.application.aggregate import APPLICATION
    from greenlight.law.license.aggregate import LICENSE

    async with session.reader() as reader:
        caller = await proven_reader(session, reader, officer)
    if caller.role not in APPLICATION.open_to & LICENSE.open_to:
        raise Refused(RefusalCode.WRONG_ROLE, f"not every case is open to {officer}: leave out --as")
    streams = {row.stream for moment in found.moments for row in moment.rows or ()}
    async with AccessLog(session.database_url) as access:
        await access.note_all(caller, sorted(streams), READ_AS)
    return found


def print_outlook(found: "Outlook", picture: Path | None) -> None:
    of = f"{counted(found.applications, 'open application')} and {counted(found.licenses, 'license')}"
    say(
        f"Outlook from {local(found.asked_at)} to {local(found.until)}: {of}, the log up to position"
        f" {found.position}, the control tables of {found.tables_of}."
    )
    if found.unread:
        say(f"Not looked at: {counted(found.unread, 'case')} that a newer release went on with.")
    if found.came:
        rows = [row for each in found.came for row in _came(each)]
        came = counted(len(found.came), "instant has come", "instants have come")
        print_table(came, _CAME, rows, tallest=_TALLEST)
    if found.open:
        rows = [(local(each.at), *_told(each)) for each in found.open]
        print_table("What stands open now", _OPEN, rows, tallest=_TALLEST)
    if not found.moments:
        say("Nothing is known to change until then.")
    else:
        rows = [row for moment in found.moments for row in _coming(moment)]
        print_table(counted(len(found.moments), "instant"), _COMING, rows, tallest=_TALLEST)
    changed = [(local(moment.at), *_cells(row)) for moment in found.moments for row in moment.rows or ()]
    if changed:
        print_table(counted(len(changed), "change"), _ROWS, changed, drop=("officer",))
    if picture is not None:
        say(f"{picture} is written.")


def _coming(moment: "Moment") -> Iterator[tuple[str, ...]]:
    """A line for each thing that comes; what it changes stands once, for all come at one instant."""
    officers = ", ".join(f"{officer} {number}" for officer, number in moment.officers.items()) or "–"
    counts = (in_a_line(moment.applications), in_a_line(moment.licenses), officers)
    for place, each in enumerate(moment.coming):
        yield (local(moment.at), *_told(each), *(counts if not place else ("", "", "")))


def _told(each: "Coming") -> tuple[str, ...]:
    return each.text, each.citation, words(each.certainty), each.settled_by or "–"


def _came(of: "Came") -> Iterator[tuple[str, ...]]:
    """The same of an instant that has come, with the answers that are others on record."""
    asked = f"{of.cases}, {of.left} left" if of.left else str(of.cases)
    counts = (in_a_line(of.applications), in_a_line(of.licenses), asked)
    for place, each in enumerate(of.coming):
        yield (local(of.at), *_told(each)[:3], *(counts if not place else ("", "", "")))


def in_a_line(tally: "Tally") -> str:
    """The counts that are not nothing: ``3 flip, 1 unseen``."""
    return ", ".join(f"{number} {name}" for name, number in by_change(tally) if number) or "none"


def by_change(tally: "Tally") -> tuple[tuple[str, int], ...]:
    """Each count with its word."""
    return (
        ("flip", tally.flips),
        ("move", tally.moves),
        ("of other grounds", tally.grounds),
        ("unseen", tally.unseen),
        ("proposed to be returned", tally.proposals),
    )


def _cells(row: "Row") -> tuple[str, ...]:
    turns = [f"{words(each.before)} to {words(each.after)} ({each.destination})" for each in row.turns]
    if row.stages:
        before, after = map(words, row.stages)
        turns.append(f"stops or goes on, at {after}" if before == after else f"{before} to {after}")
    return row.stream, row.officer or "–", words(row.change), "; ".join(turns) or "as before"


def _print_csv(found: "Outlook") -> None:
    if any(moment.rows is not None for moment in found.moments):
        rows = ((local(m.at), *_cells(row)) for m in found.moments for row in m.rows or ())
        print_csv(_ROWS, rows)
        return
    kinds = ("applications", "licenses")
    names = [f"{kind} {name}" for kind in kinds for name, _ in by_change(_none())]
    print_csv((*_COUNTED, *names, "officers"), _lines(found.moments))


def _none() -> "Tally":
    from greenlight.law.outlook.forecast import Tally

    return Tally()


def _lines(moments: Iterable["Moment"]) -> Iterator[tuple[str, ...]]:
    for moment in moments:
        counts = [
            number for tally in (moment.applications, moment.licenses) for _, number in by_change(tally)
        ]
        for each in moment.coming:
            told = (each.kind, each.key, each.text, each.citation, each.certainty, each.settled_by or "–")
            officers = " ".join(f"{officer}={number}" for officer, number in moment.officers.items())
            yield (local(moment.at), *told, *map(str, counts), officers or "–")

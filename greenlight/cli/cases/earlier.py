"""Earlier cases with the parties of a case, for whom the case is open to."""

from typing import TYPE_CHECKING

import typer

from greenlight.cli.base.options import Acn, As, Csv, Json, stream_named
from greenlight.cli.base.output import counted, local, print_csv, print_json, print_table, say, words
from greenlight.cli.base.session import Session, run
from greenlight.cli.cases.privy import proven_reader
from greenlight.law.application.aggregate import APPLICATION

if TYPE_CHECKING:
    from greenlight.answers.earlier import Earlier, EarlierCase

_COLUMNS = ("ACN", "party", "filed", "outcome", "decided")


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(earlier)


def earlier(acn: Acn, reader: As, json: Json = False, csv: Csv = False) -> None:
    """List earlier applications with a party of this one, and what became of them.

    Parties are the same where screening compares their names as one, whatever their countries. It is told to
    officers and departments that may read the case: number, days and outcome, and no more. Each look is noted
    in the access records, for the case and for each that is shown.

    Example: starter.py earlier A123456 --as defense
    """
    stream = stream_named(APPLICATION, acn)
    found = run(lambda session: _found(session, stream, reader))
    if json:
        print_json(found)
    elif csv:
        print_csv(_COLUMNS, map(_row, found.cases))
    elif found.cases:
        title = f"{counted(len(found.cases), 'earlier case')} with a party of {found.acn}"
        print_table(title, _COLUMNS, map(_row, found.cases))
        if found.more:
            say(f"and {found.more} more, filed before these")
    else:
        say(f"No earlier case has a party of {found.acn}.")


async def _found(session: Session, stream: str, officer: str) -> "Earlier":
    from greenlight.answers.earlier import Namesakes, Readers
    from greenlight.answers.earlier import earlier as found_earlier
    from greenlight.answers.scope import Scope
    from greenlight.client import Refused
    from greenlight.eventlog.access import AccessLog
    from greenlight.kernel.refusal import Refusal

    url = session.database_url
    async with session.reader() as reader, Scope(url) as scope, AccessLog(url) as access:
        caller = await proven_reader(session, reader, officer)
        found = await found_earlier(Readers(reader, scope, access, Namesakes()), caller, stream)
    if isinstance(found, Refusal):
        raise Refused(found.code, found.message)
    return found


def _row(case: "EarlierCase") -> tuple[str, ...]:
    parties = "; ".join(
        each.name + ("" if each.same_country else " (in another country there)") for each in case.parties
    )
    decided = "–" if case.decided_at is None else local(case.decided_at)
    return (case.acn, parties, local(case.filed_at), words(case.outcome or "open"), decided)

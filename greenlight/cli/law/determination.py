"""License determination at the command line.

A server is asked for the current version of the list, where one runs, and for nothing else.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, KnownAt, body, last_moment, read_each, valid
from greenlight.cli.base.output import (
    bad,
    doubtful,
    fail,
    faint,
    good,
    print_facts,
    print_json,
    say,
    words,
)
from greenlight.cli.base.session import REFUSED, USAGE, Session, is_served, run
from greenlight.cli.law.controls import Folder, control_tables, readable
from greenlight.cli.lists.listed import listed_names
from greenlight.kernel.model import Country

if TYPE_CHECKING:
    from greenlight.law.determination.determine import Determination
    from greenlight.law.determination.question import AskedParty, Circumstances, Question
    from greenlight.law.determination.reason import Reason
    from greenlight.law.rule.rules import Rules
    from greenlight.reference.kept_controls import KeptTables
    from greenlight.reference.names import ListedNames

To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="COUNTRY",
        help="Destination, ISO 3166-1.",
        callback=valid(Country, "--to"),
    ),
]
NamedParties = Annotated[
    list[str],
    typer.Option(
        "--party",
        metavar="[ROLE=]NAME[@COUNTRY]",
        help="Party; repeat. Default: an end_user, at the destination.",
    ),
]
OwnerNames = Annotated[
    list[str] | None,
    typer.Option("--owner", metavar="NAME=PERCENT|NAME=?", help="Owner of the one party; repeat."),
]
JointVenture = Annotated[
    str | None,
    typer.Option(
        "--joint-venture",
        metavar="COUNTRY|?|no",
        help="Where the one party is headquartered, if it is a joint venture; ?: it is one, and where is not"
        " known; no: it is none. Left out: not said.",
    ),
]
EndUse = Annotated[
    list[str] | None,
    typer.Option(
        "--end-use",
        metavar="none|QUESTION=yes|no",
        help="Answer about a general prohibition; repeat. none: no to all others. Left out: open.",
    ),
]
When = Annotated[
    datetime | None,
    typer.Option("--date", parser=last_moment, metavar="DAY|INSTANT", help="When. Default: now."),
]


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(determine)


def determine(
    items: Annotated[
        list[str], typer.Option("--item", metavar="ECCN[.PARAGRAPH]|EAR99", help="Item; repeat.")
    ],
    to: To,
    parties: NamedParties,
    owners: OwnerNames = None,
    joint_venture: JointVenture = None,
    end_use: EndUse = None,
    at: When = None,
    known_at: KnownAt = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Show what was looked at and requires nothing, too.")
    ] = False,
    tables: Folder = None,
    json: Json = False,
) -> None:
    """Say whether a license is required, by which control, listing or prohibition, and what is left open.

    Exit code 0 with an answer, required or not, and 1 where it cannot be determined.

    Example: starter.py determine --item 5A002.a --to CN --party "Huawei Device Co., Ltd." --end-use none
    """
    from greenlight.law.determination.determine import determine as determined
    from greenlight.law.determination.question import Question
    from greenlight.law.determination.reason import Outcome

    when = at or datetime.now(UTC)
    names = listed_names(when, known_at)
    asked = body(
        Question,
        items=tuple(map(_item, items)),
        destination=to,
        parties=_asked_parties(parties, of_one(parties, owners, joint_venture), to, names, when),
        circumstances=circumstances(end_use or ()),
        at=when,
        held_against=(names.list_id,),
        known_at=known_at,
    )
    with readable():
        known = rules()
        found = determined(asked, on_record(control_tables(tables), known), known)
    if json:
        print_json(found)
    else:
        _print(asked, found, everything)
    if found.outcome is Outcome.CANNOT_DETERMINE:
        raise typer.Exit(REFUSED)


def _item(text: str) -> dict[str, str | None]:
    classification, dot, rest = text.partition(".")
    return {"classification": classification, "subparagraph": dot + rest or None}


def _asked_parties(
    texts: Iterable[str], more: Mapping[str, object], destination: str, names: "ListedNames", at: datetime
) -> "tuple[AskedParty, ...]":
    """The parties with what their names meet. ``more``: what else is said of the one that there is."""
    from greenlight.law.determination.filed import asked_party
    from greenlight.law.determination.named import NamedParty

    named = [body(NamedParty, **named_party(text, destination), **more) for text in texts]
    return tuple(asked_party(party, names, at) for party in named)


def of_one(parties: Sequence[str], owners: Iterable[str] | None, venture: str | None) -> Mapping[str, object]:
    """The owners and the form of the one party that there is, as members of it."""
    if venture is not None and len(parties) != 1:
        raise fail(USAGE, "--joint-venture: give one party, so that it is clear which it is")
    if owners and len(parties) != 1:
        raise fail(USAGE, "--owner: give one party, so that it is clear whose owner it is")
    owned = read_each(_owner, owners or ())
    said: dict[str, object] = {"owners": owned or None}
    match venture:
        case None:
            return said
        case "no":
            return said | {"joint_venture": False}
        case "?":
            return said | {"joint_venture": True}
        case _:
            where = valid(Country, "--joint-venture")(venture)
            return said | {"joint_venture": True, "headquarters": where}


def named_party(text: str, destination: str) -> dict[str, str]:
    """``[ROLE=]NAME[@COUNTRY]`` as the members of a party."""
    from greenlight.law.application.dossier import PartyRole

    role, equals, rest = text.partition("=")
    known = equals and role in list(PartyRole)
    name, _, country = (rest if known else text).partition("@")
    return {
        "role": role if known else PartyRole.END_USER.value,
        "name": name,
        "country": country or destination,
    }


def _owner(text: str) -> Mapping[str, object]:
    import re
    from decimal import Decimal

    name, _, percent = text.rpartition("=")
    number = percent.removesuffix("%")
    said = re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,6})?", number) is not None and Decimal(number) <= 100
    if percent != "?" and not said:
        raise fail(USAGE, f"--owner {text}: give NAME=PERCENT, such as Huawei=51, 100 at most, or NAME=?")
    share = None if percent == "?" else int(Decimal(number) * 100)
    return {"name": name, "share": share}


def circumstances(texts: Iterable[str]) -> "Circumstances":
    from greenlight.law.determination.question import Circumstances

    answers: dict[str, bool] = {}
    wrong: list[str] = []
    for text in texts:
        name, _, answer = text.partition("=")
        if text == "none":
            answers = dict.fromkeys(Circumstances.model_fields, False) | answers
        elif name not in Circumstances.model_fields or answer not in {"yes", "no"}:
            wrong.append(text)
        else:
            answers[name] = answer == "yes"
    if wrong:
        known = "".join(
            f"\n  {key}: {field.description}" for key, field in Circumstances.model_fields.items()
        )
        raise fail(USAGE, f"--end-use {', '.join(wrong)}: give none, or QUESTION=yes or =no, of{known}")
    return Circumstances(**answers)


def shipped_rules() -> "Rules":
    """The rules that come with the service."""
    from greenlight.reference.errors import ReferenceDataError
    from greenlight.reference.rules import load_rules

    try:
        return load_rules()
    except ReferenceDataError as error:
        raise fail(USAGE, str(error)) from None


def rules() -> "Rules":
    """As they are on record where a service runs, and else as they come with it."""

    async def action(session: Session) -> "Rules":
        async with session.reader() as reader:
            return shipped_rules().replaced(await reader.rules())

    return run(action) if is_served() else shipped_rules()


def on_record(tables: "KeptTables", known: "Rules") -> "KeptTables":
    """The tables that the log names, where a service runs; without one, all that are kept here."""
    return tables.on_record(known.tables) if is_served() else tables


_SAID = {
    "required": bad("A license is required"),
    "not_required": good("No license is required"),
    "cannot_determine": doubtful("Cannot be determined"),
}


def _print(asked: "Question", found: "Determination", everything: bool) -> None:
    of = ", ".join(map(str, asked.items))
    say(_SAID[found.outcome], f": {of} to {asked.destination}, by the tables of {found.tables_of}.")
    required, left_open, clear = map(found.of, ("required", "open", "clear"))
    print_reasons("Required, because:", required)
    print_reasons("Open, and to be found out:" if not required else "Open besides:", left_open)
    if everything:
        print_reasons("Looked at, and no reason:", clear)
    else:
        print_reasons("Listed or owned, and no reason:", found.cleared)
    print_facts(
        {
            "Exceptions": f"{found.exceptions.text} ({found.exceptions.citation})" if required else None,
            "Review policy": "\n".join(reviews(found)),
            "Not asked": "\n".join(found.not_asked),
            "Take care": "\n".join(found.warnings),
        }
    )


def reviews(found: "Determination") -> Iterator[str]:
    """Under which policies an application would be reviewed, in lines."""
    for each in found.review:
        posture = words(each.posture).capitalize() if each.rule and each.posture else ""
        said = each.text if each.text.lower().startswith(posture.lower()) else f"{posture}: {each.text}"
        yield f"{said} ({each.citation})"
        if each.certify:
            yield f"  to be certified: {each.certify}"
        for place, reading in enumerate(each.readings):
            yield f"  {'or' if place else 'open: either'} {reading}"
        if each.settled_by:
            yield f"  settled by {each.settled_by}"


def print_reasons(title: str, reasons: "Iterable[Reason]") -> None:
    for place, reason in enumerate(reasons):
        if not place:
            say(title)
        item = f"{reason.item}: " if reason.item else ""
        say(f"  {item}{reason.text} [{reason.citation}]")
        if reason.settled_by:
            say(faint(f"    settled by {reason.settled_by}"))
        if reason.waived_by:
            say(faint(f"    waived by {reason.waived_by}, if all its terms are met"))
        if reason.control:
            cells = f" ({'; '.join(reason.cells)})" if reason.cells else ""
            say(faint(f"    {reason.control}: {reason.refers or ''}{cells}"))

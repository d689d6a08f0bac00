"""Commands on listed entities: list, amend and remove, and what an entry says or said."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from pydantic import TypeAdapter

from greenlight.cli.base.options import (
    As,
    CommandId,
    Dossier,
    Json,
    Reasons,
    body,
    instant,
    read_json,
    valid,
)
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    local,
    print_facts,
    print_json,
    print_table,
    say,
    words,
)
from greenlight.cli.base.send import send
from greenlight.cli.base.session import REFUSED, USAGE, Session, run
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.model import Identifier, Model
from greenlight.kernel.streams import entity_stream
from greenlight.law.entity.commands import AmendListing, ListEntity, RemoveListing
from greenlight.law.entity.committee import Vote, Votes
from greenlight.law.entity.listing import Amendment, Listing

if TYPE_CHECKING:
    from pydantic import JsonValue

    from greenlight.kernel.commit import Event
    from greenlight.law.entity.history import Version
    from greenlight.law.entity.view import EntityRow
    from greenlight.screening.book import ListingBook

M = TypeVar("M", bound=Model)

app = typer.Typer(
    help="List, amend and remove listed entities, and look at what an entry says or said.",
    no_args_is_help=True,
)

Key = Annotated[
    str,
    typer.Argument(
        metavar="KEY", help="Of the listed entity.", callback=valid(TypeAdapter(Identifier), "key")
    ),
]
Reference = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE", help="Take it from a recorded list: a name, such as huawei, or a file."
    ),
]
File = Annotated[Path | None, typer.Argument(metavar="FILE", help="As JSON, - for standard input.")]
Approve = Annotated[
    list[str] | None,
    typer.Option("--approve", metavar="DEPARTMENT", help="A department that voted for it; repeat."),
]
Oppose = Annotated[
    list[str] | None,
    typer.Option("--oppose", metavar="DEPARTMENT", help="A department that voted against it; repeat."),
]
Citation = Annotated[str | None, typer.Option(help="Where it is, or will be, published.")]
Effective = Annotated[
    str | None,
    typer.Option(metavar="DAY|INSTANT", help="From when it counts, a day from its start. Default: now."),
]
KnownAt = Annotated[
    str | None,
    typer.Option(metavar="DAY|INSTANT", help="As known then, a day meaning its last moment. Default: now."),
]


@app.command("list")
def list_(
    key: Key,
    as_: As,
    file: File = None,
    reference: Reference = None,
    effective: Effective = None,
    approve: Approve = None,
    oppose: Oppose = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """List an entity. FILE is the command's body without the votes; of a recorded list it is the first entry.

    Example: starter.py entity list huawei-technologies --reference huawei --approve commerce
    --approve defense --approve state --oppose energy --as vera
    """
    from greenlight.reference.entities import opening

    votes = _votes(approve, oppose)
    if (file is None) == (reference is None):
        raise fail(USAGE, "give either FILE or --reference")
    if file is not None:
        listing = _read(ListEntity, file, votes=votes.model_dump(mode="json"))
    else:
        listing = opening(_book(str(reference)), votes)
    if effective is not None:
        listing = listing.model_copy(update={"effective": _from(effective)})

    async def action(session: Session) -> CaseStatus:
        return await (await session.client(as_)).list_entity(key, listing, command_id=command_id)

    case = run(action)
    if json:
        print_json(case)
    else:
        say(f"on record: {case.stream} is ", bold(words(case.status.stage)), f", event {case.version}")


@app.command()
def amend(
    key: Key,
    as_: As,
    file: File = None,
    reference: Reference = None,
    citation: Citation = None,
    effective: Effective = None,
    reasons: Annotated[str | None, typer.Option(help="Why.")] = None,
    approve: Approve = None,
    oppose: Oppose = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Let an entry say something else. FILE is the amendment; of a recorded list it is what a notice changed.

    Example: starter.py entity amend huawei-technologies --reference huawei --citation "84 FR 43493"
    --approve commerce --approve defense --approve state --approve energy --as vera
    """
    votes = _votes(approve, oppose)
    if (file is None) == (reference is None) or citation is None:
        raise fail(USAGE, "give --citation, and either FILE or --reference")
    if file is not None:
        given = body(
            AmendListing,
            amendment=_read(Amendment, file),
            citation=citation,
            effective=_from(effective) if effective else None,
            reasons=reasons,
            votes=votes,
        )
    else:
        given = _recorded(str(reference), citation, votes)
    send(entity_stream(key), given, as_, command_id, json, dossier)


@app.command()
def remove(
    key: Key,
    as_: As,
    citation: Annotated[str, typer.Option(help="Where it is, or will be, published.")],
    reasons: Reasons,
    effective: Effective = None,
    approve: Approve = None,
    oppose: Oppose = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Remove an entity from the list, for good. The committee has to be of one mind.

    Example: starter.py entity remove sample --citation "91 FR 1" --reasons "On request" --approve commerce
    --approve defense --approve state --approve energy --as vera
    """
    given = body(
        RemoveListing,
        citation=citation,
        effective=_from(effective) if effective else None,
        reasons=reasons,
        votes=_votes(approve, oppose),
    )
    send(entity_stream(key), given, as_, command_id, json, dossier)


@app.command()
def show(
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="KEY",
            help="Of the listed entity. Default: all, one a line.",
            callback=valid(TypeAdapter(Identifier), "key"),
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DAY|INSTANT", help="At an instant, a day meaning its last moment."),
    ] = None,
    known_at: KnownAt = None,
    json: Json = False,
) -> None:
    """Show what an entry says now, or said or will say at some date, as known now or then.

    Example: starter.py entity show huawei-technologies --as-of 2019-08-18
    """
    if key is None:
        _show_all(json)
        return
    from datetime import UTC

    from greenlight.law.entity.history import listing_at

    at = _moment(as_of) if as_of else datetime.now(UTC)
    found = listing_at(_events(key), at, _moment(known_at) if known_at else None)
    if found is None:
        raise fail(REFUSED, f"{key} is not listed at {local(at)}" + (" as known then" if known_at else ""))
    if json:
        print_json(found)
    else:
        _print(key, found)


@app.command()
def history(key: Key, known_at: KnownAt = None, json: Json = False) -> None:
    """List every version of an entry: from when to when it counts, and when that was decided.

    Example: starter.py entity history huawei-technologies
    """
    from greenlight.law.entity.history import versions

    found = versions(_events(key), _moment(known_at) if known_at else None)
    if json:
        print_json([_document(version) for version in found])
        return
    print_table(
        f"{entity_stream(key)}, {counted(len(found), 'version')}",
        ("from", "until before", "decided", "citation", "review", "affiliates", "name"),
        (
            (
                local(version.begins),
                local(version.ends),
                local(version.decided_at) + (", afterwards" if version.retroactive else ""),
                version.listing.citation,
                words(version.listing.review_policy.posture),
                str(len(version.listing.affiliates)),
                version.listing.name,
            )
            for version in found
        ),
    )


def _votes(approve: list[str] | None, oppose: list[str] | None) -> Votes:
    """Each department is named once, so that nobody's vote is assumed."""
    said = [
        *((each, Vote.APPROVE) for each in approve or ()),
        *((each, Vote.OPPOSE) for each in oppose or ()),
    ]
    departments = list(Votes.model_fields)
    if sorted(department for department, _ in said) != sorted(departments):
        raise fail(
            USAGE,
            f"--approve or --oppose: name each department of the committee once: {', '.join(departments)}",
        )
    return Votes.model_validate(dict(said))


def _read(model: type[M], file: Path, **more: object) -> M:
    return read_json(TypeAdapter(model), file, **more)


def _book(name: str) -> "ListingBook":
    from greenlight.reference.entities import names
    from greenlight.reference.errors import ReferenceDataError
    from greenlight.reference.listings import HUAWEI, load_listings

    path = HUAWEI.with_name(f"{name}.json") if name in names() else Path(name)
    if not path.exists():
        raise fail(USAGE, f"{name}: no such list: give a file, or one of {', '.join(names())}")
    try:
        return load_listings(path)
    except ReferenceDataError as error:
        raise fail(USAGE, str(error)) from None


def _recorded(name: str, citation: str, votes: Votes) -> AmendListing:
    from greenlight.reference.entities import amendments

    found = {each.citation: each for each in amendments(_book(name), votes)}
    if citation not in found:
        raise fail(USAGE, f"--citation {citation}: that list was amended by {', '.join(found)}")
    return found[citation]


def _from(text: str) -> datetime:
    """An instant; of a day its first."""
    from greenlight.kernel.time.calendar import end_of_day

    day = _day(text)
    return instant(text) if day is None else end_of_day(day - timedelta(days=1))


def _moment(text: str) -> datetime:
    """An instant; of a day its last one, before what counts from the next on."""
    return instant(text) if _day(text) is None else instant(text) - timedelta(microseconds=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _events(key: str) -> "list[Event]":
    from greenlight.law.entity.aggregate import ENTITY

    async def action(session: Session) -> "list[Event]":
        async with session.reader() as reader:
            return [ENTITY.read(event.record) async for event in reader.stream(entity_stream(key))]

    if not (events := run(action)):
        raise fail(REFUSED, f"refused: no_such_case: there is no {entity_stream(key)}")
    return events


def _show_all(json: bool) -> None:
    async def action(session: Session) -> "tuple[EntityRow, ...]":
        async with session.reader() as reader:
            return await reader.entities()

    rows = run(action)
    if json:
        print_json(rows)
        return
    print_table(
        counted(len(rows), "listed entity", "listed entities"),
        ("key", "stage", "listed from", "removed from", "citation", "review", "affiliates"),
        (
            (
                row.key,
                words(row.stage),
                local(row.effective),
                local(row.removal),
                row.citation,
                words(row.posture),
                str(row.affiliates),
            )
            for row in rows
        ),
    )


def _print(key: str, listing: Listing) -> None:
    say(bold(key))
    print_facts(
        {
            "Name": listing.name,
            "Also": "\n".join(listing.aliases),
            "Countries": ", ".join(sorted(listing.countries)),
            "License requirement": listing.license_requirement,
            "Review policy": listing.review_policy.text,
            "Citation": listing.citation,
        }
    )
    if listing.affiliates:
        print_table(
            f"{len(listing.affiliates)} affiliates",
            ("key", "name", "countries"),
            ((each.key, each.name, ", ".join(sorted(each.countries))) for each in listing.affiliates),
        )


def _document(version: "Version") -> "JsonValue":
    return {
        "from": version.begins.isoformat(),
        "until": version.ends.isoformat() if version.ends else None,
        "decided_at": version.decided_at.isoformat(),
        "retroactive": version.retroactive,
        "listing": version.listing.model_dump(mode="json"),
    }

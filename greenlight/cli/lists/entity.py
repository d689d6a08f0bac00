"""Commands on listed entities: list, amend and remove, and what an entry says or said."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter

from greenlight.cli.base.options import (
    As,
    CommandId,
    Csv,
    Dossier,
    Json,
    KnownAt,
    Reasons,
    beginning,
    body,
    last_moment,
    read_json,
    valid,
)
from greenlight.cli.base.output import (
    bold,
    counted,
    fail,
    local,
    print_csv,
    print_facts,
    print_json,
    print_rows,
    print_table,
    say,
    words,
)
from greenlight.cli.base.replay import replayed
from greenlight.cli.base.send import send
from greenlight.cli.base.session import REFUSED, USAGE, look, run
from greenlight.cli.generated import add_commands
from greenlight.kernel.model import Identifier
from greenlight.kernel.streams import entity_stream
from greenlight.law.entity.aggregate import ENTITY
from greenlight.law.entity.commands import AmendListing, ListEntity, RemoveListing
from greenlight.law.entity.listing import Amendment, Listing

if TYPE_CHECKING:
    from pydantic import JsonValue

    from greenlight.kernel.commit import Event
    from greenlight.law.entity.history import Version
    from greenlight.screening.book import ListingBook


app = typer.Typer(
    name="entity",
    help="List, amend and remove listed entities, vote on it, and look at what an entry says or said.",
    no_args_is_help=True,
)

Key = Annotated[
    str,
    typer.Argument(metavar="KEY", help="Of the listed entity.", callback=valid(Identifier, "key")),
]
Reference = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE", help="Take it from a recorded list: a name, such as huawei, or a file."
    ),
]
File = Annotated[Path | None, typer.Argument(metavar="FILE", help="As JSON, - for standard input.")]
Citation = Annotated[str | None, typer.Option(help="Where it is, or will be, published.")]
Effective = Annotated[
    datetime | None,
    typer.Option(
        parser=beginning,
        metavar="DAY|INSTANT",
        help="From when it counts, a day from its start. Default: now.",
    ),
]


def list_(
    key: Key,
    as_: As,
    file: File = None,
    reference: Reference = None,
    effective: Effective = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Move to list an entity. FILE is the command's body; of a recorded list it is the first entry.

    Example: starter.py entity list huawei-technologies --reference huawei --as vera
    """
    from greenlight.reference.entities import opening

    if (file is None) == (reference is None):
        raise fail(USAGE, "give either FILE or --reference")
    read = TypeAdapter(ListEntity)
    listing = read_json(read, file) if file is not None else opening(_book(str(reference)))
    if effective is not None:
        listing = listing.model_copy(update={"effective": effective})
    send(entity_stream(key), listing, as_, command_id, json)


def amend(
    key: Key,
    as_: As,
    file: File = None,
    reference: Reference = None,
    citation: Citation = None,
    effective: Effective = None,
    reasons: Annotated[str | None, typer.Option(help="Why.")] = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Move to amend an entry. FILE is the amendment; of a recorded list it is what a notice changed.

    Example: starter.py entity amend huawei-technologies --reference huawei --citation "84 FR 43493" --as vera
    """
    if (file is None) == (reference is None) or citation is None:
        raise fail(USAGE, "give --citation, and either FILE or --reference")
    if file is not None:
        given = body(
            AmendListing,
            amendment=read_json(TypeAdapter(Amendment), file),
            citation=citation,
            effective=effective,
            reasons=reasons,
        )
    else:
        given = _recorded(str(reference), citation)
    send(entity_stream(key), given, as_, command_id, json, dossier)


def remove(
    key: Key,
    as_: As,
    citation: Annotated[str, typer.Option(help="Where it is, or will be, published.")],
    reasons: Reasons,
    effective: Effective = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Move to remove an entity from the list, for good. The committee has to be of one mind.

    Example: starter.py entity remove sample --citation "91 FR 1" --reasons "On request" --as vera
    """
    given = body(
        RemoveListing,
        citation=citation,
        effective=effective,
        reasons=reasons,
    )
    send(entity_stream(key), given, as_, command_id, json, dossier)


add_commands(app, ENTITY, {"list_entity": list_, "amend_listing": amend, "remove_listing": remove})


@app.command()
def show(
    key: Annotated[
        str | None,
        typer.Argument(
            metavar="KEY",
            help="Of the listed entity. Default: all, one a line.",
            callback=valid(Identifier, "key"),
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            parser=last_moment, metavar="DAY|INSTANT", help="At an instant, a day meaning its last moment."
        ),
    ] = None,
    known_at: KnownAt = None,
    json: Json = False,
    csv: Csv = False,
) -> None:
    """Show what an entry says now, or said or will say at some date, as known now or then.

    Example: starter.py entity show huawei-technologies --as-of 2019-08-18
    """
    if key is None:
        _show_all(json, csv)
        return
    if csv:
        raise fail(USAGE, "--csv is for the table of all entries: leave out the key")
    from greenlight.law.entity.history import listing_at

    at = as_of or datetime.now(UTC)
    found = listing_at(_events(key), at, known_at)
    if found is None:
        raise fail(REFUSED, f"{key} is not listed at {local(at)}" + (" as known then" if known_at else ""))
    if json:
        print_json(found)
    else:
        _print(key, found)


@app.command()
def history(key: Key, known_at: KnownAt = None, json: Json = False, csv: Csv = False) -> None:
    """List every version of an entry: from when to when it counts, and when that was decided.

    Example: starter.py entity history huawei-technologies
    """
    from greenlight.law.entity.history import versions

    found = versions(_events(key), known_at)
    if json:
        print_json([_document(version) for version in found])
        return
    columns = ("from", "until before", "decided", "citation", "review", "affiliates", "name")
    rows = [
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
    ]
    if csv:
        print_csv(columns, rows)
        return
    title = f"{entity_stream(key)}, {counted(len(found), 'version')}"
    print_table(title, columns, rows, drop=("affiliates", "review", "decided"))


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


def _recorded(name: str, citation: str) -> AmendListing:
    from greenlight.reference.entities import amendments

    found = {each.citation: each for each in amendments(_book(name))}
    if citation not in found:
        raise fail(USAGE, f"--citation {citation}: that list was amended by {', '.join(found)}")
    return found[citation]


def _events(key: str) -> "list[Event]":
    _, events = run(lambda session: replayed(session, ENTITY, entity_stream(key)))
    return events


def _show_all(json: bool, csv: bool) -> None:
    rows = look(lambda reader: reader.entities())
    print_rows(
        rows,
        json,
        counted(len(rows), "listed entity", "listed entities"),
        {
            "key": lambda row: row.key,
            "stage": lambda row: words(row.stage),
            "listed from": lambda row: local(row.effective),
            "removed from": lambda row: local(row.removal),
            "citation": lambda row: row.citation,
            "review": lambda row: words(row.posture),
            "affiliates": lambda row: str(row.affiliates),
        },
        csv=csv,
        drop=("affiliates", "review", "removed from"),
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

"""Whether a transaction is covered by a reprieve, under which term, and what that asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter

from cli.options import Json, body, instant, last_moment, valid
from cli.output import bad, fail, good, local, print_facts, print_json, say
from cli.reference import Reference, history
from cli.session import USAGE, Session, listing_book, run
from licensing.model import Country

if TYPE_CHECKING:
    from licensing.reprieve.coverage import Terms
    from licensing.reprieve.questions import CoverageAnswer
    from screening.book import ListingBook


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Look")(covered)


def covered(
    entity: Annotated[str, typer.Option(help="Listed entity, by its key in the list or by a name there.")],
    activity: Annotated[str, typer.Option(help="Activity, by its key in the scope, such as networks.")],
    at: Annotated[
        str,
        typer.Option("--date", metavar="DAY|INSTANT", help="A day in Washington, all of it, or an instant."),
    ],
    destination: Annotated[
        str | None,
        typer.Option(
            help="Destination, ISO 3166-1. Default: none is asked about.",
            callback=valid(TypeAdapter(Country), "--destination"),
        ),
    ] = None,
    known_at: Annotated[
        str | None,
        typer.Option(
            metavar="DAY|INSTANT", help="As known then, a day meaning its last moment. Default: now."
        ),
    ] = None,
    reference: Reference = None,
    json: Json = False,
) -> None:
    """Say whether an activity with a listed entity is covered, by what, and what must be certified by whom.

    By all reprieves on record, or by one that comes with the service. The answer may be no, with exit code 0.

    Example: starter.py covered --entity huawei-technologies --activity devices --date 2020-02-17
    --known-at 2020-02-17 --reference huawei
    """
    from licensing.reprieve.questions import CoverageQuestion, answer

    asked = _recorded(reference) if reference else _of_the_log()
    known = None if known_at is None else last_moment(known_at)
    _has(asked, activity)
    day = _day(at)
    question = body(
        CoverageQuestion,
        entity=_entity(asked, entity),
        activity=activity,
        at=instant(at) if day is None else None,
        day=day,
        destination=destination,
        known_at=known,
    )
    said = answer(asked.terms, question)
    if json:
        print_json(said)
    else:
        _print(asked, said, destination, known)


@dataclass(frozen=True, slots=True)
class Asked:
    """Terms, and what goes with them. ``unverified`` says of a recorded term what was not checked."""

    terms: "Terms"
    book: "ListingBook"
    titles: Mapping[str, str]
    unverified: Mapping[int, str]


def _recorded(reference: str) -> Asked:
    from licensing.reprieve.coverage import Terms

    past = history(reference)
    unverified = {
        term.number: term.note or "Something in this line was not checked"
        for term in past.file.terms
        if not term.verified
    }
    return Asked(Terms.of([past.events()]), past.book, {past.file.key: past.file.title}, unverified)


def _of_the_log() -> Asked:
    async def action(session: Session) -> "Terms":
        async with session.reader() as reader:
            return await reader.terms()

    return Asked(run(action), listing_book(), {}, {})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _entity(asked: Asked, text: str) -> str:
    """The key of the entity of that key or name; a key may be one of the terms alone."""
    from screening.index import name_index
    from screening.normalise import normalise

    keys = {listing.key for listing in asked.book.listings}
    keys.update(*(version.entities for version in asked.terms.versions))
    keys.update(*(version.changed for version in asked.terms.versions))
    if text in keys:
        return text
    found = sorted({name.listing.key for name in name_index(asked.book).find(normalise(text))})
    if len(found) == 1:
        return found[0]
    if found:
        raise fail(USAGE, f"--entity {text}: several are called that: {', '.join(found)}")
    from difflib import get_close_matches

    near = get_close_matches(text, sorted(keys), cutoff=0.5)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise fail(USAGE, f"--entity {text}: not in the list {asked.book.id}, by key or by name{hint}")


def _has(asked: Asked, activity: str) -> None:
    """Where no term is on record, any activity may be asked about: none is covered."""
    told = {key: each.covers for version in asked.terms.versions for key, each in version.activities.items()}
    if told and activity not in told:
        there_are = "".join(f"\n  {key}: {covers}" for key, covers in told.items())
        raise fail(USAGE, f"--activity {activity}: no term has it; there are{there_are}")


def _print(asked: Asked, said: "CoverageAnswer", destination: str | None, known: datetime | None) -> None:
    term, activity = said.term, said.activity
    yes = good("Covered") if said.covered else bad("Not covered")
    say(yes, f". {said.reason}." + (f" As known at {local(known)}." if known else ""))
    ran = f"{term.number}, from {local(term.effective)} through {term.valid_through}" if term else None
    print_facts(
        {
            "Reprieve": asked.titles.get(said.reprieve, said.reprieve) if said.reprieve else None,
            "Term": ran,
            "Citation": said.citation or ("none: it is not published" if term else None),
            "Published": local(term.published) if term and term.published else None,
            "Activity": f"{activity.paragraph} {activity.covers}" if activity else None,
            "Certified by": f"the {said.certifier}: {said.certification}" if activity else None,
            "Also under": ", ".join(f"term {each.term} of {each.reprieve}" for each in said.also),
            "Excluded": _excluded(asked, said) if destination else None,
            "Unverified": asked.unverified.get(term.number) if term else None,
        }
    )
    say("May need a license nevertheless:" if said.covered else "Needs, or may need, a license:")
    for each in said.still_required:
        say(f"  {each}")


def _excluded(asked: Asked, said: "CoverageAnswer") -> str | None:
    if said.covered or said.term is None:
        return None
    return next(
        version.term.scope.exclusion
        for version in asked.terms.versions
        if (version.reprieve, version.term.number) == (said.reprieve, said.term.number)
    )

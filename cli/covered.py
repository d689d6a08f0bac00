"""Whether a transaction is covered by a reprieve, under which term, and what that asks for."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import TypeAdapter

from cli.options import Json, instant, valid
from cli.output import fail, local, out, print_facts, print_json
from cli.reference import Reference, history
from cli.session import USAGE
from licensing.model import Country

if TYPE_CHECKING:
    from pydantic import JsonValue

    from cli.reference import History
    from licensing.reprieve.coverage import Coverage
    from licensing.reprieve.terms import Term


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
    reference: Reference = "huawei",
    json: Json = False,
) -> None:
    """Say whether an activity with a listed entity is covered, by what, and what must be certified by whom.

    The answer may be no, with exit code 0.

    Example: starter.py covered --entity huawei-technologies --activity devices --date 2020-02-17
    --known-at 2020-02-17
    """
    from licensing.reprieve.coverage import Terms, covered, covered_all_day

    past = history(reference)
    terms, key = Terms.of([past.events()]), _entity(past, entity)
    _known(past, activity)
    known = None if known_at is None else _known_at(known_at)
    day = _day(at)
    if day is None:
        answer = covered(terms, key, activity, instant(at), destination, known)
    else:
        answer = covered_all_day(terms, key, activity, day, destination, known)
    if json:
        print_json(_document(answer))
    else:
        _print(past, answer, known)


def _known_at(text: str) -> datetime:
    """An instant; of a day its last one, before what is published on the next."""
    return instant(text) if _day(text) is None else instant(text) - timedelta(microseconds=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _entity(past: "History", text: str) -> str:
    """The key of the entity of that key or name."""
    from screening.book import name_index
    from screening.normalise import normalise

    if any(listing.key == text for listing in past.book.listings):
        return text
    found = sorted({name.listing.key for name in name_index(past.book).find(normalise(text))})
    if len(found) == 1:
        return found[0]
    if found:
        raise fail(USAGE, f"--entity {text}: several are called that: {', '.join(found)}")
    from difflib import get_close_matches

    near = get_close_matches(text, [listing.key for listing in past.book.listings], cutoff=0.5)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise fail(USAGE, f"--entity {text}: not in the list {past.book.id}, by key or by name{hint}")


def _known(past: "History", activity: str) -> None:
    keys = {each.key: each.covers for scope in past.file.scopes.values() for each in scope.activities}
    if activity not in keys:
        told = "".join(f"\n  {key}: {covers}" for key, covers in keys.items())
        raise fail(USAGE, f"--activity {activity}: no scope of the reprieve has it; there are{told}")


def _document(answer: "Coverage") -> "JsonValue":
    term, activity = answer.term, answer.activity
    return {
        "covered": answer.covered,
        "reason": answer.reason,
        "reprieve": answer.reprieve,
        "term": _term(term) if term else None,
        "citation": answer.citation,
        "activity": activity.model_dump(mode="json") if activity else None,
        "certifier": answer.certifier,
        "certification": answer.certification,
        "also": [{"reprieve": reprieve, "term": number} for reprieve, number in answer.also],
        "still_required": list(answer.still_required),
    }


def _term(term: "Term") -> "JsonValue":
    return term.model_dump(mode="json", exclude={"entities", "scope"})


def _print(past: "History", answer: "Coverage", known: datetime | None) -> None:
    term, activity = answer.term, answer.activity
    yes = "[green bold]Covered[/]" if answer.covered else "[red bold]Not covered[/]"
    out.print(f"{yes}. {answer.reason}." + (f" As known at {local(known)}." if known else ""))
    ran = f"{term.number}, from {local(term.effective)} through {term.valid_through}" if term else None
    print_facts(
        {
            "Reprieve": past.file.title if answer.reprieve else None,
            "Term": ran,
            "Citation": answer.citation,
            "Published": local(term.published) if term and term.published else None,
            "Activity": f"{activity.paragraph} {activity.covers}" if activity else None,
            "Certified by": f"the {activity.certifier}: {activity.certification}" if activity else None,
            "Also under": ", ".join(f"term {number}" for _, number in answer.also),
            "Excluded": term.scope.exclusion if term and not answer.covered else None,
            "Unverified": _unverified(past, term) if term else None,
        }
    )
    out.print("May need a license nevertheless:" if answer.covered else "Needs, or may need, a license:")
    for each in answer.still_required:
        out.print(f"  {each}")


def _unverified(past: "History", term: "Term") -> str | None:
    record = next(each for each in past.file.terms if each.number == term.number)
    return None if record.verified else record.note or "Something in this line was not checked"

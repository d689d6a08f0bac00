"""Tell whether a transaction is covered by a reprieve, under which term, and what that asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from greenlight.cli.base.options import Json, KnownAt, body, day_of, instant, valid
from greenlight.cli.base.output import bad, doubtful, fail, good, local, print_facts, print_json, say
from greenlight.cli.base.session import USAGE, Session, listing_book, run
from greenlight.cli.reprieves.reference import Reference, history, told_of
from greenlight.kernel.model import Country
from greenlight.law.sources import BY_SLUG, ENTITY_LIST, UNKNOWN

if TYPE_CHECKING:
    from greenlight.answers.coverage import Reprieved
    from greenlight.law.reprieve.questions import CoverageAnswer


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
            callback=valid(Country, "--destination"),
        ),
    ] = None,
    known_at: KnownAt = None,
    reference: Reference = None,
    json: Json = False,
) -> None:
    """Say whether an activity with a listed entity is covered, by what, and what must be certified by whom.

    By all reprieves on record, or by one that comes with the service. The answer may be no, with exit code 0.
    Beyond the last term it is open while it is not decided what follows: with every reading, and what would
    settle it.

    Example: starter.py covered --entity huawei-technologies --activity devices --date 2020-02-17
    --known-at 2020-02-17 --reference huawei
    """
    from greenlight.kernel.time.calendar import start_of_day
    from greenlight.law.reprieve.questions import CoverageQuestion

    asked = _recorded(reference) if reference else _of_the_log(known_at)
    _has(asked, activity)
    day = day_of(at)
    question = body(
        CoverageQuestion,
        entity=_entity(asked, entity),
        activity=activity,
        at=instant(at) if day is None else None,
        day=day,
        destination=destination,
        known_at=known_at,
    )
    said = asked.reprieved.covered(question)
    if json:
        print_json(said)
    else:
        _print(asked, said, destination, known_at)
        when = instant(at) if day is None else start_of_day(day)
        if reference is None and not said.covered and (hint := told_of({question.entity}, when)):
            say(hint)


@dataclass(frozen=True, slots=True)
class Asked:
    """The question, and for people the titles of reprieves. ``unverified`` says of a recorded term what was
    not checked."""

    reprieved: "Reprieved"
    titles: Mapping[str, str]
    unverified: Mapping[int, str]


def _recorded(reference: str) -> Asked:
    from greenlight.answers.coverage import Reprieved
    from greenlight.law.reprieve.coverage import Terms

    past = history(reference)
    unverified = {
        term.number: term.note or "Something in this line was not checked"
        for term in past.file.terms
        if not term.verified
    }
    titles = {past.file.key: past.file.title}
    return Asked(Reprieved(Terms.of([past.events()]), past.book, past.book, {}), titles, unverified)


def _of_the_log(known: datetime | None) -> Asked:
    async def action(session: Session) -> Asked:
        from greenlight.answers.coverage import reprieved

        async with session.reader() as reader:
            return Asked(await reprieved(reader, listing_book(), known), {}, {})

    return run(action)


def _entity(asked: Asked, text: str) -> str:
    """The key of the entity of that key or name; a key may be one of the terms alone."""
    from greenlight.screening.index import name_index
    from greenlight.screening.normalise import normalise

    keys = {listing.key for listing in asked.reprieved.book.listings if listing.source_list == ENTITY_LIST}
    keys.update(asked.reprieved.recorded)
    keys.update(*(version.entities for version in asked.reprieved.terms.versions))
    keys.update(*(version.changed for version in asked.reprieved.terms.versions))
    if text in keys:
        return text
    named = [name.listing for name in name_index(asked.reprieved.book).find(normalise(text))]
    named += [listing for listing in asked.reprieved.book.listings if listing.key == text]
    found = sorted({listing.key for listing in named if listing.source_list == ENTITY_LIST})
    if len(found) == 1:
        return found[0]
    if found:
        raise fail(USAGE, f"--entity {text}: several are called that: {', '.join(found)}")
    if named:
        on = BY_SLUG.get(named[0].source_list, UNKNOWN).title
        raise fail(USAGE, f"--entity {text}: it is on the {on}; a reprieve is of the Entity List alone")
    from difflib import get_close_matches

    near = get_close_matches(text, sorted(keys), cutoff=0.5)
    hint = f"; near it: {', '.join(near)}" if near else ""
    raise fail(USAGE, f"--entity {text}: not in the list {asked.reprieved.book.id}, by key or by name{hint}")


def _has(asked: Asked, activity: str) -> None:
    """Refuse an activity that no term has. With no term on record any may be asked about: none is covered."""
    told = {
        key: each.covers
        for version in asked.reprieved.terms.versions
        for key, each in version.activities.items()
    }
    if told and activity not in told:
        there_are = "".join(f"\n  {key}: {covers}" for key, covers in told.items())
        raise fail(USAGE, f"--activity {activity}: no term has it; there are{there_are}")


def _print(asked: Asked, said: "CoverageAnswer", destination: str | None, known: datetime | None) -> None:
    term, activity = said.term, said.activity
    yes = good("Covered") if said.covered else doubtful("Open") if said.open else bad("Not covered")
    if said.listing and said.listing.listed is False:
        yes = good("No license under the Entity List is needed")
    say(yes, f". {said.reason}." + (f" As known at {local(known)}." if known else ""))
    of = said.listing
    ran = f"{term.number}, from {local(term.effective)} through {term.valid_through}" if term else None
    print_facts(
        {
            "Either": "\n".join(each.text for each in said.readings),
            "Settled by": said.settled_by,
            "List": f"{of.list} of {of.retrieved} ({of.version}): {of.said}" if of else None,
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
    needed = said.covered or (of is not None and of.listed is False)
    say("May need a license nevertheless:" if needed else "Needs, or may need, a license:")
    for each in said.still_required:
        say(f"  {each}")


def _excluded(asked: Asked, said: "CoverageAnswer") -> str | None:
    if said.covered or said.open or said.term is None:
        return None
    return next(
        version.term.scope.exclusion
        for version in asked.reprieved.terms.versions
        if (version.reprieve, version.term.number) == (said.reprieve, said.term.number)
    )

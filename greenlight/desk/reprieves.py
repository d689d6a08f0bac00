"""Reprieves: those on record, what one comes to in words and as a picture, and what they cover."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Annotated, NamedTuple

from pydantic import Field
from starlette.responses import Response

from greenlight.desk.asked import Asked, Form
from greenlight.desk.fields import Field as FormField
from greenlight.desk.fields import Options, fields_of
from greenlight.desk.filled import Shown, filled
from greenlight.desk.openings import OPENS
from greenlight.desk.terms import Picture, drawn
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Country, Day, Identifier, Model
from greenlight.kernel.streams import reprieve_stream
from greenlight.kernel.tables.domain import OutputEntry
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.outlook import outlook
from greenlight.law.reprieve.policy import Origin
from greenlight.law.reprieve.questions import CoverageQuestion
from greenlight.law.reprieve.state import OpenDecision, ReprieveState
from greenlight.law.reprieve.timeline import timeline
from greenlight.law.reprieve.told import decided_by, outcome
from greenlight.law.reprieve.versions import versions
from greenlight.law.terms.deciding import OfRow, said, trace, why


class Decided(NamedTuple):
    """The open decision. ``what`` is None while the facts are being gathered."""

    decision: OpenDecision
    what: str | None
    by: str
    why: str | None
    facts: tuple[tuple[str, str], ...]
    rows: tuple[OfRow, ...]


class Standing(NamedTuple):
    """The dossier of a reprieve, in words. ``evidence``: the facts of which officers and agencies
    may say what is known."""

    state: ReprieveState
    outlook: tuple[str, ...]
    decided: Decided | None
    evidence: tuple[str, ...]


def standing(state: ReprieveState, events: Sequence[Event], now: datetime) -> Standing:
    """Tell what is, what comes, and what is to be decided."""
    asked = state.policy_at(now).origins.items()
    evidence = tuple(sorted(name for name, origin in asked if origin is Origin.EVIDENCE))
    return Standing(state, outlook(state, now), _decided(state.decision, events), evidence)


def _decided(decision: OpenDecision | None, events: Sequence[Event]) -> Decided | None:
    if decision is None:
        return None
    found = decision.evaluation
    if found is None:
        return Decided(decision, None, "", None, (), ())
    return Decided(
        decision=decision,
        what=outcome(OutputEntry(outcome=found.outcome, parameters=found.parameters)),
        by=f"row {found.row} of {found.table}" if found.row else f"no row of {found.table} fires",
        why=why(decided_by(events, decision.policy), found),
        facts=tuple((name, said(value)) for name, value in found.facts.items()),
        rows=tuple(trace(found)),
    )


def picture(title: str, events: Sequence[Event], now: datetime) -> Picture | None:
    """The terms over time, each with how many entities it covers; None: none has run, or is to."""
    latest = {each.term.number: each for each in versions(events) if each.latest}
    if not any(each.term.effective < each.end for each in latest.values()):
        return None
    covered = {number: len(each.entities) for number, each in latest.items()}
    return drawn(timeline(title, events), now, ("Entities", covered))


def term_begun(state: ReprieveState) -> tuple[tuple[str, str], ...]:
    """The fields of a term that is ordered, filled in from the one before: whom and what it covers."""
    before = state.horizon or state.last
    if before is None:
        return ()
    term, pairs = before.term, list[tuple[str, str]]()
    for place, activity in enumerate(term.scope.activities):
        told = activity.model_dump(mode="json")
        pairs += [(f"term.scope.activities.{place}.{name}", value) for name, value in told.items()]
    excluded = sorted(term.scope.excluded_destinations)
    pairs += [("term.scope.excluded_destinations", country) for country in excluded]
    pairs += [("term.scope.exclusion", term.scope.exclusion or "")]
    return (*pairs, ("term.entities", "\n".join(sorted(term.entities))))


async def reprieves(asked: Asked) -> Response:
    """All reprieves: who must act, what comes next, until when their terms run."""
    asked.must_be(REPRIEVE.open_to)
    rows = await asked.house.reader.reprieves()
    await asked.house.access.note_all(asked.caller, (reprieve_stream(row.key) for row in rows), "reprieves")
    return asked.page("reprieves.html", reprieves=rows, may_open=asked.caller.role in OPENS)


class Wanted(Model):
    """The question as a person asks it. ``on``: a day in Washington, all of it; left out: now."""

    entity: Annotated[Identifier, Field(description="The listed entity, by its key in the list.")]
    activity: Annotated[Identifier, Field(description="The activity, by its key in the terms.")]
    on: Annotated[Day | None, Field(description="The day, all of it. Default: now.")] = None
    destination: Annotated[
        Country | None, Field(description="Where it goes. Default: none is asked about.")
    ] = None

    def question(self, now: datetime) -> CoverageQuestion:
        """The question as the law has it."""
        return CoverageQuestion(
            entity=self.entity,
            activity=self.activity,
            at=None if self.on else now,
            day=self.on,
            destination=self.destination,
        )


async def covers(asked: Asked) -> Response:
    """The form by which somebody asks whether an activity with a listed entity is covered."""
    asked.must_be(REPRIEVE.open_to)
    return asked.page("covered.html", shown=Shown(await _fields(asked), Form()), answer=None)


async def answered(asked: Asked) -> Response:
    """The answer, over the form as it was filled in: what was asked stands in no address."""
    asked.must_be(REPRIEVE.open_to)
    fields = await _fields(asked)
    asks = filled(Wanted, fields, asked.form)
    if isinstance(asks, Shown):
        return asked.page("covered.html", 422 if asks.faults else 200, shown=asks, answer=None)
    found = await asked.house.standing.reprieved(None)
    answer = found.covered(asks.question(datetime.now(UTC)))
    told = {answer.reprieve, *(each.reprieve for each in answer.also)} - {None}
    await asked.house.access.note_all(asked.caller, (reprieve_stream(key) for key in told if key), "covered")
    return asked.page("covered.html", shown=Shown(fields, asked.form), answer=answer)


async def _fields(asked: Asked) -> tuple[FormField, ...]:
    """With what the terms on record have to choose from."""
    standing = asked.house.standing
    await standing.at_least(None)
    terms = (await standing.reprieved(None)).terms.versions
    entities = sorted(frozenset[str]().union(*(each.entities | each.changed.keys() for each in terms)))
    activities = {key: each.covers for version in terms for key, each in version.activities.items()}
    choices = {
        "entity": _options((each, each) for each in entities),
        "activity": _options((key, f"{key}: {covers}") for key, covers in sorted(activities.items())),
    }
    return fields_of(Wanted, choices={name: found for name, found in choices.items() if found})


def _options(found: Iterable[tuple[str, str]]) -> Options:
    return tuple(found)

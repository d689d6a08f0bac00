"""The evaluation of a policy with its full trace, the check of it, and the question what is covered."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from licensing.model import Country
from licensing.reprieve.coverage import Terms, covered
from licensing.reprieve.terms import Activity, Certifier, Scope, Term
from licensing.reprieve.versions import NEVER, Version
from licensing.tables.check import check
from licensing.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry
from licensing.tables.table import Cell, HitPolicy, Row, Table

ROUNDS = 5
QUESTIONS = 2_000
ROWS = 30
TERMS, ENTITIES, DAYS = 1_000, 500, 3_650
"""Terms of ninety days that begin on any day of ten years: forty run at once, and cover every entity."""

SEED = 2019
START = datetime(2019, 5, 20, 4, tzinfo=UTC)
ACTIVITIES = ("networks", "devices", "standards")
DESTINATIONS: tuple[Country | None, ...] = (None, "IR", "FR")


def measure() -> dict[str, float]:
    """Microseconds a question, mean of many different ones; milliseconds to check the table."""
    lots = random.Random(SEED)
    table, terms = _table(lots), _terms(lots)
    facts = [_facts(table, lots) for _ in range(QUESTIONS)]
    asked = [_question(lots) for _ in range(QUESTIONS)]
    return {
        "policy_evaluation_us": _mean(lambda number: table.evaluate(facts[number])),
        "coverage_us": _mean(lambda number: covered(terms, *asked[number])),
        "policy_check_ms": _check_ms(table),
    }


def _mean(ask: Callable[[int], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        for number in range(QUESTIONS):
            ask(number)
        return (time.perf_counter() - began) / QUESTIONS * 1e6

    return min(once() for _ in range(ROUNDS))


def _check_ms(table: Table) -> float:
    began = time.perf_counter()
    check(table)
    return (time.perf_counter() - began) * 1e3


def _table(lots: random.Random) -> Table:
    """Eight inputs, thirty rows of one to five cells, the last of which takes everything."""
    inputs = (
        *(Input(name=f"count-{n}", type=Kind.INTEGER, maximum=1_000, may_be_unknown=True) for n in range(4)),
        *(Input(name=f"flag-{n}", type=Kind.BOOLEAN, may_be_unknown=True) for n in range(2)),
        *(
            Input(name=f"word-{n}", type=Kind.STRING, values=("a", "b", "c"), may_be_unknown=True)
            for n in range(2)
        ),
    )
    whens = [
        {given.name: _cell(given, lots) for given in lots.sample(inputs, lots.randint(1, 5))}
        for _ in range(ROWS - 1)
    ]
    then = OutputEntry(outcome="refer")
    return Table(
        id="bench",
        title="A table",
        citation="None",
        effective="2019-05-20",
        hit_policy=HitPolicy.FIRST,
        inputs=inputs,
        outcomes=(OutcomeType(name="refer"),),
        rows=tuple(
            Row(id=f"row-{number}", when=when, then=then, annotation="", citation="")
            for number, when in enumerate([*whens, {}])
        ),
    )


def _cell(given: Input, lots: random.Random) -> Cell:
    if lots.random() < 0.1:
        return Cell(test="unknown")
    match given.type:
        case Kind.BOOLEAN:
            return Cell(test="is", value=lots.random() < 0.5)
        case Kind.INTEGER:
            bounds: tuple[Literal["at_least", "below"], ...] = ("at_least", "below")
            return Cell(test=lots.choice(bounds), value=lots.randint(100, 900))
        case Kind.STRING | Kind.DATE:
            return Cell(test="one_of", value=tuple(lots.sample(given.values, 2)))


def _facts(table: Table, lots: random.Random) -> dict[str, Fact]:
    def fact(given: Input) -> Fact:
        if lots.random() < 0.1:
            return None
        match given.type:
            case Kind.BOOLEAN:
                return lots.random() < 0.5
            case Kind.INTEGER:
                return lots.randint(0, 1_000)
            case Kind.STRING | Kind.DATE:
                return lots.choice(given.values)

    return {given.name: fact(given) for given in table.inputs}


def _terms(lots: random.Random) -> Terms:
    activities = tuple(
        Activity(key=key, paragraph=key, covers=key, certifier=Certifier.EXPORTER, certification=key)
        for key in ACTIVITIES[:2]
    )
    scope = Scope(activities=activities, excluded_destinations=frozenset({"IR"}))
    entities = frozenset(f"entity-{number}" for number in range(ENTITIES))

    def version(number: int) -> Version:
        begins = START + timedelta(days=lots.randint(0, DAYS))
        term = Term(
            number=number,
            effective=begins,
            valid_through=(begins + timedelta(days=90)).date(),
            citation="None",
            published=begins + timedelta(days=2),
            scope=scope,
            entities=entities,
            reason="Bench",
        )
        return Version(
            reprieve="bench",
            term=term,
            end=term.end,
            known_from=begins + timedelta(days=2),
            known_until=NEVER,
            latest=True,
            changed={},
            activities={activity.key: activity for activity in activities},
            entities=term.entities,
            excluded=scope.excluded_destinations,
        )

    return Terms(version(number) for number in range(1, TERMS + 1))


def _question(lots: random.Random) -> tuple[str, str, datetime, str | None, datetime | None]:
    at = START + timedelta(days=lots.randint(-30, DAYS + 120), hours=lots.randint(0, 23))
    known_at = START + timedelta(days=lots.randint(0, DAYS)) if lots.random() < 0.5 else None
    entity = f"entity-{lots.randrange(ENTITIES + 20)}"
    return entity, lots.choice(ACTIVITIES), at, lots.choice(DESTINATIONS), known_at

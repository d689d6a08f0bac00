"""Evaluation of a policy with its trace, the check of it, questions on what is covered, random futures."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Literal

from greenlight.cli.reprieves.futures import tried
from greenlight.kernel.model import Country
from greenlight.kernel.tables.check import check
from greenlight.kernel.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table
from greenlight.law.reprieve.coverage import Terms, covered
from greenlight.law.reprieve.policy import Policy
from greenlight.law.reprieve.simulation.futures import YEARS
from greenlight.law.reprieve.simulation.rehearsal import Life
from greenlight.law.reprieve.terms import Activity, Certifier, Scope, Term
from greenlight.law.reprieve.versions import Version
from greenlight.law.terms.spans import NEVER
from greenlight.reference import histories
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import load_policy
from greenlight.reference.reprieves import load_reprieve

ROUNDS = 5
QUESTIONS = 2_000
ROWS = 30
TERMS, ENTITIES, DAYS, DENSE = 1_000, 500, 3_650, 365
"""Terms of ninety days that begin on any day of ten years: some twenty-five run at once, and cover every
entity. Packed into a year, two hundred and fifty do."""

FUTURES = 10_000
SEED = 2019
START = datetime(2019, 5, 20, 4, tzinfo=UTC)
ACTIVITIES = ("networks", "devices", "standards")
DESTINATIONS: tuple[Country | None, ...] = (None, "IR", "FR")


def measure() -> dict[str, float]:
    """Microseconds a question, mean of many different ones; milliseconds to check the table."""
    lots = random.Random(SEED)
    table = _table(lots)
    facts = [_facts(table, lots) for _ in range(QUESTIONS)]
    return {
        "policy_evaluation_us": _mean(lambda number: table.evaluate(facts[number])),
        "coverage_us": _coverage(lots, DAYS),
        "coverage_dense_us": _coverage(lots, DENSE),
        "policy_check_ms": _check_ms(table),
        **_futures(),
    }


def _mean(ask: Callable[[int], object]) -> float:
    def once() -> float:
        began = time.perf_counter()
        for number in range(QUESTIONS):
            ask(number)
        return (time.perf_counter() - began) / QUESTIONS * 1e6

    return min(once() for _ in range(ROUNDS))


def _coverage(lots: random.Random, days: int) -> float:
    terms, asked = _terms(lots, days), [_question(lots, days) for _ in range(QUESTIONS)]
    return _mean(lambda number: covered(terms, *asked[number]))


def _check_ms(table: Table) -> float:
    began = time.perf_counter()
    check(table)
    return (time.perf_counter() - began) * 1e3


def _futures() -> dict[str, float]:
    """Seconds for ten thousand futures of five years under the policy of 2019, and terms of each.

    Most of those end early. ``long_futures_s`` is for as many under a policy that always extends, which run
    through all five years.
    """
    policy = load_policy()
    life = histories.life(load_reprieve(), load_listings())
    last = policy.table.rows[-1]
    always = last.model_copy(update={"then": OutputEntry(outcome="extend", parameters={"days": 90})})
    table = policy.table.model_copy(update={"rows": (always,)})
    (seconds, terms), (long, many) = (
        _tried(each, life) for each in (policy, policy.model_copy(update={"table": table}))
    )
    return {
        "random_futures_s": seconds,
        "random_futures_terms": terms,
        "long_futures_s": long,
        "long_futures_terms": many,
    }


def _tried(policy: Policy, life: Life) -> tuple[float, float]:
    began = time.perf_counter()
    found = [each for portion in tried(policy, life, FUTURES, SEED, YEARS) for each in portion]
    return time.perf_counter() - began, sum(each.terms for each in found) / len(found)


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


def _terms(lots: random.Random, days: int) -> Terms:
    activities = tuple(
        Activity(key=key, paragraph=key, covers=key, certifier=Certifier.EXPORTER, certification=key)
        for key in ACTIVITIES[:2]
    )
    scope = Scope(activities=activities, excluded_destinations=frozenset({"IR"}))
    entities = frozenset(f"entity-{number}" for number in range(ENTITIES))

    def version(number: int) -> Version:
        begins = START + timedelta(days=lots.randint(0, days))
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


def _question(lots: random.Random, days: int) -> tuple[str, str, datetime, str | None, datetime | None]:
    at = START + timedelta(days=lots.randint(-30, days + 120), hours=lots.randint(0, 23))
    known_at = START + timedelta(days=lots.randint(0, days)) if lots.random() < 0.5 else None
    entity = f"entity-{lots.randrange(ENTITIES + 20)}"
    return entity, lots.choice(ACTIVITIES), at, lots.choice(DESTINATIONS), known_at

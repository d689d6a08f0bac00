"""License determination: the tables read once, then questions of every kind."""

import random
import statistics
import time
from datetime import UTC, datetime

from greenlight.law.application.dossier import PartyRole
from greenlight.law.determination.determine import determine
from greenlight.law.determination.question import (
    AskedParty,
    Circumstances,
    Classified,
    Listed,
    Question,
)
from greenlight.law.determination.tables import Tables
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules

QUESTIONS = 5_000
ROUNDS = 3
SEED = 738
AT = datetime(2026, 8, 1, 16, tzinfo=UTC)
LISTED = Listed(
    listing="one",
    license_requirement="For all items subject to the EAR. (See §744.11 of the EAR)",
    review_policy="Presumption of denial",
    citation="84 FR 22961",
)


def measure() -> dict[str, float]:
    """Microseconds a question, median of many different ones; milliseconds to read the tables."""
    # A worker of another section may have read them in this process.
    load_tables.cache_clear()
    began = time.perf_counter()
    tables = load_tables()
    read = (time.perf_counter() - began) * 1e3
    asked = questions(tables, random.Random(SEED), QUESTIONS)
    return {"determination_us": _median_us(asked, tables), "controls_load_ms": read}


def _median_us(asked: list[Question], tables: Tables) -> float:
    rules = load_rules()

    def once() -> float:
        took: list[int] = []
        for question in asked:
            began = time.perf_counter_ns()
            determine(question, tables, rules)
            took.append(time.perf_counter_ns() - began)
        return statistics.median(took) / 1e3

    return min(once() for _ in range(ROUNDS))


def questions(tables: Tables, lots: random.Random, number: int) -> list[Question]:
    """One to three items, one to four parties; one in ten of those is listed."""
    classifications, destinations = ["EAR99", *tables.entries], sorted(tables.destinations)

    def item() -> Classified:
        classification = lots.choice(classifications)
        paragraph = None if classification == "EAR99" else lots.choice([None, ".a", ".b.1", ".y"])
        return Classified(classification=classification, subparagraph=paragraph)

    def party() -> AskedParty:
        return AskedParty(
            role=lots.choice(list(PartyRole)),
            name="A company",
            country=lots.choice(destinations),
            listings=(LISTED,) if lots.random() < 0.1 else (),
        )

    return [
        Question(
            items=tuple(item() for _ in range(lots.randint(1, 3))),
            destination=lots.choice(destinations),
            parties=tuple(party() for _ in range(lots.randint(1, 4))),
            circumstances=Circumstances.none_applies(),
            at=AT,
        )
        for _ in range(number)
    ]

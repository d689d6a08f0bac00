"""Nothing heavy is done on the worker's event loop: everybody's timers and messages wait for it."""

import asyncio
import random
from collections import deque
from collections.abc import Awaitable
from itertools import islice
from string import ascii_lowercase
from typing import TypeVar

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.codes.countries import COUNTRIES
from greenlight.kernel.messages import DeskAnswer, DeskRequest
from greenlight.kernel.streams import application_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import ResolveMatch, Submit
from greenlight.law.application.dossier import (
    MAX_ITEMS,
    MAX_PARTIES,
    Item,
    Money,
    Party,
    PartyRole,
    Submission,
)
from greenlight.law.application.screening.language import Verdict
from greenlight.law.application.state import ApplicationState
from greenlight.law.screening_list.content import ListContent
from greenlight.lists.read import digest_of
from greenlight.lists.rows import Records
from greenlight.lists.write import write_list
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from greenlight.screening.candidates import written_in_order
from greenlight.screening.postings import PackedPostings
from greenlight.screening.tokens import read
from greenlight.service.determination import ListDeterminer
from greenlight.service.screening import ListScreener
from greenlight.service.versions import Versions
from tests.activities.screeners import against
from tests.activities.test_desk import BOOK, Clerk, Says
from tests.activities.test_versions import DAY, Log
from tests.activities.turns import MOST, Turns, calls, turns
from tests.eventlog.crowd import Crowd
from tests.law.application.cases import BEGIN, submission
from tests.lists.files import many
from tests.shared_data import SCREENING_LIST, needs

T = TypeVar("T")

ROUNDS = 3
"""What holds the loop does so in every round; a cold cache, or a neighbour in it, in one."""

ALIKE = BOOK.model_copy(
    update={
        "version": "sha256:" + "d" * 64,
        "listings": tuple(
            BOOK.listings[0].model_copy(
                update={
                    "key": f"made-up-{word.lower()}",
                    "name": f"Quillbrook Optronics {word}",
                    "aliases": (),
                }
            )
            for word in (
                *("Works", "Trading", "Group", "Holdings", "Industries", "Systems", "Services", "Europe"),
                *("Asia", "International", "Global", "Research", "Institute", "Factory", "Plant", "Center"),
            )
        ),
    }
)
"""A list whose entries are all alike."""


async def test_the_largest_filing_holds_up_nobody(log: Recorder, crowd: Crowd) -> None:
    filed, resolved = list[Turns](), list[Turns]()
    for number in range(ROUNDS):
        case = new_case(log, number)
        says = Says(crowd, case)
        submits = Submit(application=largest(case.stream))
        filed.append(await takes(case, case.request(BEGIN, says(crowd.applicant, submits))))
        assert case.state is not None, "it was submitted"
        assert len(case.state.hits) > 10 * MAX_PARTIES
        resolved.append(await takes(case, case.request(BEGIN, says(crowd.officer, all_others(case.state)))))
        assert case.state.possible_parties == frozenset(range(1, MAX_PARTIES))
    assert_light(filed)
    assert_light(resolved)


async def test_a_list_that_is_read_holds_up_nobody() -> None:
    needs(SCREENING_LIST)
    file = SCREENING_LIST.read_bytes()
    # A worker's, which stays: what it knows is not freed at the end.
    versions = Versions(Log(file), BOOK)
    content, seen = await watched(versions.content(digest_of(file), DAY, None))
    assert isinstance(content, ListContent)
    assert_light([seen])


def test_no_step_of_reading_a_list_keeps_other_threads_from_running() -> None:
    """What is written in C lets no other thread run before it is done. So many lines, names and keys has the
    official list."""
    lots = random.Random(744)
    assert_light([calls(lambda: Records(write_list(many(25_000)) * 3)) for _ in range(ROUNDS)])
    keys = [lots.getrandbits(60) for _ in range(700_000)]
    names = ["".join(lots.choices(ascii_lowercase, k=12)) for _ in range(60_000)]
    prepared = [read(name, "person") for name in names]

    def in_order() -> None:
        postings = PackedPostings()
        for place, key in enumerate(keys):
            postings.add(key, place)
        postings.put_in_order()
        assert [*postings.at(keys[-1])] == [len(keys) - 1]

    assert_light([calls(in_order) for _ in range(ROUNDS)])
    assert_light(
        [calls(lambda: deque(written_in_order([name.raw for name in prepared]), 0)) for _ in range(ROUNDS)]
    )


def new_case(log: Recorder, number: int) -> Clerk[ApplicationState]:
    screener: ListScreener = against(ALIKE)
    return Clerk(
        log,
        APPLICATION,
        application_stream(f"Y{number:06}"),
        screener=screener,
        determiner=ListDeterminer(screener, load_tables(), load_rules(), log),
    )


def largest(reference: str) -> Submission:
    """As large as a filing may be, each of its parties alike to every entry."""
    return submission().model_copy(
        update={
            "reference": reference,
            "parties": tuple(
                Party(
                    role=PartyRole.ULTIMATE_CONSIGNEE,
                    name="Quilbrook Optronics",
                    country=country,
                )
                for country in islice(COUNTRIES, MAX_PARTIES)
            ),
            "items": tuple(
                Item(
                    line=line,
                    description="A part. " * 37,
                    classification="5A991",
                    quantity=1,
                    unit="pieces",
                    value=Money(minor_units=100, currency="USD"),
                )
                for line in range(1, MAX_ITEMS + 1)
            ),
        }
    )


def all_others(state: ApplicationState) -> ResolveMatch:
    """No entry is the first party."""
    met = next(hit for hit in state.hits if hit.party == 0)
    return ResolveMatch(
        party=0,
        listing=met.match.listing,
        verdict=Verdict.FALSE_MATCH,
        reason="Founded in 1952",
        others=Verdict.FALSE_MATCH,
    )


async def takes(case: Clerk[ApplicationState], request: DeskRequest) -> Turns:
    """The desk takes a command; what it did on the loop."""
    answer, seen = await watched(case.handled(request))
    assert isinstance(answer, DeskAnswer)
    assert answer.receipt is not None, answer.refused
    case.takes_over(answer.records)
    while answer.more or case.version < answer.receipt.version:
        page = await case.log.read_stream(case.stream, case.version)
        case.takes_over(page.records)
        if not page.more:
            break
    return seen


async def watched(work: Awaitable[T]) -> tuple[T, Turns]:
    async def whole() -> T:
        return await work

    with turns() as seen:
        return await asyncio.create_task(whole()), seen


def assert_light(seen: list[Turns]) -> None:
    lightest = min(seen, key=lambda each: each.longest)
    assert lightest.longest < MOST, f"{lightest.longest * 1_000:.1f} ms: {lightest.what}"

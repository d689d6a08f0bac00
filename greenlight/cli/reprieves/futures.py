"""Many random futures of a policy, on all processors, and what came of them in sum."""

import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from greenlight.kernel.model import Model
from greenlight.law.reprieve.policy import Policy
from greenlight.law.reprieve.simulation.account import Account, Ending, days
from greenlight.law.reprieve.simulation.fast import Futures
from greenlight.law.reprieve.simulation.futures import Chances, Imagination
from greenlight.law.reprieve.simulation.rehearsal import Life
from greenlight.law.terms.deciding import REFER

CHUNK = 250
"""Futures that one process tries before it reports; fewer than two chunks are tried in this one."""


@dataclass(frozen=True, slots=True)
class Tried:
    """The outcome of one future. ``gap_days`` lie between terms; ``rows`` decided, None: none fired."""

    number: int
    terms: int
    gap_days: int
    late: int
    referred: int
    lived_days: int
    ending: Ending | None
    rows: tuple[str | None, ...]


class Worst(Model):
    """The future with the most days between two terms that no term covered."""

    number: int
    gap_days: int


class Sum(Model):
    """The endings of futures (``running``: one did not end), how many had gaps, how often which row decided.

    ``median_days`` is from the first term's beginning to the last one's end.
    """

    futures: int
    seed: int
    years: int
    endings: dict[str, int]
    terms: int
    decisions: int
    late: int
    referred: int
    with_gaps: int
    gap_days: int
    median_days: int
    worst: Worst | None
    rows: dict[str, int]


def drawn(imagination: Imagination, seed: int, number: int) -> Life:
    """Future ``number`` of ``seed``: the same however many there are, and whichever process draws it."""
    # Nothing here has to be kept from anybody; what counts is that it can be drawn again.
    return imagination.draw(random.Random(f"{seed}:{number}"))  # noqa: S311  # As said above.


def tried(
    policy: Policy, past: Life, futures: int, seed: int, years: int, chances: Chances | None = None
) -> Iterator[tuple[Tried, ...]]:
    """Yield the outcome of each future, in portions and in no order."""
    chunks = [range(at, min(at + CHUNK, futures)) for at in range(0, futures, CHUNK)]
    if len(chunks) < 2:
        for chunk in chunks:
            yield _chunk(policy, past, chunk, seed, years, chances)
        return
    # A process that is forked while another thread draws a progress bar may never come back. A policy that
    # was used cannot be sent: it keeps its tests as functions.
    content = policy.model_dump_json()
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        coming = [pool.submit(_sent, content, past, chunk, seed, years, chances) for chunk in chunks]
        try:
            for done in as_completed(coming):
                yield done.result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def summed(policy: Policy, all_tried: Iterable[Tried], seed: int, years: int) -> Sum:
    found = sorted(all_tried, key=lambda each: each.number)
    rows = Counter(row for each in found for row in each.rows)
    worst = max(found, key=lambda each: each.gap_days, default=None)
    lived = sorted(each.lived_days for each in found)
    fired = {row.id: rows[row.id] for row in policy.table.rows}
    return Sum(
        futures=len(found),
        seed=seed,
        years=years,
        endings=dict(Counter(each.ending or "running" for each in found)),
        terms=sum(each.terms for each in found),
        decisions=sum(len(each.rows) for each in found),
        late=sum(each.late for each in found),
        referred=sum(each.referred for each in found),
        with_gaps=sum(1 for each in found if each.gap_days),
        gap_days=sum(each.gap_days for each in found),
        median_days=lived[len(lived) // 2] if lived else 0,
        worst=Worst(number=worst.number, gap_days=worst.gap_days) if worst and worst.gap_days else None,
        rows=fired | ({"(no row)": rows[None]} if rows[None] else {}),
    )


def _sent(
    policy: str, past: Life, numbers: range, seed: int, years: int, chances: Chances | None
) -> tuple[Tried, ...]:
    return _chunk(Policy.model_validate_json(policy), past, numbers, seed, years, chances)


def _chunk(
    policy: Policy, past: Life, numbers: range, seed: int, years: int, chances: Chances | None
) -> tuple[Tried, ...]:
    imagination, futures = Imagination(policy, past, years, chances), Futures(policy)
    return tuple(_tried(number, futures, drawn(imagination, seed, number)) for number in numbers)


def _tried(number: int, futures: Futures, life: Life) -> Tried:
    found: Account = futures.live(life)
    end = min(found.over, life.until)
    return Tried(
        number=number,
        terms=len(found.terms),
        gap_days=len(days(found.uncovered(life.begins, end))),
        late=sum(1 for decision in found.decisions if decision.at > decision.due),
        referred=sum(1 for decision in found.decisions if decision.outcome == REFER),
        lived_days=(end - life.begins).days,
        ending=found.ending,
        rows=tuple(decision.row for decision in found.decisions),
    )

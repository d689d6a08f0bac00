"""The page of the documentation that a run of the faults writes."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from tests.chaos.faults import FAULTS
from tests.chaos.walk import Outcome
from tests.service.processes import ROOT

PAGE = ROOT / "docs" / "reliability.md"

_HEAD = """# Reliability

Written by `make chaos ARGS="--write …"` on {day}: seed {seed}, {cases} cases at once, {steps} steps,
{receipts} receipts. Each fault fell while those cases were filed, decided and answered by clients
that keep their receipts. Nothing was lost, doubled or stuck. The machine had {processors}
processors and a load of {load:.0f} at the end, with what else ran there. After each step, from outside:

- every receipt is on record, at its position, and every command once;
- positions have no gaps, every stream has the events of its story, and the read models are what
  the events lead to (`rebuild --dry-run`);
- signatures, order and everything published hold (`verify`);
- every letter that is owed was sent once, and every license has one;
- every open case has a workflow that waits for what is due, and no other runs.

A cell is the longest that a caller ever waited for an answer, in seconds; their commands were sent
again under the same ids meanwhile. – is not tried.

"""

_MORE = """
Of what this does not try, other tests do: older data restored, migrations under load, pauses and
resets by an operator, floods, a clock of the database that is off by a day, a database without a
connection to spare. Not tried at all: a slow disk of Temporal, whose server asks the kernel itself.
"""


def page(outcomes: Sequence[Outcome], cases: int, seed: int) -> str:
    """The page as Markdown."""
    waited: dict[tuple[str, str], float] = {}
    for each in outcomes:
        cell = each.step.fault.row, each.step.fault.column
        waited[cell] = max(waited.get(cell, 0.0), each.longest_wait)
    told = {cell: f"{longest:.1f}" for cell, longest in waited.items()}
    rows = list(dict.fromkeys(fault.row for fault in FAULTS))
    columns = list(dict.fromkeys(fault.column for fault in FAULTS))
    lines = [
        f"| | {' | '.join(columns)} |",
        f"|---|{'---|' * len(columns)}",
        *(f"| {row} | {' | '.join(told.get((row, column), '–') for column in columns)} |" for row in rows),
    ]
    head = _HEAD.format(
        day=datetime.now(UTC).date(),
        cases=cases,
        seed=seed,
        steps=len(outcomes),
        processors=os.cpu_count(),
        load=os.getloadavg()[0],
        receipts=sum(each.receipts for each in outcomes),
    )
    return head + "\n".join(lines) + "\n" + _MORE

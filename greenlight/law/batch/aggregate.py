"""The batch as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import KEY
from greenlight.law.batch.commands import COMMANDS, INTERNAL
from greenlight.law.batch.decide import rule
from greenlight.law.batch.events import EVENTS
from greenlight.law.batch.state import BatchState, dossier, evolve
from greenlight.law.batch.transitions import TRANSITIONS
from greenlight.law.batch.view import BatchRow, status, view

BATCH: Aggregate[BatchState] = Aggregate(
    kind="batch",
    key=KEY,
    title="Batch",
    about="A batch of cases that one signature decides.",
    workflow="Batch",
    commands=COMMANDS,
    internal=INTERNAL,
    transitions=TRANSITIONS,
    events=EVENTS,
    state=TypeAdapter(BatchState),
    rule=rule,
    evolve=evolve,
    dossier=dossier,
    status=status,
    row=BatchRow,
    view=view,
)

"""The batch as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.batch.commands import COMMANDS, INTERNAL
from greenlight.law.batch.deadlines import deadlines, passed
from greenlight.law.batch.decide import decide
from greenlight.law.batch.events import EVENTS
from greenlight.law.batch.state import BatchState, dossier, evolve
from greenlight.law.batch.view import consequences, status, view

BATCH: Decider[BatchState] = Decider(
    commands=COMMANDS,
    internal=INTERNAL,
    events=EVENTS,
    state=TypeAdapter(BatchState),
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    view=view,
    consequences=consequences,
)

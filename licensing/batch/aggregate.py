"""The batch as one decider."""

from pydantic import TypeAdapter

from licensing.batch.commands import COMMANDS, INTERNAL
from licensing.batch.deadlines import deadlines, passed
from licensing.batch.decide import decide
from licensing.batch.events import EVENTS
from licensing.batch.state import BatchState, dossier, evolve
from licensing.batch.view import consequences, status, view
from licensing.decider import Decider

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

"""The listed entity as one decider."""

from pydantic import TypeAdapter

from licensing.decider import Decider
from licensing.entity.commands import COMMANDS, INTERNAL
from licensing.entity.deadlines import deadlines, passed
from licensing.entity.decide import decide
from licensing.entity.events import EVENTS
from licensing.entity.state import EntityState, dossier, evolve
from licensing.entity.view import consequences, status, view

ENTITY: Decider[EntityState] = Decider(
    commands=COMMANDS,
    internal=INTERNAL,
    events=EVENTS,
    state=TypeAdapter(EntityState),
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    view=view,
    consequences=consequences,
)

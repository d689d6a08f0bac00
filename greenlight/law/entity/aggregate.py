"""The listed entity as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.entity.commands import COMMANDS, INTERNAL
from greenlight.law.entity.deadlines import deadlines, passed
from greenlight.law.entity.decide import decide
from greenlight.law.entity.events import EVENTS
from greenlight.law.entity.state import EntityState, dossier, evolve
from greenlight.law.entity.view import consequences, status, view

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

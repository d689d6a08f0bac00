"""The listed entity as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import KEY
from greenlight.kernel.roles import LICENSING, Role
from greenlight.law.entity.commands import COMMANDS, INTERNAL
from greenlight.law.entity.deadlines import deadlines, passed
from greenlight.law.entity.decide import rule
from greenlight.law.entity.events import EVENTS
from greenlight.law.entity.state import EntityState, dossier, evolve
from greenlight.law.entity.transitions import TRANSITIONS
from greenlight.law.entity.view import EntityRow, status, view

ENTITY: Aggregate[EntityState] = Aggregate(
    kind="entity",
    key=KEY,
    title="Listed entity",
    about="A listed entity: its entry on the Entity List.",
    workflow="ListedEntity",
    commands=COMMANDS,
    internal=INTERNAL,
    transitions=TRANSITIONS,
    events=EVENTS,
    state=TypeAdapter(EntityState),
    rule=rule,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    open_to=LICENSING | {Role.ERC_MEMBER},
    row=EntityRow,
    view=view,
)

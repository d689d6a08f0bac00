"""The reprieve as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import KEY
from greenlight.kernel.roles import LICENSING, REVIEWING, Role
from greenlight.law.reprieve.commands import COMMANDS, INTERNAL
from greenlight.law.reprieve.deadlines import deadlines, passed
from greenlight.law.reprieve.decide import rule
from greenlight.law.reprieve.events import EVENTS
from greenlight.law.reprieve.gathering import UPKEEP
from greenlight.law.reprieve.state import ReprieveState, dossier, evolve
from greenlight.law.reprieve.transitions import TRANSITIONS
from greenlight.law.reprieve.view import ReprieveRow, status, view

REPRIEVE: Aggregate[ReprieveState] = Aggregate(
    kind="reprieve",
    key=KEY,
    title="Reprieve",
    about="A reprieve (temporary general license) with its terms.",
    workflow="Reprieve",
    commands=COMMANDS,
    internal=INTERNAL,
    transitions=TRANSITIONS,
    events=EVENTS,
    state=TypeAdapter(ReprieveState),
    rule=rule,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    # What is proposed is nobody's before it is decided; what is in force, ``covered`` tells everybody.
    open_to=LICENSING | REVIEWING | {Role.ERC_MEMBER},
    row=ReprieveRow,
    view=view,
    upkeep=UPKEEP,
)

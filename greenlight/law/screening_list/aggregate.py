"""The list as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import KEY
from greenlight.kernel.roles import Role
from greenlight.law.screening_list.commands import COMMANDS, INTERNAL
from greenlight.law.screening_list.deadlines import deadlines, passed
from greenlight.law.screening_list.decide import rule
from greenlight.law.screening_list.events import EVENTS
from greenlight.law.screening_list.state import ListState, dossier, evolve
from greenlight.law.screening_list.transitions import TRANSITIONS
from greenlight.law.screening_list.view import ListRow, status, view

LIST: Aggregate[ListState] = Aggregate(
    kind="list",
    key=KEY,
    title="Screening list",
    about="The list that parties are held against, version after version.",
    workflow="ScreeningList",
    commands=COMMANDS,
    internal=INTERNAL,
    transitions=TRANSITIONS,
    events=EVENTS,
    state=TypeAdapter(ListState),
    rule=rule,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    open_to=frozenset(Role),
    row=ListRow,
    view=view,
)

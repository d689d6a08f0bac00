"""The directive as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import KEY
from greenlight.law.directive.commands import COMMANDS, INTERNAL
from greenlight.law.directive.deadlines import deadlines, passed
from greenlight.law.directive.decide import barred, rule
from greenlight.law.directive.events import EVENTS
from greenlight.law.directive.state import DirectiveState, dossier, evolve
from greenlight.law.directive.transitions import BY_TIME, TRANSITIONS
from greenlight.law.directive.upkeep import UPKEEP
from greenlight.law.directive.view import DirectiveRow, status, view

DIRECTIVE: Aggregate[DirectiveState] = Aggregate(
    kind="directive",
    key=KEY,
    title="Directive",
    about="A directive for a class of cases, and how far its fan-out is.",
    workflow="Directive",
    commands=COMMANDS,
    internal=INTERNAL,
    transitions=TRANSITIONS,
    by_time=BY_TIME,
    events=EVENTS,
    state=TypeAdapter(DirectiveState),
    rule=rule,
    barred=barred,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    row=DirectiveRow,
    view=view,
    upkeep=UPKEEP,
)

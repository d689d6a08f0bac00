"""The directive as one decider."""

from pydantic import TypeAdapter

from greenlight.kernel.decider import Decider
from greenlight.law.directive.commands import COMMANDS, INTERNAL
from greenlight.law.directive.deadlines import deadlines, passed
from greenlight.law.directive.decide import decide
from greenlight.law.directive.events import EVENTS
from greenlight.law.directive.state import DirectiveState, dossier, evolve
from greenlight.law.directive.view import consequences, status, view

DIRECTIVE: Decider[DirectiveState] = Decider(
    commands=COMMANDS,
    internal=INTERNAL,
    events=EVENTS,
    state=TypeAdapter(DirectiveState),
    decide=decide,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    view=view,
    consequences=consequences,
)

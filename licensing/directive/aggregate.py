"""The directive as one decider."""

from pydantic import TypeAdapter

from licensing.decider import Decider
from licensing.directive.commands import COMMANDS, INTERNAL
from licensing.directive.deadlines import deadlines, passed
from licensing.directive.decide import decide
from licensing.directive.events import EVENTS
from licensing.directive.state import DirectiveState, dossier, evolve
from licensing.directive.view import consequences, status, view

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

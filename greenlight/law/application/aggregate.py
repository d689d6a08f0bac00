"""The application as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.law.application.clock.days import evolve
from greenlight.law.application.commands import COMMANDS, INTERNAL
from greenlight.law.application.deadlines import deadlines, passed
from greenlight.law.application.decide import barred, rule
from greenlight.law.application.directed import directed
from greenlight.law.application.events import EVENTS
from greenlight.law.application.state import ApplicationState, dossier, dossier_before, noted
from greenlight.law.application.transitions import BY_DIRECTIVE, BY_TIME, TRANSITIONS
from greenlight.law.application.upkeep import UPKEEP
from greenlight.law.application.view import ShownApplication, consequences, status, view

APPLICATION: Aggregate[ApplicationState] = Aggregate(
    kind="application",
    key=r"[A-Z][0-9]{6}",
    title="License application",
    about="An application for an export license.",
    workflow="LicenseApplication",
    commands=COMMANDS,
    internal=INTERNAL,
    transitions=TRANSITIONS,
    by_time=BY_TIME,
    by_directive=BY_DIRECTIVE,
    events=EVENTS,
    state=TypeAdapter(ApplicationState),
    rule=rule,
    barred=barred,
    evolve=evolve,
    attempted=noted,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    dossier_before=dossier_before,
    status=status,
    told_to_parties=frozenset({"acn", "submitted_by", "submission", "parties", "inquiries", "denials"}),
    row=ShownApplication,
    view=view,
    upkeep=UPKEEP,
    consequences=consequences,
    directed=directed,
)

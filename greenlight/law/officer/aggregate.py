"""The register of officers as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import KEY
from greenlight.kernel.roles import Role
from greenlight.law.officer.commands import COMMANDS
from greenlight.law.officer.decide import rule
from greenlight.law.officer.events import EVENTS
from greenlight.law.officer.state import OfficerState, dossier, evolve
from greenlight.law.officer.transitions import TRANSITIONS
from greenlight.law.officer.view import OfficerRow, status, view

OFFICER: Aggregate[OfficerState] = Aggregate(
    kind="officer",
    key=KEY,
    title="Officer",
    about="A registered signatory, with roles and keys.",
    workflow=None,
    commands=COMMANDS,
    transitions=TRANSITIONS,
    events=EVENTS,
    state=TypeAdapter(OfficerState),
    rule=rule,
    evolve=evolve,
    dossier=dossier,
    status=status,
    open_to=frozenset({Role.REGISTRAR, Role.AUDITOR}),
    row=OfficerRow,
    view=view,
)

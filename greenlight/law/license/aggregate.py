"""The license as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.law.license.commands import COMMANDS, INTERNAL
from greenlight.law.license.deadlines import deadlines, passed
from greenlight.law.license.decide import barred, rule
from greenlight.law.license.directed import directed
from greenlight.law.license.events import EVENTS
from greenlight.law.license.state import LicenseState, dossier, evolve, noted
from greenlight.law.license.transitions import TRANSITIONS
from greenlight.law.license.upkeep import UPKEEP
from greenlight.law.license.view import ShownLicense, status, view

LICENSE: Aggregate[LicenseState] = Aggregate(
    kind="license",
    key=r"D[0-9]{6}",
    title="License",
    about="A license, with what is shipped under it.",
    workflow="License",
    commands=COMMANDS,
    internal=INTERNAL,
    transitions=TRANSITIONS,
    events=EVENTS,
    state=TypeAdapter(LicenseState),
    rule=rule,
    barred=barred,
    evolve=evolve,
    attempted=noted,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    told_to_parties=frozenset(
        {"number", "acn", "licensee", "valid_through", "items", "conditions", "riders"}
    ),
    row=ShownLicense,
    view=view,
    upkeep=UPKEEP,
    directed=directed,
)

"""The rule as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.model import KEY
from greenlight.kernel.roles import Role
from greenlight.law.rule.commands import COMMANDS
from greenlight.law.rule.deadlines import deadlines, passed
from greenlight.law.rule.decide import rule
from greenlight.law.rule.events import EVENTS
from greenlight.law.rule.state import RuleState, dossier, evolve
from greenlight.law.rule.transitions import BY_TIME, TRANSITIONS
from greenlight.law.rule.view import RuleRow, status, view

RULE: Aggregate[RuleState] = Aggregate(
    kind="rule",
    key=KEY,
    title="Rule",
    about="A rule of the regulation: the legal acts on it, as officers attest them.",
    workflow="Rule",
    commands=COMMANDS,
    transitions=TRANSITIONS,
    by_time=BY_TIME,
    events=EVENTS,
    state=TypeAdapter(RuleState),
    rule=rule,
    evolve=evolve,
    deadlines=deadlines,
    passed=passed,
    dossier=dossier,
    status=status,
    # Rules are published, and so is who attests them.
    open_to=frozenset(Role),
    row=RuleRow,
    view=view,
)

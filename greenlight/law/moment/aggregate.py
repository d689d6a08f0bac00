"""The moment as one aggregate."""

from pydantic import TypeAdapter

from greenlight.kernel.aggregate import Aggregate
from greenlight.kernel.refusal import RefusalCode
from greenlight.law.moment.commands import INTERNAL
from greenlight.law.moment.decide import rule
from greenlight.law.moment.events import EVENTS
from greenlight.law.moment.state import MomentState, Stage, dossier, evolve
from greenlight.law.moment.view import MomentRow, status, view

TRANSITIONS = {
    None: {"open_moment": frozenset({Stage.ASKING}), "record_moment": RefusalCode.NO_SUCH_CASE},
    Stage.ASKING: {
        "open_moment": RefusalCode.ALREADY_SUBMITTED,
        "record_moment": frozenset({Stage.ASKING, Stage.ASKED}),
    },
    Stage.ASKED: dict.fromkeys(INTERNAL, RefusalCode.CASE_CLOSED),
}
"""From stage (None: it has not come) and command to the stages it may lead to, or a refusal."""

MOMENT: Aggregate[MomentState] = Aggregate(
    kind="moment",
    key=r"[0-9]{8}T[0-9]{6}(?:\.[0-9]{6})?Z",
    title="Moment",
    about="An instant from which on the law says something else, since it came or since something was"
    " confirmed then, and the cases asked anew for it.",
    workflow="Moment",
    commands={},
    internal=INTERNAL,
    transitions=TRANSITIONS,
    events=EVENTS,
    state=TypeAdapter(MomentState),
    rule=rule,
    evolve=evolve,
    dossier=dossier,
    status=status,
    row=MomentRow,
    view=view,
)

"""The changes that questions to the applicant, their answers and holds make to an application (750.4(b))."""

from typing import TYPE_CHECKING

from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.clock.language import REASON, Inquiry, lifted, placed
from greenlight.law.application.events import (
    HoldLifted,
    HoldPlaced,
    InformationAnswered,
    InformationRequested,
)
from greenlight.law.application.interagency.language import working_stage
from greenlight.law.application.stage import Stage

if TYPE_CHECKING:
    from greenlight.law.application.state import ApplicationState


def hold_changes(
    state: "ApplicationState", event: InformationRequested | InformationAnswered | HoldPlaced | HoldLifted
) -> dict[str, object]:
    """The members of the state that a question, an answer or a hold changes."""
    match event:
        case HoldPlaced():
            return {"holds": (*state.holds, placed(event.kind, event.reason, event.at, event.by))}
        case HoldLifted(hold=number):
            return {"holds": lifted(state.holds, number, event.at, event.by.officer)}
        case InformationRequested(request=request, by=by):
            hold = placed(HoldKind.APPLICANT_INFORMATION, REASON, event.at, by)
            inquiry = Inquiry(request=request, requested_by=by, hold=len(state.holds) + 1)
            return {
                "stage": Stage.AWAITING_ANSWER,
                "holds": (*state.holds, hold),
                "inquiries": (*state.inquiries, inquiry),
                # Asking is an initial action: 15 CFR 750.4(c)(1).
                "acted": state.acted | {"initial_action"},
            }
        case InformationAnswered(by=by):
            inquiry = state.inquiries[-1]
            settled = event.parties is None and state.settled
            answered = inquiry.model_copy(update={"answer": event.answer, "answered_by": by})
            return {
                "stage": working_stage(state.referrals) if settled else Stage.TRIAGE,
                "holds": lifted(state.holds, inquiry.hold, event.at, by.officer),
                "inquiries": (*state.inquiries[:-1], answered),
                "parties": event.parties or state.parties,
                "screening": None if event.parties else state.screening,
                "return_proposed": None if event.parties else state.return_proposed,
            }

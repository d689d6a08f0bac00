"""Which leaf a case has, for whoever puts a batch together."""

from greenlight.kernel.inclusion import Leaf, LeafOutcome
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import Outcome
from greenlight.law.application.review.proposal import standing
from greenlight.law.application.state import ApplicationState, Stage, dossier_digest

_OUTCOMES: dict[Outcome, LeafOutcome] = {Outcome.GRANT: "grant", Outcome.DENY: "deny"}


def leaf(state: ApplicationState) -> Leaf | None:
    """The case as it stands, None if it does not wait for the executive's signature."""
    if state.stage is not Stage.SIGN_OFF:
        return None
    outcome = _OUTCOMES[standing(state).outcome]
    return Leaf(stream=application_stream(state.acn), dossier=dossier_digest(state), outcome=outcome)

"""Which leaf a case has, for whoever puts a batch together."""

from licensing.application.commands import Outcome
from licensing.application.proposal import standing
from licensing.application.state import ApplicationState, Stage, dossier_digest
from licensing.batch.inclusion import Leaf, LeafOutcome
from licensing.contract import application_stream

_OUTCOMES: dict[Outcome, LeafOutcome] = {Outcome.GRANT: "grant", Outcome.DENY: "deny"}


def leaf(state: ApplicationState) -> Leaf | None:
    """The case as it stands, None if it does not wait for the executive's signature."""
    if state.stage is not Stage.SIGN_OFF:
        return None
    outcome = _OUTCOMES[standing(state).outcome]
    return Leaf(stream=application_stream(state.acn), dossier=dossier_digest(state), outcome=outcome)

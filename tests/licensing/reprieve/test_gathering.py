"""Of what the log tells, a policy gets what it asks for and no more."""

from licensing.reprieve.gathering import Counted, Counts, entities_in_question, gathered
from licensing.reprieve.policy import Origin, Policy
from licensing.reprieve.state import Adopted
from licensing.tables.domain import Input, Kind
from tests.licensing.reprieve.cases import BEGIN, POLICY, RemoveEntities, running
from tests.licensing.reprieve.cases import gathering as falling_due

FEW = Counted(received=7, pending=3, decided=4, licenses_in_use=2, decision_days=None)
MANY = Counted(received=900, pending=100, decided=800, licenses_in_use=70, decision_days=41)
COUNTS = Counts(position=12, covered=FEW, in_all=MANY)

ORIGINS = {
    "applications_pending": Origin.GATHERED,
    "applications_received_in_all": Origin.GATHERED,
    "decision_days": Origin.GATHERED,
    "decision_days_in_all": Origin.GATHERED,
    "applications_decided": Origin.EVIDENCE,
    "licenses_in_use": Origin.GATHERED,
    "directive": Origin.GATHERED,
}


def asking() -> Policy:
    inputs = tuple(
        Input(
            name=name,
            type=Kind.BOOLEAN if name == "licenses_in_use" else Kind.INTEGER,
            maximum=500,
            may_be_unknown=True,
        )
        for name in ORIGINS
    )
    return POLICY.model_copy(
        update={"table": POLICY.table.model_copy(update={"inputs": inputs}), "origins": ORIGINS}
    )


def test_a_policy_gets_what_it_asks_for() -> None:
    """What nobody counted, what is asked for otherwise and what is no number stay away, and are unknown."""
    state = falling_due().opened
    state = state.model_copy(update={"policies": (Adopted(policy=asking(), at=BEGIN),)})
    facts = gathered(state, COUNTS, falling_due().now).facts
    assert [(fact.name, fact.value, fact.source, fact.position) for fact in facts] == [
        ("applications_pending", 3, "event log", 12),
        # As far as the table reaches.
        ("applications_received_in_all", 500, "event log", 12),
        ("decision_days_in_all", 41, "event log", 12),
    ]


def test_those_are_in_question_whom_the_next_term_would_cover() -> None:
    delisted = RemoveEntities(entities=frozenset({"one"}), effective=BEGIN, reasons="Delisted.")
    it = falling_due()
    assert entities_in_question(it.opened, it.now) == {"one", "two"}
    assert entities_in_question(it.after(delisted).opened, it.now) == {"two"}
    assert entities_in_question(running().opened, it.now) == frozenset()

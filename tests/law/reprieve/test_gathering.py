"""Of what the log tells, a policy gets what it asks for and no more."""

from datetime import timedelta

from greenlight.kernel.tables.domain import Input, Kind
from greenlight.law.directive.scope import Posture, Scope
from greenlight.law.directive.standing import Standing, StandingDirective
from greenlight.law.reprieve.gathering import Counted, Counts, entities_in_question, gathered
from greenlight.law.reprieve.policy import Origin, Policy
from greenlight.law.reprieve.state import Adopted, ReprieveState
from tests.law.actors import EXECUTIVE
from tests.law.reprieve.cases import BEGIN, POLICY, RemoveEntities, running
from tests.law.reprieve.cases import gathering as falling_due

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
    facts = gathered(state, COUNTS, Standing(), falling_due().now).facts
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


POSTURES = tuple(posture.value for posture in Posture)


def asking_for_the_directive(*values: str) -> ReprieveState:
    asked = Input(name="standing_directive", type=Kind.STRING, values=values, may_be_unknown=True)
    policy = POLICY.model_copy(
        update={
            "table": POLICY.table.model_copy(update={"inputs": (asked,)}),
            "origins": {"standing_directive": Origin.GATHERED},
        }
    )
    return falling_due().opened.model_copy(update={"policies": (Adopted(policy=policy, at=BEGIN),)})


def standing(key: str, posture: Posture, *entities: str, hours: int = 0) -> StandingDirective:
    return StandingDirective(
        key=key,
        author=EXECUTIVE,
        scope=Scope(entities=frozenset(entities)),
        posture=posture,
        citation="Order",
        reasons="By order.",
        since=BEGIN + timedelta(hours=hours),
    )


def told(state: ReprieveState, *directives: StandingDirective) -> list[tuple[object, str]]:
    read = Standing(count=2, directives=directives, position=15)
    facts = gathered(state, COUNTS, read, falling_due().now).facts
    assert all(fact.position == 15 for fact in facts)
    return [(fact.value, fact.source) for fact in facts]


def test_the_directive_in_force_last_for_the_entities_is_a_fact() -> None:
    state = asking_for_the_directive("none", *POSTURES)
    presumed = standing("a", Posture.PRESUMPTION_OF_DENIAL, "one")
    later = standing("b", Posture.CASE_BY_CASE, hours=1)
    elsewhere = standing("c", Posture.DENY, "another", hours=2)
    assert told(state) == [("none", "event log")]
    assert told(state, presumed, elsewhere) == [("presumption_of_denial", "directive a")]
    assert told(state, presumed, later, elsewhere) == [("case_by_case", "directive b")]


def test_a_posture_that_the_policy_does_not_know_is_unknown() -> None:
    state = asking_for_the_directive("none", "deny")
    assert told(state, standing("a", Posture.CASE_BY_CASE)) == []

"""Who may ask a reprieve for what, on what basis, and in what order refusals come."""

from dataclasses import replace
from datetime import timedelta

import pytest

from greenlight.kernel.body import Body, decisions
from greenlight.kernel.refusal import Code, Refusal, RefusalCode
from greenlight.kernel.tables.domain import Input, Kind, OutcomeType, OutputEntry, Parameter
from greenlight.law.contract import permitted
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    COMMANDS,
    INTERNAL,
    AddEntities,
    AdoptPolicy,
    CorrectTerm,
    EndReprieve,
    IssueTerm,
    OpenReprieve,
    RecordFacts,
    RecordPublication,
    RemoveEntities,
    SubmitEvidence,
    TerminateTerm,
)
from greenlight.law.reprieve.policy import Origin, Policy, objections
from greenlight.law.reprieve.refusals import ReprieveRefusal
from greenlight.law.reprieve.state import ReprieveState, Stage
from greenlight.law.reprieve.terms import Correction
from greenlight.law.reprieve.transitions import TRANSITIONS
from greenlight.law.reprieve.view import status, view
from greenlight.law.terms.deciding import KnownFact
from tests.kernel.time.samples import washington
from tests.law.actors import EVERYONE
from tests.law.decisions import code_of
from tests.law.reprieve.cases import (
    BEGIN,
    CASES,
    CONFIRM,
    EVIDENCE,
    LAST_DAY,
    OPEN,
    POLICY,
    Reprieved,
    Story,
    bodies,
    gathered,
    gathering,
    order,
    proposed,
    running,
)

PERMITTED = permitted()
DECISIONS = decisions(COMMANDS)

NAMES = (*COMMANDS, *sorted(INTERNAL))
STORIES = [
    pytest.param(stage, story, id=f"{stage}: {title}")
    for stage, stories in CASES.items()
    for title, story in stories.items()
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("stage", [None, *Stage], ids=str)
def test_a_command_is_for_its_senders_alone(stage: Stage | None, name: str) -> None:
    cell = TRANSITIONS[stage][name]
    reprieve = next(iter(CASES[stage].values()))()
    command = reprieve.command(bodies(name, reprieve)[0])
    for by in (*EVERYONE, None):
        decision = REPRIEVE.decide(reprieve.state, replace(command, by=by), reprieve.now)
        permitted = by.role in PERMITTED.get(name, ()) if by else name in INTERNAL
        if isinstance(cell, Code):
            assert code_of(decision) is cell, "the stage is asked first"
        else:
            assert (code_of(decision) is RefusalCode.WRONG_ROLE) is not permitted


@pytest.mark.parametrize("name", sorted(DECISIONS))
def test_a_decision_rests_on_the_dossier_as_it_is(name: str) -> None:
    for stage, cells in TRANSITIONS.items():
        if isinstance(cells[name], Code):
            continue
        reprieve = next(iter(CASES[stage].values()))()
        command = reprieve.command(bodies(name, reprieve)[0])
        without = REPRIEVE.decide(reprieve.state, replace(command, dossier=None), reprieve.now)
        assert code_of(without) is RefusalCode.DOSSIER_MISSING
        other = replace(command, dossier="sha256:" + "0" * 64)
        assert code_of(REPRIEVE.decide(reprieve.state, other, reprieve.now)) is RefusalCode.DOSSIER_CHANGED


def test_evidence_that_comes_while_an_executive_reads_asks_for_another_look() -> None:
    signed = proposed().command(CONFIRM)
    after = proposed().after(EVIDENCE)
    assert code_of(REPRIEVE.decide(after.state, signed, after.now)) is RefusalCode.DOSSIER_CHANGED


@pytest.mark.parametrize(
    "fact",
    [
        KnownFact(name="weather", value=True, source="x"),
        KnownFact(name="pending", value=7, source="x"),
        KnownFact(name="terms_issued", value=7, source="x"),
        KnownFact(name="dependence", value="very", source="x"),
    ],
    ids=lambda fact: fact.name,
)
def test_evidence_is_of_what_the_policy_asks_people_for(fact: KnownFact) -> None:
    body = SubmitEvidence(fact=fact, statement="x")
    assert code_of(running().asked(body)) is ReprieveRefusal.UNKNOWN_FACT


def test_the_service_gathers_what_the_policy_has_it_gather() -> None:
    for fact in (
        KnownFact(name="dependence", value=True, source="x"),
        KnownFact(name="pending", value=-1, source="x"),
    ):
        assert code_of(gathering().asked(RecordFacts(facts=(fact,)))) is ReprieveRefusal.UNKNOWN_FACT


def test_the_latest_word_on_a_fact_counts() -> None:
    withdrawn = SubmitEvidence(fact=EVIDENCE.fact.model_copy(update={"value": None}), statement="In error.")
    reprieve = running().after(EVIDENCE, withdrawn)
    assert [evidence.fact.value for evidence in reprieve.opened.evidence] == [None]


def test_a_publication_is_recorded_once_and_not_ahead() -> None:
    body = RecordPublication(term=1, citation="1 FR 1", published=running().now)
    once = running().after(body)
    assert code_of(once.asked(body)) is ReprieveRefusal.ALREADY_PUBLISHED
    ahead = body.model_copy(update={"published": running().later(days=1).now})
    assert code_of(running().asked(ahead)) is RefusalCode.MALFORMED
    assert code_of(running().asked(body.model_copy(update={"term": 9}))) is ReprieveRefusal.NO_SUCH_TERM


EARLY = BEGIN - timedelta(days=1)
ONE = frozenset({"one"})
PRINTED_EARLY = order().model_copy(update={"published": EARLY})


@pytest.mark.parametrize(
    "body",
    [
        RecordPublication(term=1, citation="1 FR 1", published=EARLY),
        IssueTerm(term=PRINTED_EARLY),
        CorrectTerm(term=1, correction=Correction(published=EARLY), reasons="x"),
        CorrectTerm(term=1, correction=Correction(reason="x"), reasons="x", published=EARLY),
        TerminateTerm(term=1, reasons="x", published=EARLY),
        AddEntities(entities=ONE, effective=BEGIN, running_terms=True, reasons="x", published=EARLY),
        RemoveEntities(entities=ONE, effective=BEGIN, reasons="x", published=EARLY),
        EndReprieve(reasons="x", published=EARLY),
    ],
    ids=lambda body: type(body).__name__,
)
def test_nothing_is_published_on_a_day_before_it_was_ordered(body: Body) -> None:
    refused = running().asked(body)
    assert code_of(refused) is ReprieveRefusal.PUBLISHED_EARLY
    assert isinstance(refused, Refusal)
    assert "give that day or a later one" in refused.message


def test_a_reprieve_is_not_opened_with_a_term_that_was_published_before() -> None:
    opening = OPEN.model_copy(update={"term": PRINTED_EARLY})
    assert code_of(Reprieved().asked(opening)) is ReprieveRefusal.PUBLISHED_EARLY


def test_what_is_published_on_the_day_of_its_order_or_counts_from_the_past_is_taken() -> None:
    today = washington(2026, 1, 5, 0)
    assert today < BEGIN
    running().after(RecordPublication(term=1, citation="1 FR 1", published=today))
    running().after(IssueTerm(term=PRINTED_EARLY.model_copy(update={"effective": EARLY})))


def test_of_a_term_that_is_long_over_the_reprieves_own_beginning_counts() -> None:
    """Where two others are over nothing of the first is left in the state."""
    others = (IssueTerm(term=order(LAST_DAY + timedelta(days=days))) for days in (10, 20))
    reprieve = running().after(*others).later(days=150)
    assert reprieve.opened.standing(1) is None
    body = RecordPublication(term=1, citation="1 FR 1", published=EARLY)
    assert code_of(reprieve.asked(body)) is ReprieveRefusal.PUBLISHED_EARLY
    reprieve.after(body.model_copy(update={"published": BEGIN}))


@pytest.mark.parametrize(("stage", "story"), STORIES)
def test_a_state_reads_back_and_shows_no_entity(stage: Stage | None, story: Story) -> None:
    reprieve = story()
    if reprieve.state is None:
        return
    state = reprieve.opened
    assert ReprieveState.model_validate_json(state.model_dump_json(), strict=True) == state
    shown = status(state)
    assert (shown.stage, shown.closed) == (stage, stage is Stage.ENDED)
    assert shown.waiting_for in {"service", "executive", "nobody"}
    row = view(state, len(reprieve.events)).model_dump_json()
    assert not any(f'"{entity}"' in row for entity in ("one", "two"))


UNSOUND: dict[str, tuple[dict[str, object], str]] = {
    "a gap": (
        {"table": POLICY.table.model_copy(update={"rows": POLICY.table.rows[:-1]})},
        "no row fires",
    ),
    "a long window": ({"lead_days": 7}, "14 days to object are more than the 7"),
    "an input without an origin": ({"origins": {}}, "needs an origin"),
    "a fact that the law does not know": (
        {"origins": POLICY.origins | {"pending": Origin.LAW}},
        "pending is not a fact that the law knows",
    ),
    "an input that is never unknown": (
        {
            "origins": POLICY.origins | {"extra": Origin.EVIDENCE},
            "table": POLICY.table.model_copy(
                update={"inputs": (*POLICY.table.inputs, Input(name="extra", type=Kind.BOOLEAN))}
            ),
        },
        "extra has to reckon with being unknown",
    ),
    "a scope that it does not have": ({"scopes": {}}, "has no scope narrow"),
    "an outcome of its own": (
        {
            "table": POLICY.table.model_copy(
                update={"outcomes": (*POLICY.table.outcomes, OutcomeType(name="celebrate"))}
            )
        },
        "celebrate is not an outcome of a reprieve",
    ),
    "an outcome with another parameter": (
        {
            "table": POLICY.table.model_copy(
                update={
                    "outcomes": (
                        *POLICY.table.outcomes[:2],
                        OutcomeType(
                            name="lapse",
                            parameters=(Parameter(name="why", type=Kind.DATE, required=False),),
                        ),
                        POLICY.table.outcomes[3],
                    )
                }
            )
        },
        "lapse has no date why",
    ),
    "an outcome without what it requires": (
        {
            "table": POLICY.table.model_copy(
                update={"outcomes": (OutcomeType(name="extend"), *POLICY.table.outcomes[1:])}
            )
        },
        "extend requires days",
    ),
    "a row that is no outcome": (
        {
            "table": POLICY.table.model_copy(
                update={
                    "rows": (
                        POLICY.table.rows[0].model_copy(update={"then": OutputEntry(outcome="extend")}),
                        *POLICY.table.rows[1:],
                    )
                }
            )
        },
        "extend lacks the parameter days",
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_an_unsound_policy_is_not_adopted(name: str) -> None:
    changes, problem = UNSOUND[name]
    policy = Policy.model_validate(POLICY.model_dump() | changes)
    assert any(problem in message for message in objections(policy))
    for decision in (
        running().asked(AdoptPolicy(policy=policy, reasons="x")),
        next(iter(CASES[None].values()))().asked(OpenReprieve(title="x", policy=policy, term=OPEN.term)),
    ):
        assert isinstance(decision, Refusal)
        assert decision.code is ReprieveRefusal.POLICY_UNSOUND


def test_gathering_again_is_not_asked_for() -> None:
    assert code_of(proposed().asked(gathered())) is RefusalCode.WRONG_STAGE

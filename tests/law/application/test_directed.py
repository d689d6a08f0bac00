"""What directives in force mean for applications, row by row and stage by stage."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.tables.check import check
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    Advise,
    AskApplicant,
    DecideAppeal,
    DelegateBack,
    Outcome,
    SignOff,
)
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.events import ApplicationGranted, DirectiveApplied
from greenlight.law.application.interagency.agency import Advice, Agency
from greenlight.law.application.review.proposal import signatories, standing
from greenlight.law.application.state import Stage, dossier
from greenlight.law.application.transitions import BY_DIRECTIVE
from greenlight.law.directive import routing as directive_routing
from greenlight.law.directive.scope import ItemClass, Posture, Scope
from tests.law.actors import APPLICANT, EXECUTIVE
from tests.law.application.cases import APPROVE as AGREE
from tests.law.application.cases import (
    APPROVE_IF,
    CONDITION,
    DENY_UNLESS,
    GRANT_IN_PART,
    MATCH,
    OBJECT,
    Case,
    disputed,
    in_review,
    item,
    submission,
    submitted,
    to_be_denied,
    with_countersigner,
    with_executive,
)
from tests.law.application.cases import DENY as RECOMMEND_DENIAL
from tests.law.application.directives import (
    APPROVE,
    AUTHOR,
    CASE_BY_CASE,
    DENY,
    PENDING,
    PRESUME,
    applied,
    directive,
    held_against,
    meant_for,
)
from tests.law.application.stories import CASES, EXISTING
from tests.law.decisions import code_of

Story = Callable[[], Case]


def referred() -> Case:
    return in_review().referred(Agency.DEFENSE)


def consulted() -> Case:
    """In review, after an agency that had nothing to say."""
    return referred().after(DelegateBack())


def asked_by_agency() -> Case:
    return referred().after(AskApplicant(request="Which radios?"))


def settled() -> Case:
    return disputed().decided().later(days=60).advanced()


@dataclass(frozen=True)
class Sample:
    row: str
    posture: Posture
    story: Story
    outcome: str = directive_routing.LEAVE
    author_is_the_applicant: bool = False


def came_back() -> Case:
    return held_against(consulted(), directive(PRESUME)).sent_back()


SAMPLES = [
    *(Sample("not-screened", posture, submitted) for posture in PENDING),
    *(Sample("answer-owed", posture, lambda: in_review().inquired()) for posture in PENDING),
    *(Sample("answer-owed", posture, asked_by_agency) for posture in PENDING),
    *(Sample("agencies-pending", posture, referred) for posture in PENDING),
    *(Sample("held", posture, lambda: in_review().held()) for posture in PENDING),
    *(Sample("held", posture, lambda: with_executive().held()) for posture in PENDING),
    *(Sample("disputed", posture, disputed) for posture in PENDING),
    *(Sample("disputed", posture, settled) for posture in PENDING),
    Sample("own-application", APPROVE, consulted, author_is_the_applicant=True),
    Sample("own-application", DENY, in_review, author_is_the_applicant=True),
    Sample("not-referred", APPROVE, in_review),
    Sample("not-referred", PRESUME, in_review),
    Sample("came-back", PRESUME, came_back),
    Sample("case-by-case", CASE_BY_CASE, in_review),
    Sample("case-by-case-recommended", CASE_BY_CASE, with_countersigner),
    Sample("case-by-case-recommended", CASE_BY_CASE, with_executive),
    Sample("agency-objects", APPROVE, lambda: referred().advised(OBJECT)),
    Sample("agency-objects", APPROVE, lambda: referred().advised(Advise(advice=Advice.RETURN))),
    Sample("agency-objects", APPROVE, lambda: referred().advised(APPROVE_IF).recommended()),
    Sample("agency-objects", DENY, lambda: referred().advised(AGREE)),
    Sample("agency-objects", PRESUME, lambda: referred().advised(AGREE)),
    Sample("deny", DENY, in_review, directive_routing.INTENT_TO_DENY),
    Sample("deny", DENY, with_countersigner, directive_routing.INTENT_TO_DENY),
    Sample("deny", DENY, with_executive, directive_routing.INTENT_TO_DENY),
    Sample("deny", DENY, lambda: referred().advised(OBJECT), directive_routing.INTENT_TO_DENY),
    Sample("denial-with-the-executive", PRESUME, lambda: with_executive(RECOMMEND_DENIAL)),
    Sample("presumption-of-denial", PRESUME, consulted, directive_routing.SIGN_OFF),
    Sample("presumption-of-denial", PRESUME, with_countersigner, directive_routing.SIGN_OFF),
    Sample("presumption-of-denial", PRESUME, with_executive, directive_routing.SIGN_OFF),
    Sample("officer-would-deny", APPROVE, lambda: with_countersigner(RECOMMEND_DENIAL)),
    Sample("officer-would-deny", APPROVE, lambda: with_executive(RECOMMEND_DENIAL)),
    Sample("grant-with-the-executive", APPROVE, with_executive),
    Sample("approve", APPROVE, consulted, directive_routing.SIGN_OFF),
    Sample("approve", APPROVE, with_countersigner, directive_routing.SIGN_OFF),
    Sample("approve", APPROVE, lambda: referred().advised(AGREE), directive_routing.SIGN_OFF),
    Sample(
        "approve",
        APPROVE,
        lambda: held_against(with_executive(), directive(PRESUME, key="order-0")),
        directive_routing.SIGN_OFF,
    ),
]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.posture}-{sample.row}")
def test_a_case_goes_where_its_row_says(sample: Sample) -> None:
    case = sample.story()
    author = APPLICANT if sample.author_is_the_applicant else AUTHOR
    events = meant_for(case, directive(sample.posture, author=author))
    evaluation = applied(events)[0].evaluation
    assert (evaluation.row, evaluation.outcome) == (sample.row, sample.outcome)
    assert evaluation.version == directive_routing.TABLE.version
    assert next(trace.row for trace in evaluation.trace if trace.fired) == sample.row


def test_there_is_a_case_for_every_row() -> None:
    rows = {row.id for row in directive_routing.TABLE.rows}
    # The last row is there for facts that no case has, so that the table has no gap.
    assert rows - {sample.row for sample in SAMPLES} == {"not-ripe"}


def test_nothing_is_wrong_with_the_table() -> None:
    assert check(directive_routing.TABLE) == ()


@pytest.mark.parametrize("stage", Stage)
def test_directives_lead_where_the_table_of_transitions_says(stage: Stage) -> None:
    expected = BY_DIRECTIVE.get(stage, frozenset())
    reached: set[Stage] = set()
    for title, story in CASES[stage].items():
        for posture in Posture:
            case = story()
            after = held_against(case, directive(posture, key="order-9")).opened.stage
            assert after in expected | {case.advanced().opened.stage}, f"{title}, {posture}: {after}"
            if any(event.proposal for event in applied(meant_for(case, directive(posture, key="order-9")))):
                reached.add(after)
    assert reached == expected


@pytest.mark.parametrize("posture", Posture)
@pytest.mark.parametrize("title", sorted(EXISTING))
def test_a_case_is_held_against_a_directive_once(title: str, posture: Posture) -> None:
    after = held_against(EXISTING[title](), directive(posture))
    assert meant_for(after, directive(posture)) == ()


def test_a_denial_needs_no_other_signature_and_gives_the_applicant_its_time() -> None:
    case = held_against(in_review(), directive(DENY))
    notice = case.events[-1]
    assert isinstance(notice, IntentToDenyIssued)
    assert notice.reasons == "By order of the executive."
    assert case.opened.stage is Stage.INTENT_TO_DENY
    denied = case.responded().denied()
    assert denied.opened.stage is Stage.DENIED
    assert (
        code_of(denied.appealed().asked(DecideAppeal(upholds=True, reasons="On the file."), AUTHOR))
        is RefusalCode.OWN_RECOMMENDATION
    )


def test_a_denial_takes_the_words_of_an_officer_who_recommended_one() -> None:
    case = held_against(with_countersigner(DENY_UNLESS), directive(DENY))
    notice = case.events[-1]
    assert isinstance(notice, IntentToDenyIssued)
    assert (notice.reasons, notice.modifications) == (DENY_UNLESS.reasons, DENY_UNLESS.modifications)


@pytest.mark.parametrize("posture", [PRESUME, APPROVE])
def test_the_author_does_not_sign_what_the_directive_proposes(posture: Posture) -> None:
    case = held_against(consulted(), directive(posture))
    assert AUTHOR in signatories(case.opened)
    assert code_of(case.asked(SignOff(approves=True), AUTHOR)) is RefusalCode.OWN_RECOMMENDATION
    signed = case.after(SignOff(approves=True), EXECUTIVE).opened.stage
    assert signed is (Stage.INTENT_TO_DENY if posture is PRESUME else Stage.GRANTED)


def test_a_grant_is_of_all_lines_under_the_conditions_of_agencies() -> None:
    case = held_against(referred().advised(APPROVE_IF), directive(APPROVE)).signed_off()
    granted = case.events[-1]
    assert isinstance(granted, ApplicationGranted)
    assert (granted.lines, granted.conditions) == ((1, 2), (CONDITION,))


def test_a_grant_is_on_the_terms_of_an_officer_who_recommended_one() -> None:
    case = held_against(with_countersigner(GRANT_IN_PART), directive(APPROVE)).signed_off()
    granted = case.events[-1]
    assert isinstance(granted, ApplicationGranted)
    assert granted.lines == GRANT_IN_PART.lines
    assert (granted.conditions, granted.riders) == (GRANT_IN_PART.conditions, GRANT_IN_PART.riders)


def test_what_came_back_is_for_an_officer() -> None:
    order = directive(PRESUME)
    case = held_against(came_back(), order)
    assert case.opened.stage is Stage.REVIEW
    case = held_against(case.recommended(), order)
    assert case.opened.stage is Stage.COUNTERSIGNATURE
    assert standing(case.opened).outcome is Outcome.GRANT
    assert AUTHOR not in signatories(case.opened)


def test_a_hold_does_not_make_a_directive_new() -> None:
    order = directive(PRESUME)
    case = held_against(held_against(came_back(), order).held(), order)
    assert held_against(case.lifted(), order).opened.stage is Stage.REVIEW


def test_of_two_the_one_that_came_in_force_last_applies() -> None:
    first, last = directive(APPROVE, key="b"), directive(PRESUME, key="a", since=timedelta(hours=1))
    for order in ((first, last), (last, first)):
        case = held_against(in_review(), *order)
        assert applied(case.events)[-1].directive == "a"


def test_a_later_directive_takes_the_place_of_what_an_earlier_one_proposed() -> None:
    first, last = directive(PRESUME, key="a"), directive(APPROVE, key="b", since=timedelta(hours=1))
    case = held_against(held_against(consulted(), first), first, last)
    assert standing(case.opened).outcome is Outcome.GRANT
    case = held_against(held_against(with_executive(), first), first, last)
    assert standing(case.opened).outcome is Outcome.GRANT


def test_what_is_proposed_stays_with_the_executive_when_the_directive_ends() -> None:
    case = held_against(held_against(consulted(), directive(PRESUME)))
    assert case.opened.stage is Stage.SIGN_OFF
    assert case.signed_off().opened.stage is Stage.INTENT_TO_DENY


def test_a_directive_is_over_at_the_instant_of_its_expiry() -> None:
    case = in_review()
    expires = case.now - case.opened.registered_at
    assert meant_for(case, directive(DENY, expires=expires)) == ()
    assert meant_for(case, directive(DENY, expires=expires + timedelta(microseconds=1))) != ()


def test_a_notice_takes_its_course() -> None:
    assert meant_for(to_be_denied(), directive(APPROVE)) == ()


SCOPES = [
    (Scope(), True),
    (Scope(entities=frozenset({MATCH.listing})), True),
    (Scope(entities=frozenset({"entity-list/2"})), False),
    (Scope(item_classes=frozenset({ItemClass.CONTROLLED})), True),
    (Scope(item_classes=frozenset({ItemClass.NONSENSITIVE})), False),
    (Scope(destinations=frozenset({"NO"})), True),
    (Scope(destinations=frozenset({"FI"})), False),
    (Scope(entities=frozenset({MATCH.listing}), destinations=frozenset({"FI"})), False),
]


@pytest.mark.parametrize(("scope", "meant"), SCOPES, ids=str)
def test_the_scope_is_by_listed_party_items_and_destination(scope: Scope, meant: bool) -> None:
    application = submission(item(1), item(2, classification="5A002"))
    case = submitted(application).screened("no_match", "listed")
    assert bool(meant_for(case, directive(DENY, scope))) is meant


@pytest.mark.parametrize(
    ("classifications", "found"),
    [
        (("EAR99",), ItemClass.NONSENSITIVE),
        (("EAR99", "5A991"), ItemClass.NONSENSITIVE),
        (("EAR99", "5A002"), ItemClass.CONTROLLED),
        (("5A992", "1C350"), ItemClass.CONTROLLED),
    ],
)
def test_items_are_nonsensitive_together(classifications: tuple[str, ...], found: ItemClass) -> None:
    items = [item(line, classification=eccn) for line, eccn in enumerate(classifications, 1)]
    case = in_review(submission(*items))
    for wanted in ItemClass:
        order = directive(DENY, Scope(item_classes=frozenset({wanted})))
        assert bool(meant_for(case, order)) is (wanted is found)


def test_the_dossier_says_what_the_directive_does_and_only_where_there_is_one() -> None:
    case = in_review()
    assert {"directive", "proposed"}.isdisjoint(dossier(case.opened))
    after = held_against(case, directive(PRESUME))
    assert after.digest != case.digest
    applied_to = APPLICATION.dossier(after.opened)["directive"]
    assert isinstance(applied_to, dict)
    assert "trace" not in str(applied_to)
    assert isinstance(applied(after.events)[0], DirectiveApplied)


def test_an_executive_who_signs_on_an_older_dossier_is_refused() -> None:
    case = with_executive()
    stale = case.command(SignOff(approves=True))
    assert code_of(held_against(case, directive(PRESUME)).decides(stale)) is RefusalCode.DOSSIER_CHANGED

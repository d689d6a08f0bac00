"""What commands mean and why they are refused: persons, dossier, matter."""

from collections.abc import Collection
from dataclasses import replace

import pytest

from greenlight.kernel.body import Body
from greenlight.kernel.need import Facts
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.kernel.roles import Actor, Role
from greenlight.law.application.commands import (
    INTERNAL,
    Answer,
    Assign,
    Countersign,
    Outcome,
    Recommend,
    RecordScreening,
    RequestInformation,
    SignOff,
    Submit,
    Withdraw,
)
from greenlight.law.application.denial.events import IntentToDenyIssued
from greenlight.law.application.dispute.language import LADDER
from greenlight.law.application.dossier import Item, Screening
from greenlight.law.application.events import (
    ApplicationGranted,
    ApplicationSubmitted,
    ExecutiveSignedOff,
    RecommendationCountersigned,
    RecommendationMade,
)
from greenlight.law.application.needs import LicenseNumber, ScreeningOf
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import Stage
from greenlight.law.application.transitions import TRANSITIONS
from greenlight.law.contract import permitted
from tests.law import actors
from tests.law.application.cases import (
    ACN,
    DECIDED_GRANT,
    DENY,
    GRANT,
    GRANT_IN_PART,
    NAMES,
    NUMBER,
    OTHER_PARTIES,
    PARTIES,
    RETURN,
    Case,
    before_president,
    disputed,
    in_review,
    item,
    screening,
    submission,
    submitted,
    with_countersigner,
    with_executive,
)
from tests.law.application.stories import CASES, Story, bodies
from tests.law.decisions import accepted, code_of, told

PERMITTED = permitted()

AGREE = Countersign(agrees=True)
APPROVE = SignOff(approves=True)


# Persons


@pytest.mark.parametrize("name", NAMES)
def test_a_command_in_another_role_is_refused(name: str) -> None:
    """Whatever was checked before the law was asked: an applicant never countersigns its own application."""
    provided = [stage for stage, row in TRANSITIONS.items() if not isinstance(row[name], Code)]
    cases = [story() for stage in provided for story in CASES[stage].values()]
    for case, body in ((each, body) for each in cases for body in bodies(name, each)[:1]):
        for actor in (*actors.EVERYONE, None):
            command = replace(case.command(body), by=actor)
            permitted = actor.role in _roles(name, case) if actor else name in INTERNAL
            refused = code_of(case.decides(command)) is RefusalCode.WRONG_ROLE
            assert refused != permitted, f"{name} by {actor.officer if actor else 'the service'}"


def _roles(name: str, case: Case) -> Collection[Role]:
    """In a dispute, it is the forum that says whose turn it is."""
    dispute = case.state.dispute if case.state else None
    if dispute is not None and name in {"decide_dispute", "vote"}:
        return [LADDER[dispute.forum].decides]
    if dispute is not None and name == "escalate":
        return [role for role in [LADDER[dispute.forum].escalates] if role]
    return PERMITTED.get(name, ())


@pytest.mark.parametrize(
    ("story", "body", "actor"),
    [
        (with_countersigner, AGREE, actors.OFFICER_AS_COUNTERSIGNER),
        (with_countersigner, Countersign(agrees=False), actors.OFFICER_AS_COUNTERSIGNER),
        (with_executive, APPROVE, actors.OFFICER_AS_EXECUTIVE),
        (with_executive, SignOff(approves=False), actors.OFFICER_AS_EXECUTIVE),
        (disputed, DECIDED_GRANT, actors.OFFICER_AS_CHAIR),
        (before_president, DECIDED_GRANT, actors.OFFICER_AS_EXECUTIVE),
    ],
    ids=[
        "countersigns",
        "sends back",
        "signs off",
        "sends back from the top",
        "decides",
        "has the last word",
    ],
)
def test_who_recommended_does_not_sign_though_it_be_with_another_account(
    story: Story, body: Body, actor: Actor
) -> None:
    assert code_of(story().asked(body, actor)) is RefusalCode.OWN_RECOMMENDATION


def test_only_the_standing_recommendation_bars_its_author() -> None:
    again = with_countersigner().sent_back().recommended(by=actors.OTHER_OFFICER)
    assert accepted(again.asked(AGREE, actors.OFFICER_AS_COUNTERSIGNER))


def with_executive_after_an_answer_by(actor: Actor) -> Case:
    answered = submitted().inquired().answered(by=actor)
    return answered.screened("listed", "no_match").recommended().countersigned()


@pytest.mark.parametrize(
    ("story", "body", "actor"),
    [
        (submitted, Assign(officer="lee"), actors.APPLICANT_AS_OFFICER),
        (submitted, Assign(officer="lee"), actors.APPLICANTS_OWN_OFFICER),
        (submitted, RequestInformation(request="Who?"), actors.APPLICANT_AS_OFFICER),
        (submitted, RETURN, actors.APPLICANT_AS_OFFICER),
        (in_review, GRANT, actors.APPLICANT_AS_OFFICER),
        (in_review, GRANT, actors.APPLICANTS_OWN_OFFICER),
        (with_countersigner, AGREE, actors.APPLICANT_AS_COUNTERSIGNER),
        (
            lambda: in_review().inquired().answered(by=actors.APPLICANTS_COLLEAGUE),
            GRANT,
            actors.COLLEAGUE_AS_OFFICER,
        ),
        (
            lambda: with_executive_after_an_answer_by(actors.APPLICANTS_COLLEAGUE),
            APPROVE,
            actors.COLLEAGUE_AS_EXECUTIVE,
        ),
    ],
    ids=[
        "assigns",
        "of the applicant's organisation assigns",
        "asks",
        "returns",
        "recommends",
        "of the applicant's organisation recommends",
        "countersigns",
        "answered and recommends",
        "answered and signs off",
    ],
)
def test_who_acted_for_the_applicant_does_not_decide(story: Story, body: Body, actor: Actor) -> None:
    assert code_of(story().asked(body, actor)) is RefusalCode.OWN_APPLICATION


@pytest.mark.parametrize(
    ("story", "body"),
    [(lambda: submitted().inquired(), Answer(answer="The municipality.")), (in_review, Withdraw())],
    ids=["answers", "withdraws"],
)
def test_only_the_organisation_that_applied_acts_as_the_applicant(story: Story, body: Body) -> None:
    case = story()
    assert code_of(case.asked(body, actors.OTHER_APPLICANT)) is RefusalCode.NOT_THE_APPLICANT
    assert accepted(case.asked(body, actors.APPLICANTS_COLLEAGUE))


def test_an_assigned_case_is_recommended_by_whoever_has_it() -> None:
    case = in_review().assigned("marsh")
    assert code_of(case.asked(GRANT, actors.OFFICER)) is ApplicationRefusal.ASSIGNED_TO_ANOTHER
    assert accepted(case.asked(GRANT, actors.OTHER_OFFICER))
    assert accepted(case.assigned("lee").asked(GRANT, actors.OFFICER))


def test_an_assignment_binds_recommendations_alone() -> None:
    case = in_review().assigned("marsh")
    for body in (RequestInformation(request="Who?"), RETURN, Assign(officer="lee")):
        assert accepted(case.asked(body, actors.OFFICER))


# Dossier


@pytest.mark.parametrize(
    ("story", "body"),
    [(in_review, GRANT), (with_countersigner, AGREE), (with_executive, APPROVE), (in_review, RETURN)],
    ids=["recommend", "countersign", "sign off", "return"],
)
def test_a_decision_names_the_dossier_it_rests_on(story: Story, body: Body) -> None:
    case = story()
    command = case.command(body)
    assert code_of(case.decides(replace(command, dossier=None))) is RefusalCode.DOSSIER_MISSING
    other = replace(command, dossier="sha256:" + "0" * 64)
    assert code_of(case.decides(other)) is RefusalCode.DOSSIER_CHANGED
    assert accepted(case.decides(command))


@pytest.mark.parametrize(
    ("signed", "then", "body"),
    [
        (in_review, lambda: in_review().inquired().answered(), GRANT),
        (submitted, in_review, RETURN),
        (in_review, lambda: in_review().inquired(), RETURN),
        (in_review, lambda: with_countersigner().sent_back(), GRANT),
        (with_countersigner, lambda: with_countersigner().sent_back().recommended(GRANT_IN_PART), AGREE),
        (with_countersigner, lambda: with_countersigner().sent_back().recommended(), AGREE),
        (with_executive, lambda: with_executive().sent_back().recommended().countersigned(), APPROVE),
    ],
    ids=[
        "an answer came",
        "the parties were screened",
        "a question was asked",
        "it was sent back",
        "it was recommended differently",
        "it was recommended in the same words",
        "it came up again",
    ],
)
def test_a_decision_on_a_dossier_that_changed_is_refused(signed: Story, then: Story, body: Body) -> None:
    now = then()
    stale = replace(now.command(body), dossier=signed().digest)
    assert code_of(now.decides(stale)) is RefusalCode.DOSSIER_CHANGED
    assert accepted(now.asked(body))


def test_assignments_and_passed_deadlines_leave_the_dossier_as_it_is() -> None:
    case = in_review()
    assert case.assigned().digest == case.digest
    assert case.later(days=200).advanced().digest == case.digest


def test_persons_are_asked_after_before_the_dossier() -> None:
    command = replace(in_review().command(GRANT, actors.APPLICANT_AS_OFFICER), dossier=None)
    assert code_of(in_review().decides(command)) is RefusalCode.OWN_APPLICATION


# Submission


def test_a_submission_registers_the_case() -> None:
    (event,) = submitted().events
    assert isinstance(event, ApplicationSubmitted)
    assert (event.acn, event.by, event.application) == (ACN, actors.APPLICANT, submission())


@pytest.mark.parametrize("key", ["", "000001", "z000001", "Z00001", "Z0000012", "Z000001\n", "Z00000١"])
def test_a_control_number_is_a_letter_and_six_digits(key: str) -> None:
    command = replace(Case().command(Submit(application=submission())), key=key)
    assert code_of(Case().decides(command)) is RefusalCode.MALFORMED


# Screening


def test_could_not_screen_never_leads_out_of_triage() -> None:
    case = submitted()
    incomplete = (
        screening("could_not_screen", "no_match"),
        screening("listed", "could_not_screen"),
        screening("could_not_screen", "could_not_screen"),
    )
    for found in incomplete:
        case = case.after(RecordScreening(screening=found, parties=PARTIES))
        assert case.opened.stage is Stage.TRIAGE
        assert not case.opened.screened
        assert code_of(case.asked(GRANT)) is RefusalCode.SCREENING_INCOMPLETE
    assert case.opened.listed is None
    assert submitted().screened("could_not_screen", "listed").opened.listed is True
    assert case.screened().opened.stage is Stage.REVIEW


@pytest.mark.parametrize("found", [screening("no_match", "could_not_screen"), screening("no_match")])
def test_parties_that_come_unscreened_are_in_triage(found: Screening) -> None:
    for case, body in (
        (Case(), Submit(application=submission())),
        (in_review().inquired(), Answer(answer="The buyer changed.", parties=OTHER_PARTIES)),
    ):
        command = told(case.command(body), {ScreeningOf: found})
        assert case.with_events(*accepted(case.decides(command))).opened.stage is Stage.TRIAGE


def test_parties_that_come_screened_are_in_review() -> None:
    for case, body in (
        (Case(), Submit(application=submission())),
        (in_review().inquired(), Answer(answer="The buyer changed.", parties=OTHER_PARTIES)),
    ):
        command = told(case.command(body), {ScreeningOf: screening("no_match", "listed")})
        after = case.with_events(*accepted(case.decides(command))).opened
        assert (after.stage, after.listed) == (Stage.REVIEW, True)


def test_a_screening_beside_parties_that_stay_is_not_looked_at() -> None:
    waiting = submitted().inquired()
    for body in (Answer(answer="The municipality."), Withdraw()):
        command = told(waiting.command(body), {ScreeningOf: screening("no_match", "no_match")})
        assert waiting.decides(command) == waiting.asked(body)


def test_an_answer_leads_out_of_triage_only_if_everybody_was_screened() -> None:
    waiting = submitted().inquired()
    assert waiting.answered().opened.stage is Stage.TRIAGE
    assert waiting.screened("no_match", "could_not_screen").answered().opened.stage is Stage.TRIAGE
    assert waiting.screened().answered().opened.stage is Stage.REVIEW


def test_replaced_parties_are_screened_anew() -> None:
    case = in_review().inquired().answered(OTHER_PARTIES)
    assert case.opened.stage is Stage.TRIAGE
    assert case.opened.screening is None
    assert case.opened.listed is None
    assert case.opened.parties == OTHER_PARTIES
    assert code_of(case.asked(GRANT)) is RefusalCode.SCREENING_INCOMPLETE
    assert case.screened("no_match", "listed").opened.listed is True


def test_a_screening_of_replaced_parties_comes_too_late() -> None:
    case = submitted().inquired().answered(OTHER_PARTIES)
    found = screening("no_match", "no_match")
    late = RecordScreening(screening=found, parties=PARTIES)
    assert code_of(case.asked(late)) is RefusalCode.DOSSIER_CHANGED
    assert accepted(case.asked(RecordScreening(screening=found, parties=OTHER_PARTIES)))


@pytest.mark.parametrize(
    "found",
    [screening("no_match"), screening("no_match", "no_match", "no_match"), screening()],
    ids=["one of two", "three of two", "none"],
)
def test_a_screening_has_one_finding_of_each_party(found: Screening) -> None:
    body = RecordScreening(screening=found, parties=PARTIES)
    for case in (submitted(), submitted().inquired()):
        assert code_of(case.asked(body)) is RefusalCode.SCREENING_INCOMPLETE


# Recommendation


def _lines(*lines: int) -> Recommend:
    return Recommend(outcome=Outcome.GRANT, reasons="These lines.", lines=lines)


def _recommended(case: Case, body: Recommend) -> RecommendationMade:
    (event,) = accepted(case.asked(body))
    assert isinstance(event, RecommendationMade)
    return event


def test_a_grant_spells_out_its_lines() -> None:
    three = in_review(submission(item(7), item(2), item(5)))
    assert _recommended(three, GRANT).lines == (2, 5, 7)
    assert _recommended(three, _lines(7, 2, 7)).lines == (2, 7)
    assert _recommended(three, DENY).lines == ()


@pytest.mark.parametrize("lines", [(3,), (1, 2, 3), (0,), (-1,), (2**53,)], ids=str)
def test_a_line_that_was_not_applied_for_is_refused(lines: tuple[int, ...]) -> None:
    assert code_of(in_review().asked(_lines(*lines))) is RefusalCode.UNKNOWN_ITEM


def test_all_or_nothing_is_all_or_nothing() -> None:
    case = in_review(submission(item(1), item(2), all_or_nothing=True))
    assert code_of(case.asked(_lines(1))) is ApplicationRefusal.ALL_OR_NOTHING
    for body in (GRANT, _lines(2, 1), DENY):
        assert accepted(case.asked(body))


def test_a_grant_in_part_carries_its_lines_conditions_and_riders() -> None:
    signed, granted = accepted(in_review().recommended(GRANT_IN_PART).asked(AGREE))
    assert isinstance(signed, RecommendationCountersigned)
    assert isinstance(granted, ApplicationGranted)
    assert granted.in_part
    assert (granted.lines, granted.conditions, granted.riders) == ((1,), ("No resale.",), ("See 750.7.",))
    assert granted.license_number == NUMBER


def test_a_grant_of_every_line_is_not_in_part() -> None:
    _, granted = accepted(in_review().recommended(_lines(1, 2)).asked(AGREE))
    assert isinstance(granted, ApplicationGranted)
    assert not granted.in_part


# Signatures


def test_a_grant_needs_a_number_and_asks_for_it() -> None:
    for case, body in ((with_countersigner(), AGREE), (with_executive(), APPROVE)):
        command, need = replace(case.command(body), facts=Facts()), LicenseNumber(ACN)
        assert case.decides(command) == need
        assert accepted(case.decides(command.knowing(need, NUMBER)))


def test_a_denial_needs_no_number() -> None:
    case = with_executive(DENY)
    signed, denied = accepted(case.decides(replace(case.command(APPROVE), facts=Facts())))
    assert isinstance(signed, ExecutiveSignedOff)
    assert isinstance(denied, IntentToDenyIssued)
    assert denied.reasons == DENY.reasons


def test_the_countersigner_decides_where_no_sign_off_is_required() -> None:
    granted = with_countersigner().countersigned().opened
    assert granted.stage is Stage.GRANTED
    assert granted.license_number == NUMBER
    assert granted.signed_off_by is None


def test_the_executive_decides_where_a_sign_off_is_required() -> None:
    case = with_executive()
    assert case.opened.stage is Stage.SIGN_OFF
    assert case.opened.license_number is None
    signed = case.signed_off().opened
    assert signed.stage is Stage.GRANTED
    assert signed.signed_off_by == actors.EXECUTIVE


@pytest.mark.parametrize("story", [with_countersigner, with_executive], ids=["countersigner", "executive"])
def test_what_was_sent_back_starts_over(story: Story) -> None:
    back = story().sent_back()
    assert back.opened.stage is Stage.REVIEW
    assert back.opened.recommendation is None
    assert back.opened.countersignature is None
    assert [event.comment for event in back.opened.sent_back] == ["Reconsider."]
    for body in (AGREE, APPROVE):
        assert code_of(back.asked(body)) is RefusalCode.WRONG_STAGE
    again = back.recommended(GRANT_IN_PART)
    assert again.opened.stage is Stage.COUNTERSIGNATURE
    assert code_of(again.asked(APPROVE)) is RefusalCode.WRONG_STAGE
    assert again.countersigned().opened.stage in {Stage.GRANTED, Stage.SIGN_OFF}


@pytest.mark.parametrize(
    ("items", "body", "row"),
    [
        ([item()], GRANT, "otherwise"),
        ([item()], DENY, "denial"),
        ([item(currency="EUR")], GRANT, "value-unknown"),
        ([item(1), item(2, currency="JPY")], GRANT, "value-unknown"),
        ([item(1, cents=25_000_000_00), item(2, cents=25_000_000_00)], GRANT, "large-value"),
        ([item(1, cents=25_000_000_00), item(2, cents=24_999_999_99)], GRANT, "otherwise"),
        ([item(1, cents=5_000_000_00), item(2, classification="5A002")], GRANT, "controlled-and-substantial"),
        ([item(1, cents=4_000_000_00), item(2, classification="5A002")], GRANT, "otherwise"),
    ],
    ids=[
        "small",
        "denial",
        "unknown currency",
        "one unknown currency",
        "large in sum",
        "a cent less",
        "controlled and substantial in sum",
        "controlled but small",
    ],
)
def test_the_sign_off_follows_from_the_whole_application(
    items: list[Item], body: Recommend, row: str
) -> None:
    case = in_review(submission(*items)).recommended(body)
    signed = accepted(case.asked(AGREE))[0]
    assert isinstance(signed, RecommendationCountersigned)
    assert signed.sign_off.row == row
    up = case.countersigned().opened.stage is Stage.SIGN_OFF
    assert up == (row != "otherwise")


def test_a_listed_party_takes_the_case_to_the_executive() -> None:
    countersignature = with_executive().opened.countersignature
    assert countersignature is not None
    assert countersignature.sign_off.row == "listed-entity"
    assert countersignature.sign_off.facts["listed_party"] is True


# The rest


def test_a_refusal_names_the_command_and_the_stage() -> None:
    decision = in_review().asked(AGREE)
    assert "countersign is not possible at stage review" in getattr(decision, "message", "")

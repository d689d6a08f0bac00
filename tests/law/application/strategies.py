"""What anybody may send to an application, and what brings one forward, for Hypothesis to draw from."""

from collections.abc import Mapping
from datetime import timedelta

from hypothesis import strategies as st

from greenlight.kernel.body import Body
from greenlight.law.application.commands import (
    Answer,
    AnswerWording,
    Appeal,
    AskApplicant,
    Assign,
    ConfirmMatch,
    Countersign,
    DecideAppeal,
    DelegateBack,
    Escalate,
    LiftHold,
    Outcome,
    Reconsider,
    RecordScreening,
    Refer,
    RequestInformation,
    ResolveMatch,
    Respond,
    SignOff,
    Submit,
    Vote,
    Withdraw,
)
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.screening.language import COUNTS_DAYS, Verdict
from greenlight.law.application.state import Stage
from tests.kernel.time.samples import washington
from tests.law.application.cases import (
    ALIKE,
    APPROVE,
    APPROVE_IF,
    CHECK,
    DECIDED_DENY,
    DECIDED_GRANT,
    DENY,
    DENY_UNLESS,
    GRANT,
    GRANT_IN_PART,
    LET,
    MATCH,
    OBJECT,
    OTHER_PARTIES,
    PARTIES,
    RETURN,
    REWORDED,
    URGENT,
    WAIT,
    item,
    screening,
    submission,
)

SUBMISSIONS = st.sampled_from(
    [
        submission(),
        submission(all_or_nothing=True),
        submission(item(1, cents=60_000_000_00)),
        submission(item(1, cents=6_000_000_00), item(2, classification="5A002")),
        submission(item(1, currency="EUR"), item(2)),
    ]
)
SCREENINGS = st.sampled_from(
    [
        screening("no_match", "no_match"),
        screening("no_match", "listed"),
        screening("no_match", "possible_match"),
        screening("listed", "possible_match"),
        screening("could_not_screen", "no_match"),
        screening("listed", "could_not_screen"),
        screening("no_match"),
    ]
)
FOUND = st.none() | SCREENINGS
RECORDED_SCREENINGS = st.builds(
    RecordScreening, screening=SCREENINGS, parties=st.sampled_from([PARTIES, OTHER_PARTIES])
)
VERDICTS = st.builds(
    ResolveMatch,
    party=st.sampled_from([1, 1, 0]),
    listing=st.sampled_from([ALIKE.listing, ALIKE.listing, MATCH.listing]),
    verdict=st.sampled_from(list(Verdict)),
    reason=st.just("By its address."),
)
CONFIRMATIONS = st.builds(ConfirmMatch, party=st.sampled_from([1, 0]), days=st.sampled_from([1, COUNTS_DAYS]))
YES_OR_NO = st.sampled_from([True, True, False])
RECOMMENDATIONS = st.sampled_from([GRANT, GRANT, GRANT_IN_PART, DENY, DENY_UNLESS, REWORDED])
ANSWERS = st.sampled_from(
    [
        Answer(answer="The municipality."),
        Answer(answer="Another buyer.", parties=OTHER_PARTIES),
        Answer(answer="The first buyer after all.", parties=PARTIES),
    ]
)
REFERRALS = st.lists(st.sampled_from(list(Agency)), min_size=1, max_size=4).map(
    lambda agencies: Refer(agencies=tuple(agencies))
)
ADVICES = st.sampled_from([APPROVE, APPROVE_IF, OBJECT, OBJECT])
OF_AGENCIES: st.SearchStrategy[Body] = st.one_of(
    ADVICES,
    st.just(DelegateBack()),
    st.just(AskApplicant(request="Which radios?")),
    st.sampled_from(list(Agency)).map(lambda agency: Answer(answer="Five.", agency=agency)),
)
OF_WORDINGS = YES_OR_NO.map(lambda agrees: AnswerWording(agrees=agrees))
DECISIONS_OF_ONE = st.sampled_from([DECIDED_GRANT, DECIDED_DENY])
VOTES = st.sampled_from(list(Outcome)).map(lambda outcome: Vote(outcome=outcome))
HOLDING: st.SearchStrategy[Body] = st.sampled_from([CHECK, LiftHold(hold=1), LiftHold(hold=2)])
OF_DENIALS: st.SearchStrategy[Body] = st.one_of(
    YES_OR_NO.map(lambda accepts: Respond(response="We agree.", accepts_modifications=accepts)),
    st.just(Reconsider(reasons="The end user was confirmed.")),
    st.just(Appeal(grounds="The end user was confirmed.")),
    YES_OR_NO.map(lambda upholds: DecideAppeal(upholds=upholds, reasons="On the file.")),
)
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(Submit, application=SUBMISSIONS),
    st.sampled_from(["lee", "marsh"]).map(lambda officer: Assign(officer=officer)),
    st.just(RequestInformation(request="Who?")),
    ANSWERS,
    RECOMMENDATIONS,
    YES_OR_NO.map(lambda agrees: Countersign(agrees=agrees)),
    YES_OR_NO.map(lambda approves: SignOff(approves=approves)),
    st.just(RETURN),
    st.just(Withdraw()),
    RECORDED_SCREENINGS,
    VERDICTS,
    CONFIRMATIONS,
    REFERRALS,
    OF_AGENCIES,
    OF_WORDINGS,
    DECISIONS_OF_ONE,
    VOTES,
    st.just(Escalate(grounds="Not to us.")),
    HOLDING,
    st.sampled_from([URGENT, LET, WAIT]),
    OF_DENIALS,
)
NEXT: Mapping[Stage, st.SearchStrategy[Body]] = {
    Stage.TRIAGE: RECORDED_SCREENINGS | VERDICTS,
    Stage.REVIEW: RECOMMENDATIONS | st.just(RequestInformation(request="Who?")) | REFERRALS | HOLDING,
    Stage.AWAITING_ANSWER: ANSWERS,
    Stage.INTERAGENCY: OF_AGENCIES,
    Stage.OPERATING_COMMITTEE: DECISIONS_OF_ONE,
    Stage.ESCALATION: st.just(Escalate(grounds="Not to us.")),
    Stage.ACEP: VOTES,
    Stage.EARB: VOTES,
    Stage.PRESIDENT: DECISIONS_OF_ONE,
    Stage.COUNTERSIGNATURE: YES_OR_NO.map(lambda agrees: Countersign(agrees=agrees)) | OF_WORDINGS,
    Stage.SIGN_OFF: YES_OR_NO.map(lambda approves: SignOff(approves=approves)),
    Stage.INTENT_TO_DENY: OF_DENIALS,
    Stage.DENIED: OF_DENIALS,
    Stage.APPEAL: OF_DENIALS,
}
"""What brings a case forward from a stage, or back."""

WAITS = st.sampled_from([timedelta(0), timedelta(microseconds=1), timedelta(hours=7), timedelta(days=1)]) | (
    st.integers(min_value=0, max_value=60 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
)
STARTS = st.sampled_from(
    [
        washington(2026, 9, 1),
        washington(2026, 12, 31, 23, 59),
        washington(2027, 12, 1, 0),
        washington(2028, 2, 29),
    ]
)

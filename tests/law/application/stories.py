"""For every stage, stories of cases that are at it; and for every command, bodies that are good there."""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from greenlight.kernel.body import Body
from greenlight.kernel.refusal import Code
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
from greenlight.law.application.dossier import Screening
from greenlight.law.application.events import PartiesScreened
from greenlight.law.application.flip.rules import waiting
from greenlight.law.application.interagency.agency import Agency
from greenlight.law.application.interagency.wording import asked_agencies
from greenlight.law.application.screening.language import Confirmation, Resolution, Verdict
from greenlight.law.application.screening.resolution import MatchResolved
from greenlight.law.application.state import Stage
from greenlight.law.application.transitions import TRANSITIONS
from tests.law.actors import OFFICER, OTHER_OFFICER
from tests.law.application.cases import (
    ALIKE,
    APPROVE,
    APPROVE_IF,
    BEGIN,
    CHECK,
    DECIDED_DENY,
    DECIDED_GRANT,
    DENY,
    DENY_UNLESS,
    GRANT,
    GRANT_IN_PART,
    LET,
    MATCH,
    NOT_REQUIRED,
    NOTED,
    OBJECT,
    OTHER_PARTIES,
    PARTIES,
    RETURN,
    TURNED,
    URGENT,
    WAIT,
    Case,
    before_acep,
    before_earb,
    before_president,
    disputed,
    flip,
    in_review,
    possibly_listed,
    screening,
    submission,
    submitted,
    to_be_denied,
    with_countersigner,
    with_executive,
    with_reworded,
)

Story = Callable[[], Case]

REMEMBERED = Resolution(
    pair=ALIKE.pair or "",
    verdict=Verdict.FALSE_MATCH,
    resolved_by=OTHER_OFFICER,
    resolved_at=BEGIN - timedelta(days=9),
    remembered_from="Z000099",
    confirmation=Confirmation(
        by=OFFICER, at=BEGIN - timedelta(days=8), until=datetime(2027, 8, 25, 4, 0, tzinfo=UTC)
    ),
)
"""A false match of another case, which a second officer has confirmed."""

_STORIES: Mapping[Stage | None, Mapping[str, Story]] = {
    None: {"none": Case},
    Stage.TRIAGE: {
        "fresh": submitted,
        "overdue": lambda: submitted().later(days=100).advanced(),
        "could not screen": lambda: submitted().screened("no_match", "could_not_screen"),
        "parties replaced": lambda: in_review().inquired().answered(OTHER_PARTIES),
        "answered unscreened": lambda: submitted().inquired().answered(),
        "parties replaced while agencies look": lambda: (
            in_review().referred().inquired().answered(OTHER_PARTIES)
        ),
        "possible match": possibly_listed,
        "listed, and a possible match": lambda: submitted().screened("listed", "possible_match"),
        "possible match, and one denied": lambda: (
            submitted().screened("possible_match", "listed").resolved(match=MATCH)
        ),
        "possible match while agencies look": lambda: (
            in_review().referred().screened("no_match", "possible_match")
        ),
        "possible match while an agency asks": lambda: (
            in_review()
            .referred(Agency.DEFENSE, Agency.STATE)
            .after(AskApplicant(request="Which radios?"))
            .screened("no_match", "possible_match")
        ),
        "possible match at sign-off": lambda: with_executive().screened("no_match", "possible_match"),
        "possible match in a dispute": lambda: before_acep().screened("no_match", "possible_match"),
    },
    Stage.REVIEW: {
        "no match": in_review,
        "assigned": lambda: in_review().assigned(),
        "no license required": lambda: submitted().found(
            screening("no_match", "no_match"), proposed=NOT_REQUIRED
        ),
        "listed": lambda: submitted().screened("no_match", "listed"),
        "true match": lambda: possibly_listed().resolved(Verdict.TRUE_MATCH),
        "false match": lambda: possibly_listed().resolved(),
        "listed, and denied": lambda: (
            submitted().screened("no_match", "listed").resolved(Verdict.FALSE_MATCH, MATCH)
        ),
        "remembered": lambda: submitted().found(screening("no_match", "possible_match"), REMEMBERED),
        "answered": lambda: in_review().inquired().later(days=14).answered(),
        "sent back": lambda: in_review().recommended().sent_back(),
        "sent back by the executive": lambda: with_executive().sent_back(),
        "agencies heard": lambda: in_review().referred(Agency.STATE).advised(APPROVE),
        "denial reconsidered": lambda: to_be_denied().responded().reconsidered(),
        "modifications accepted": lambda: to_be_denied(DENY_UNLESS).responded(accepts=True),
        "appeal won": lambda: to_be_denied().denied().appealed().judged(upholds=False),
        "agencies silent": lambda: (
            in_review().referred(Agency.STATE, Agency.JUSTICE).after(DelegateBack()).later(days=40).advanced()
        ),
        "hold lifted": lambda: in_review().held().later(days=3).after(LiftHold(hold=1)),
    },
    Stage.AWAITING_ANSWER: {
        "unscreened": lambda: submitted().inquired(),
        "could not screen": lambda: submitted().screened("could_not_screen", "no_match").inquired(),
        "screened": lambda: in_review().inquired(),
        "possible match": lambda: possibly_listed().inquired(),
        "while agencies look": lambda: in_review().referred().inquired(),
        "of an agency too": lambda: (
            in_review().referred().after(AskApplicant(request="Which radios?")).inquired()
        ),
    },
    Stage.INTERAGENCY: {
        "with four": lambda: in_review().referred(),
        "with one": lambda: in_review().referred(Agency.DEFENSE),
        "of a listed entity": lambda: submitted().screened("no_match", "listed").referred(Agency.DEFENSE),
        "asked by one of two": lambda: (
            in_review().referred(Agency.DEFENSE, Agency.STATE).after(AskApplicant(request="Which radios?"))
        ),
    },
    Stage.COUNTERSIGNATURE: {
        "grant": with_countersigner,
        "grant in part": lambda: in_review().recommended(GRANT_IN_PART),
        "grant to a listed entity": lambda: submitted().screened("no_match", "listed").recommended(),
        "denial": lambda: in_review().recommended(DENY),
        "against an agency": lambda: in_review().referred(Agency.STATE).advised(OBJECT).recommended(),
        "with an agency": lambda: in_review().referred(Agency.STATE).advised(APPROVE).recommended(),
        "asked about a condition": with_reworded,
        "silent about a condition": lambda: with_reworded().later(days=5).advanced(),
        "not agreed about a condition": lambda: with_reworded().after(AnswerWording(agrees=False)),
    },
    Stage.OPERATING_COMMITTEE: {"grant disputed": disputed, "denial disputed": lambda: disputed(DENY)},
    Stage.ESCALATION: {
        "by the chair": lambda: disputed().decided(),
        "by the ACEP": lambda: before_acep().voted(*[Outcome.DENY] * 4),
        "by the EARB": lambda: before_earb().voted(*[Outcome.GRANT] * 4),
    },
    Stage.ACEP: {"no votes": before_acep, "one to go": lambda: before_acep().voted(*[Outcome.GRANT] * 3)},
    Stage.EARB: {"no votes": before_earb, "one to go": lambda: before_earb().voted(*[Outcome.DENY] * 3)},
    Stage.PRESIDENT: {"referred": before_president},
    Stage.SIGN_OFF: {
        "grant": with_executive,
        "denial": lambda: in_review().recommended(DENY).countersigned(),
        "settled": lambda: disputed().decided().later(days=60).advanced(),
    },
    Stage.GRANTED: {
        "by the countersigner": lambda: in_review().recommended().countersigned(),
        "by the executive": lambda: with_executive().signed_off(),
        "by the President": lambda: before_president().decided(),
    },
    Stage.INTENT_TO_DENY: {
        "by the executive": to_be_denied,
        "by the President": lambda: before_president().decided(DECIDED_DENY),
        "with modifications": lambda: to_be_denied(DENY_UNLESS),
        "while held": lambda: with_executive(DENY).held().signed_off(),
    },
    Stage.DENIED: {
        "unanswered": lambda: to_be_denied().denied(),
        "in spite of a response": lambda: to_be_denied().responded().denied(),
        "while held": lambda: with_executive(DENY).held().signed_off().denied(),
    },
    Stage.APPEAL: {
        "filed": lambda: to_be_denied().denied().appealed(),
        "while held": lambda: with_executive(DENY).held().signed_off().denied().appealed(),
    },
    Stage.FINALLY_DENIED: {
        "unappealed": lambda: to_be_denied().denied().later(days=46).advanced(),
        "upheld": lambda: to_be_denied().denied().appealed().judged(upholds=True),
    },
    Stage.RETURNED: {"returned": lambda: in_review().after(RETURN)},
    Stage.WITHDRAWN: {"withdrawn": lambda: submitted().after(Withdraw())},
}
"""For every stage, stories of cases that are at it.

They are told when a test needs them: a law with a flaw then fails the tests of the flaw, not all of them.
"""


def _held(story: Story) -> Story:
    return lambda: story().held()


def _urgent(story: Story) -> Story:
    return lambda: story().to_be_expedited()


def _flipped(story: Story) -> Story:
    return lambda: story().flipped()


def _denied(story: Story) -> Story:
    """With a party whose name is a listed one's, and who is another company."""

    def told() -> Case:
        case = story()
        by, pair = OFFICER, MATCH.pair or ""
        return case.with_events(
            PartiesScreened(at=case.now, screening=screening("no_match", "listed")),
            MatchResolved(
                at=case.now,
                by=by,
                party=1,
                listing=MATCH.listing,
                pair=pair,
                verdict=Verdict.FALSE_MATCH,
                reason="Another company.",
            ),
        )

    return told


def _with_more(stage: Stage | None, stories: Mapping[str, Story]) -> Mapping[str, Story]:
    """With what may happen at any stage, where it may."""
    first, cells = next(iter(stories.values())), TRANSITIONS[stage]
    more: dict[str, Story] = {}
    if stage is not None and not isinstance(cells["place_hold"], Code):
        more["held"] = _held(first)
    if stage is not None and not isinstance(cells["request_expedite"], Code):
        more["to be expedited"] = _urgent(first)
    if stage is not None and not isinstance(cells["record_flip"], Code):
        more["flipped"] = _flipped(first)
    if stage not in {None, Stage.TRIAGE} and not isinstance(cells["confirm_match"], Code):
        more["not who is listed"] = _denied(first)
    return {**stories, **more}


CASES: Mapping[Stage | None, Mapping[str, Story]] = {
    stage: _with_more(stage, stories) for stage, stories in _STORIES.items()
}

EXISTING: Mapping[str, Story] = {
    f"{stage}, {title}": story
    for stage, stories in CASES.items()
    if stage is not None
    for title, story in stories.items()
}


def bodies(name: str, case: Case) -> tuple[Body, ...]:
    """Bodies of the command ``name`` that the law has nothing against where it takes the command at all."""
    parties = case.state.parties if case.state else PARTIES
    samples: Mapping[str, tuple[Body, ...]] = {
        "submit": (Submit(application=submission()),),
        "assign": (Assign(officer=OFFICER.officer),),
        "request_information": (RequestInformation(request="Who operates the network?"),),
        "answer": tuple(_answers(case)),
        "recommend": (GRANT, GRANT_IN_PART, DENY),
        "countersign": tuple(_countersignatures(case)),
        "sign_off": (SignOff(approves=True), SignOff(approves=False, comment="Reconsider.")),
        "return_without_action": (RETURN,),
        "withdraw": (Withdraw(), Withdraw(reason="The sale fell through.")),
        "record_screening": tuple(
            RecordScreening(screening=found, parties=parties) for found in _screenings(case)
        ),
        "resolve_match": tuple(_verdicts(case)),
        "confirm_match": tuple(_confirmations(case)),
        "place_hold": (CHECK,),
        "request_expedite": () if _asked(case) else (URGENT,),
        "grant_expedite": (LET,) if _asked(case) is not False else (),
        "refuse_expedite": (WAIT,) if _asked(case) is not False else (),
        "record_flip": (flip(case, TURNED),),
        "note_flip": (NOTED,) if _waits_for_a_note(case) else (),
        "lift_hold": tuple(LiftHold(hold=number) for number in _open_holds(case)),
        "refer": tuple(Refer(agencies=(agency,)) for agency in Agency if _free(case, agency)),
        "advise": (APPROVE, APPROVE_IF, OBJECT) if _waiting(case) else (),
        "ask_applicant": (AskApplicant(request="Which radios?"),) if _waiting(case, asked=False) else (),
        "delegate_back": (DelegateBack(),) if _waiting(case) else (),
        "answer_wording": tuple(_of_wordings(case)),
        "decide_dispute": (DECIDED_GRANT, DECIDED_DENY),
        "vote": (Vote(outcome=Outcome.GRANT), Vote(outcome=Outcome.DENY)),
        "escalate": (Escalate(grounds="Not to us."),),
        "respond": tuple(_responses(case)),
        "reconsider": (Reconsider(reasons="The end user was confirmed."),),
        "appeal": (Appeal(grounds="The end user was confirmed."),),
        "decide_appeal": tuple(
            DecideAppeal(upholds=upholds, reasons="On the file.") for upholds in (True, False)
        ),
    }
    return samples[name]


def _screenings(case: Case) -> Iterator[Screening]:
    """What tells something that the case does not have."""
    state = case.state
    for outcome in ("no_match", "listed", "possible_match", "could_not_screen"):
        found = screening("no_match", outcome)
        if state is None or not state.screened or (found.complete and found != state.screening):
            yield found


def _countersignatures(case: Case) -> Iterator[Countersign]:
    """Nobody agrees while an agency is asked about its conditions."""
    if case.state is None or not asked_agencies(case.state):
        yield Countersign(agrees=True)
    yield Countersign(agrees=False, comment="Reconsider.")


def _of_wordings(case: Case) -> Iterator[AnswerWording]:
    """Where an agency is asked, or the table is not open to it anyway."""
    if case.state is None or case.state.stage is not Stage.COUNTERSIGNATURE or asked_agencies(case.state):
        yield AnswerWording(agrees=True)
        yield AnswerWording(agrees=False, comment="Not so.")


def _verdicts(case: Case) -> Iterator[ResolveMatch]:
    hits = [(hit.party, hit.match.listing) for hit in case.state.hits] if case.state else []
    if case.state is None or isinstance(TRANSITIONS[case.state.stage]["resolve_match"], Code):
        hits = [(1, ALIKE.listing)]
    for party, listing in hits:
        for verdict in Verdict:
            yield ResolveMatch(party=party, listing=listing, verdict=verdict, reason="By its address.")


def _confirmations(case: Case) -> Iterator[ConfirmMatch]:
    """Where something was said false, or the table is not open to it anyway."""
    if case.state is None or isinstance(TRANSITIONS[case.state.stage]["confirm_match"], Code):
        yield ConfirmMatch(party=1)
    for hit in case.state.met if case.state else ():
        said = hit.resolution
        if said and said.verdict is Verdict.FALSE_MATCH and said.remembered_from is None:
            yield ConfirmMatch(party=hit.party, listing=hit.match.listing)
            yield ConfirmMatch(party=hit.party)


def _answers(case: Case) -> Iterator[Answer]:
    state = case.state
    if state is None or (not state.referrals and state.stage is not Stage.TRIAGE) or state.open_inquiry:
        yield Answer(answer="The municipality.")
        yield Answer(answer="The buyer changed.", parties=OTHER_PARTIES)
    for referral in state.referrals if state else ():
        if referral.open_inquiry:
            yield Answer(answer="Five.", agency=referral.agency)


def _responses(case: Case) -> Iterator[Respond]:
    yield Respond(response="Our buyer is known to you.")
    if case.state and case.state.denials and case.state.denials[-1].modifications:
        yield Respond(response="We agree.", accepts_modifications=True)


def _open_holds(case: Case) -> Iterator[int]:
    """Those that an officer may lift; before there is a case, any."""
    state = case.state
    if state is None or state.stage.closed:
        yield 1
        return
    asked = state.open_inquiry
    for number, hold in enumerate(state.holds, 1):
        if hold.lifted_at is None and (asked is None or asked.hold != number):
            yield number


def _asked(case: Case) -> bool | None:
    """Whether the applicant has asked that the case come before others, and waits; None: nobody may."""
    state = case.state
    if state is None or isinstance(TRANSITIONS[state.stage]["request_expedite"], Code):
        return None
    return state.expedite is not None and state.expedite.granted is None


def _waits_for_a_note(case: Case) -> bool:
    """Whether there is a flip to see to, or nobody may."""
    state = case.state
    if state is None or isinstance(TRANSITIONS[state.stage]["note_flip"], Code):
        return True
    return bool(waiting(state))


def _free(case: Case, agency: Agency) -> bool:
    return case.state is None or case.state.referral(agency) is None


def _waiting(case: Case, *, asked: bool = True) -> bool:
    """Whether the agency that is to speak next has the case, and has not asked or may have ``asked``."""
    state = case.state
    if state is None or state.stage not in {Stage.INTERAGENCY, Stage.AWAITING_ANSWER, Stage.TRIAGE}:
        return True
    waiting = [referral for referral in state.referrals if referral.opinion is None]
    return bool(waiting) and (asked or waiting[0].open_inquiry is None)

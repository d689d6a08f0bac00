"""Cases of every kind, made the way real ones are: by commands.

A case is told as a story, ``submitted().screened().recommended()``; each step first records the deadlines
that are due, as the workflows do, and fails if the law refuses it.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from greenlight.kernel.aggregate import CommandRefused, Decision
from greenlight.kernel.body import Body, decisions
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor, Role
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.commands import (
    COMMANDS,
    Advise,
    Answer,
    AnswerWording,
    Appeal,
    AskApplicant,
    Assign,
    ConfirmMatch,
    Countersign,
    DecideAppeal,
    DecideDispute,
    DelegateBack,
    Escalate,
    LiftHold,
    Outcome,
    PlaceHold,
    Recommend,
    Reconsider,
    RecordScreening,
    Refer,
    RequestInformation,
    ResolveMatch,
    Respond,
    ReturnGround,
    ReturnWithoutAction,
    SignOff,
    Submit,
    Vote,
    Withdraw,
)
from greenlight.law.application.dispute.language import LADDER
from greenlight.law.application.dossier import (
    Finding,
    Item,
    Match,
    Money,
    Parties,
    Party,
    PartyRole,
    Screening,
    Submission,
)
from greenlight.law.application.expedite.commands import GrantExpedite, RefuseExpedite, RequestExpedite
from greenlight.law.application.flip.commands import NoteFlip, RecordFlip
from greenlight.law.application.flip.said import Said, Turn
from greenlight.law.application.interagency.agency import Advice, Agency, Rewording
from greenlight.law.application.interagency.wording import asked_agencies
from greenlight.law.application.needs import (
    EntryOf,
    LicenseNumber,
    RegisteredName,
    RememberedOf,
    RolesOf,
    ScreeningOf,
    UnclassifiedAmong,
    UnknownEccns,
    WhyNotRequired,
)
from greenlight.law.application.ownership import Contact, PartyOwner
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.screening.language import COUNTS_DAYS, Resolution, Verdict
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.application.state import ApplicationState, Stage, dossier_digest
from tests.law import actors
from tests.law.actors import APPLICANT, COUNTERSIGNER, EXECUTIVE, OFFICER, OTHER_OFFICER
from tests.law.decisions import Answers, Told, accepted, told

DECISIONS = decisions(COMMANDS)

BEGIN = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
ACN = "Z000001"
NUMBER = "D000001"

NAME_OF: Mapping[type[Body], str] = {body: name for name, body in COMMANDS.items()} | {
    RecordScreening: "record_screening",
    RecordFlip: "record_flip",
}
NAMES = tuple(NAME_OF.values())

SENDER: Mapping[type[Body], Actor | None] = {
    Submit: APPLICANT,
    Assign: OFFICER,
    RequestInformation: OFFICER,
    Answer: APPLICANT,
    Recommend: OFFICER,
    Countersign: COUNTERSIGNER,
    SignOff: EXECUTIVE,
    ReturnWithoutAction: OFFICER,
    Withdraw: APPLICANT,
    RequestExpedite: APPLICANT,
    GrantExpedite: OFFICER,
    RefuseExpedite: OFFICER,
    RecordFlip: None,
    NoteFlip: OFFICER,
    PlaceHold: OFFICER,
    LiftHold: OFFICER,
    Refer: OFFICER,
    RecordScreening: None,
    ResolveMatch: OFFICER,
    ConfirmMatch: OTHER_OFFICER,
    Respond: APPLICANT,
    Reconsider: OFFICER,
    Appeal: APPLICANT,
    DecideAppeal: EXECUTIVE,
}
"""Who usually sends a command, if that does not depend on the case."""

PURCHASER = Party(role=PartyRole.PURCHASER, name="Harbour Trading Oy", country="FI")
CONSIGNEE = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Lighthouse Telecom AS", country="NO")
OTHER_CONSIGNEE = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Skerry Mobile AS", country="NO")
PARTIES: Parties = (PURCHASER, CONSIGNEE)
OTHER_PARTIES: Parties = (PURCHASER, OTHER_CONSIGNEE)

OWNED = Party(
    role=PartyRole.ULTIMATE_CONSIGNEE,
    name="Lighthouse Telecom AS",
    country="NO",
    address="Quay 1\n0150 Oslo",
    contact=Contact(name="Kari Nordmann", email="kari@example.com", telephone="+47 22 00 00 00"),
    owners=(
        PartyOwner(name="Lighthouse Holding AS", country="NO", share=6_000),
        PartyOwner(name="Somebody", country="NO", through=1),
    ),
)
OWNED_PARTIES: Parties = (PURCHASER, OWNED)
"""All that may be filed of a party but for what is said of its form."""

VENTURE = OWNED.model_copy(update={"joint_venture": True, "headquarters": "SE"})
VENTURE_PARTIES: Parties = (PURCHASER.model_copy(update={"joint_venture": False}), VENTURE)
"""All that may be filed of a party."""

MATCH = Match(
    listing="entity-list/1",
    name="Lighthouse Telecom",
    citation="84 FR 22961",
    review_policy="Presumption of denial",
    pair="sha256:" + "1" * 64,
    source_list="entity-list",
)
ALIKE = Match(
    listing="entity-list/2",
    name="Lighthouse Telekom ASA",
    citation="85 FR 29849",
    review_policy="Presumption of denial",
    score=91,
    explanation=("telecom met telekom", "the legal form was ignored"),
    pair="sha256:" + "2" * 64,
)

UNSCREENED = Screening(list_version=None, findings=())
"""A screening that tells of nobody."""

FACTS: Answers = {
    LicenseNumber: NUMBER,
    RolesOf: frozenset({Role.LICENSING_OFFICER}),
    ScreeningOf: UNSCREENED,
    RememberedOf: (),
    EntryOf: None,
    UnclassifiedAmong: None,
    UnknownEccns: (),
    RegisteredName: None,
    WhyNotRequired: None,
    CaseOf: None,
}
"""What commands are told where a test says nothing else."""

ScreeningOutcome = Literal["listed", "possible_match", "no_match", "could_not_screen"]
_MATCHES: Mapping[ScreeningOutcome, tuple[Match, ...]] = {"listed": (MATCH,), "possible_match": (ALIKE,)}


def item(
    line: int = 1, *, classification: str = "EAR99", cents: int = 100_000_00, currency: str = "USD"
) -> Item:
    return Item(
        line=line,
        description="Base station",
        classification=classification,
        quantity=10,
        unit="pieces",
        value=Money(minor_units=cents, currency=currency),
    )


def submission(
    *items: Item,
    parties: Parties = PARTIES,
    all_or_nothing: bool = False,
    previous_acn: str | None = None,
    reference: str | None = None,
) -> Submission:
    """An application for ``items``, or for two small lines: always the same transaction."""
    return Submission(
        applicant="Example Networks Inc.",
        parties=parties,
        items=items or (item(1), item(2)),
        end_use="A rural mobile network",
        all_or_nothing=all_or_nothing,
        previous_acn=previous_acn,
        reference=reference,
    )


_orders = itertools.count(1)


def new_submission(*items: Item, parties: Parties = PARTIES) -> Submission:
    """An application for a transaction of its own, which none that is pending stands in the way of."""
    return submission(*items, parties=parties, reference=f"Order {next(_orders)}")


def screening(*outcomes: ScreeningOutcome) -> Screening:
    """Findings by the place of the party."""
    return Screening(
        list_version="sha256:" + "0" * 64,
        findings=tuple(
            Finding(
                party=place,
                outcome=outcome,
                matches=_MATCHES.get(outcome, ()),
                reason="the name has no letters" if outcome == "could_not_screen" else None,
            )
            for place, outcome in enumerate(outcomes)
        ),
    )


NOT_REQUIRED = Proposed(reason="EAR99, and nobody is listed.", citation="15 CFR 734.7")
GRANT = Recommend(outcome=Outcome.GRANT, reasons="Civil end use.")
GRANT_IN_PART = Recommend(
    outcome=Outcome.GRANT,
    reasons="Line 1 only.",
    lines=(1,),
    conditions=("No resale.",),
    riders=("See 750.7.",),
)
DENY = Recommend(outcome=Outcome.DENY, reasons="Diversion risk.")
DENY_UNLESS = Recommend(
    outcome=Outcome.DENY, reasons="Diversion risk.", modifications="Leave out the core router."
)
CONDITION = "No military end use."
REWORDED = Recommend(
    outcome=Outcome.GRANT,
    reasons="Civil end use.",
    conditions=("No resale.",),
    rewordings=(Rewording(original=CONDITION, text="No use by armed forces."),),
)
APPROVE = Advise(advice=Advice.APPROVE)
APPROVE_IF = Advise(advice=Advice.APPROVE_WITH_CONDITIONS, conditions=(CONDITION,))
OBJECT = Advise(
    advice=Advice.DENY,
    reasons="Diversion risk.",
    statutory_basis="50 U.S.C. 4813",
    regulatory_basis="15 CFR 744.11",
)
URGENT = RequestExpedite(reasons="The hospital opens in March.")
LET = GrantExpedite(reasons="It serves a hospital.")
WAIT = RefuseExpedite(reasons="March is far.")
TURNED = Turn(destination="NO", before=Said.NOT_REQUIRED, after=Said.REQUIRED)
NOTED = NoteFlip(reasons="The exporter knows.")
CHECK = PlaceHold(kind=HoldKind.PRE_LICENSE_CHECK, reason="A visit to the end user.")
DECIDED_GRANT = DecideDispute(outcome=Outcome.GRANT, reasons="The risk is small.", conditions=(CONDITION,))
DECIDED_DENY = DecideDispute(outcome=Outcome.DENY, reasons="The risk is large.")
RETURN = ReturnWithoutAction(ground=ReturnGround.LICENSE_NOT_REQUIRED, reasons="EAR99, no listed party.")


@dataclass(frozen=True, slots=True)
class Case:
    """A case at an instant, with the events that made it."""

    state: ApplicationState | None = None
    now: datetime = BEGIN
    events: tuple[Event, ...] = ()

    @property
    def opened(self) -> ApplicationState:
        assert self.state is not None, "the case does not exist yet"
        return self.state

    @property
    def digest(self) -> str:
        return dossier_digest(self.opened)

    def at(self, now: datetime) -> "Case":
        """The same case at another instant; nothing has been noticed yet."""
        return replace(self, now=now)

    def later(self, *, days: float = 0, hours: float = 0) -> "Case":
        return self.at(self.now + timedelta(days=days, hours=hours))

    def with_events(self, *events: Event) -> "Case":
        state = self.state
        for event in events:
            state = APPLICATION.apply(state, event)
        return replace(self, state=state, events=(*self.events, *events))

    def advanced(self) -> "Case":
        """With every deadline on record that is due."""
        return self.with_events(*APPLICATION.advance(self.state, self.now))

    def command(self, body: Body, by: Actor | None = None) -> Command[Body]:
        """The command as it usually comes: by whoever usually sends it, resting on the dossier as it is."""
        name = NAME_OF[type(body)]
        return Command(
            key=ACN,
            body=body,
            by=by or (SENDER[type(body)] if type(body) in SENDER else self.sender(body)),
            dossier=self.digest if self.state and name in DECISIONS else None,
            facts=Told(by_type=FACTS),
        )

    def sender(self, body: Body) -> Actor:
        """Who is to send what agencies and forums say: the first of those whose turn it is."""
        state = self.state
        waiting = [r.agency.value for r in state.referrals if r.opinion is None] if state else []
        dispute = state.dispute if state else None
        if isinstance(body, AnswerWording):
            asked = asked_agencies(state) if state else ()
            return actors.REVIEWERS[asked[0] if asked else "defense"]
        if dispute is None or isinstance(body, Advise | AskApplicant | DelegateBack):
            return actors.REVIEWERS[waiting[0] if waiting else "defense"]
        escalates = {"agency_reviewer": actors.REVIEWERS, "agency_head": actors.HEADS}
        members = {"acep": actors.ACEP, "earb": actors.EARB}.get(dispute.forum, actors.ACEP)
        match body:
            case Escalate():
                return escalates[LADDER[dispute.forum].escalates or "agency_reviewer"]["defense"]
            case Vote():
                voted = {vote.seat for vote in dispute.votes}
                return next((member for seat, member in members.items() if seat not in voted), OFFICER)
            case _:
                return EXECUTIVE if dispute.forum == "president" else actors.OC_CHAIR

    def decides(self, command: Command[Body]) -> Decision:
        case = self.advanced()
        return APPLICATION.decide(case.state, command, case.now)

    def asked(self, body: Body, by: Actor | None = None) -> Decision:
        """The decision on a command, which changes nothing yet."""
        return self.decides(self.command(body, by))

    def after(self, body: Body, by: Actor | None = None) -> "Case":
        """The case after a command that must be accepted."""
        return self.advanced().with_events(*accepted(self.asked(body, by)))

    def assigned(self, officer: str = OFFICER.officer) -> "Case":
        return self.after(Assign(officer=officer))

    def screened(self, *outcomes: ScreeningOutcome) -> "Case":
        """Screened with these outcomes, or with no match at all."""
        parties = self.opened.parties
        no_match: tuple[ScreeningOutcome, ...] = ("no_match",) * len(parties)
        return self.after(RecordScreening(screening=screening(*(outcomes or no_match)), parties=parties))

    def found(self, found: Screening, *remembered: Resolution, proposed: Proposed | None = None) -> "Case":
        """Screened with that result, what is remembered of its pairs, and what is proposed on it."""
        command = self.command(RecordScreening(screening=found, parties=self.opened.parties))
        informed = told(command, {RememberedOf: remembered, WhyNotRequired: proposed})
        return self.advanced().with_events(*accepted(self.decides(informed)))

    def resolved(
        self, verdict: Verdict = Verdict.FALSE_MATCH, match: Match = ALIKE, party: int = 1
    ) -> "Case":
        return self.after(
            ResolveMatch(party=party, listing=match.listing, verdict=verdict, reason="Another company.")
        )

    def confirmed(self, days: int = COUNTS_DAYS, by: Actor | None = None, party: int = 1) -> "Case":
        """With a second officer's word on every false match of the party."""
        return self.after(ConfirmMatch(party=party, days=days), by)

    def inquired(self) -> "Case":
        return self.after(RequestInformation(request="Who operates the network?"))

    def answered(self, parties: Parties | None = None, by: Actor | None = None) -> "Case":
        return self.after(Answer(answer="The municipality.", parties=parties), by)

    def recommended(self, body: Recommend = GRANT, by: Actor | None = None) -> "Case":
        return self.after(body, by)

    def countersigned(self) -> "Case":
        return self.after(Countersign(agrees=True, comment="Agreed."))

    def held(self) -> "Case":
        return self.after(CHECK)

    def lifted(self, number: int = 1) -> "Case":
        return self.after(LiftHold(hold=number))

    def referred(self, *agencies: Agency) -> "Case":
        """To these agencies, or to all."""
        return self.after(Refer(agencies=agencies or tuple(Agency)))

    def advised(self, *advices: Advise) -> "Case":
        """By the agencies that are still to speak, in the order of their referral."""
        case = self
        for advice in advices:
            case = case.after(advice)
        return case

    def decided(self, body: DecideDispute = DECIDED_GRANT) -> "Case":
        return self.after(body)

    def escalated(self) -> "Case":
        return self.after(Escalate(grounds="Not to us."))

    def voted(self, *outcomes: Outcome) -> "Case":
        """By the departments that have not voted yet."""
        case = self
        for outcome in outcomes:
            case = case.after(Vote(outcome=outcome))
        return case

    def signed_off(self) -> "Case":
        return self.after(SignOff(approves=True, comment="Approved."))

    def to_be_expedited(self) -> "Case":
        return self.after(URGENT)

    def flipped(self, *turns: Turn, proposed: Proposed | None = None) -> "Case":
        """An instant came, another one each time, from which on the answer is another one."""
        command = self.command(flip(self, *turns or (TURNED,)))
        informed = told(command, {WhyNotRequired: proposed})
        return self.advanced().with_events(*accepted(self.decides(informed)))

    def sent_back(self) -> "Case":
        """By the countersigner or the executive, whoever has it."""
        if self.opened.stage is Stage.SIGN_OFF:
            return self.after(SignOff(approves=False, comment="Reconsider."))
        return self.after(Countersign(agrees=False, comment="Reconsider."))

    def responded(self, *, accepts: bool = False) -> "Case":
        return self.after(Respond(response="Our buyer is known to you.", accepts_modifications=accepts))

    def reconsidered(self) -> "Case":
        return self.after(Reconsider(reasons="The end user was confirmed."))

    def denied(self) -> "Case":
        """By the 45 days after the notice."""
        return self.later(days=46).advanced()

    def appealed(self) -> "Case":
        return self.after(Appeal(grounds="The end user was confirmed."))

    def judged(self, *, upholds: bool) -> "Case":
        return self.after(DecideAppeal(upholds=upholds, reasons="As the file stands."))


def refused(command: Command[Body], refusal: Refusal, at: datetime) -> CommandRefused:
    """What the desk records of a command that the law refused."""
    return CommandRefused(
        at=at,
        by=command.by,
        command=command.name,
        command_id="attempt-0001",
        code=refusal.code,
        message=refusal.message,
    )


def submitted(application: Submission | None = None, at: datetime = BEGIN) -> Case:
    return Case(now=at).after(Submit(application=application or submission()))


def possibly_listed() -> Case:
    """In triage, because the consignee's name is much like a listed one."""
    return submitted().screened("no_match", "possible_match")


def in_review(application: Submission | None = None) -> Case:
    return submitted(application).screened()


def with_countersigner(body: Recommend = GRANT) -> Case:
    return in_review().recommended(body)


def with_reworded() -> Case:
    """With an agency, which is asked about its condition in the officer's words."""
    return in_review().referred(Agency.DEFENSE).advised(APPROVE_IF).recommended(REWORDED)


def with_executive(body: Recommend = GRANT) -> Case:
    """With the executive, because a listed entity is a party."""
    return submitted().screened("no_match", "listed").recommended(body).countersigned()


def to_be_denied(body: Recommend = DENY) -> Case:
    """Notified of the intent to deny."""
    return with_executive(body).signed_off()


def disputed(proposal: Recommend = GRANT) -> Case:
    """Before the Operating Committee: Defense objects, Energy agrees."""
    referred = in_review().referred(Agency.DEFENSE, Agency.ENERGY)
    return referred.advised(OBJECT, APPROVE).recommended(proposal).countersigned()


def before_acep() -> Case:
    return disputed().decided().escalated()


def before_earb(decision: Outcome = Outcome.GRANT) -> Case:
    return before_acep().voted(*[decision] * 4).escalated()


def before_president() -> Case:
    return before_earb().voted(*[Outcome.GRANT] * 4).escalated()


def flip(case: Case, *turns: Turn) -> RecordFlip:
    """What the service has a case record of an instant that it has nothing of yet."""
    state = case.state
    instant = BEGIN + timedelta(hours=len(state.flips) if state else 0)
    because = "Affiliates Rule: it is in force (90 FR 47201)"
    return RecordFlip(
        instant=instant, turns=turns, because=because, parties=state.parties if state else PARTIES
    )

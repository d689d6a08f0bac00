"""Cases of every kind, made the way real ones are: by commands.

A case is told as a story, ``submitted().screened().recommended()``; each step first records the deadlines
that are due, as the workflows do, and fails if the law refuses it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from licensing.application.aggregate import APPLICATION
from licensing.application.commands import (
    COMMANDS,
    DECISIONS,
    Answer,
    Assign,
    Countersign,
    Outcome,
    Recommend,
    RecordScreening,
    RequestInformation,
    ReturnGround,
    ReturnWithoutAction,
    SignOff,
    Submit,
    Withdraw,
)
from licensing.application.dossier import (
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
from licensing.application.state import ApplicationState, Stage, dossier_digest
from licensing.authority import Actor
from licensing.commit import Event
from licensing.decider import Body, Command, Decision
from tests.licensing.actors import APPLICANT, COUNTERSIGNER, EXECUTIVE, OFFICER
from tests.licensing.decisions import accepted

BEGIN = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
ACN = "Z000001"
NUMBER = "D000001"

NAME_OF: Mapping[type[Body], str] = {body: name for name, body in COMMANDS.items()} | {
    RecordScreening: "record_screening"
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
    RecordScreening: None,
}
"""Who usually sends a command."""

PURCHASER = Party(role=PartyRole.PURCHASER, name="Harbour Trading Oy", country="FI")
CONSIGNEE = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Lighthouse Telecom AS", country="NO")
OTHER_CONSIGNEE = Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Skerry Mobile AS", country="NO")
PARTIES: Parties = (PURCHASER, CONSIGNEE)
OTHER_PARTIES: Parties = (PURCHASER, OTHER_CONSIGNEE)

MATCH = Match(
    listing="entity-list/1",
    name="Lighthouse Telecom",
    citation="84 FR 22961",
    review_policy="Presumption of denial",
)

ScreeningOutcome = Literal["listed", "no_match", "could_not_screen"]


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
    *items: Item, parties: Parties = PARTIES, all_or_nothing: bool = False, previous_acn: str | None = None
) -> Submission:
    """An application for ``items``, or for two small lines."""
    return Submission(
        applicant="Example Networks Inc.",
        parties=parties,
        items=items or (item(1), item(2)),
        end_use="A rural mobile network",
        all_or_nothing=all_or_nothing,
        previous_acn=previous_acn,
    )


def screening(*outcomes: ScreeningOutcome) -> Screening:
    """Findings by the place of the party."""
    return Screening(
        list_version="sha256:" + "0" * 64,
        findings=tuple(
            Finding(
                party=place,
                outcome=outcome,
                matches=(MATCH,) if outcome == "listed" else (),
                reason="the name has no letters" if outcome == "could_not_screen" else None,
            )
            for place, outcome in enumerate(outcomes)
        ),
    )


GRANT = Recommend(outcome=Outcome.GRANT, reasons="Civil end use.")
GRANT_IN_PART = Recommend(
    outcome=Outcome.GRANT,
    reasons="Line 1 only.",
    lines=(1,),
    conditions=("No resale.",),
    riders=("See 750.7.",),
)
DENY = Recommend(outcome=Outcome.DENY, reasons="Diversion risk.")
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
            name=name,
            key=ACN,
            body=body,
            by=by or SENDER[type(body)],
            dossier=self.digest if self.state and name in DECISIONS else None,
            license_number=NUMBER,
        )

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

    def inquired(self) -> "Case":
        return self.after(RequestInformation(request="Who operates the network?"))

    def answered(self, parties: Parties | None = None, by: Actor | None = None) -> "Case":
        return self.after(Answer(answer="The municipality.", parties=parties), by)

    def recommended(self, body: Recommend = GRANT, by: Actor | None = None) -> "Case":
        return self.after(body, by)

    def countersigned(self) -> "Case":
        return self.after(Countersign(agrees=True, comment="Agreed."))

    def signed_off(self) -> "Case":
        return self.after(SignOff(approves=True, comment="Approved."))

    def sent_back(self) -> "Case":
        """By the countersigner or the executive, whoever has it."""
        if self.opened.stage is Stage.SIGN_OFF:
            return self.after(SignOff(approves=False, comment="Reconsider."))
        return self.after(Countersign(agrees=False, comment="Reconsider."))


def submitted(application: Submission | None = None, at: datetime = BEGIN) -> Case:
    return Case(now=at).after(Submit(application=application or submission()))


def in_review(application: Submission | None = None) -> Case:
    return submitted(application).screened()


def with_countersigner(body: Recommend = GRANT) -> Case:
    return in_review().recommended(body)


def with_executive(body: Recommend = GRANT) -> Case:
    """With the executive, because a listed entity is a party."""
    return submitted().screened("no_match", "listed").recommended(body).countersigned()


Story = Callable[[], Case]

CASES: Mapping[Stage | None, Mapping[str, Story]] = {
    None: {"none": Case},
    Stage.TRIAGE: {
        "fresh": submitted,
        "overdue": lambda: submitted().later(days=100).advanced(),
        "could not screen": lambda: submitted().screened("no_match", "could_not_screen"),
        "parties replaced": lambda: in_review().inquired().answered(OTHER_PARTIES),
        "answered unscreened": lambda: submitted().inquired().answered(),
    },
    Stage.REVIEW: {
        "no match": in_review,
        "assigned": lambda: in_review().assigned(),
        "listed": lambda: submitted().screened("no_match", "listed"),
        "answered": lambda: in_review().inquired().later(days=14).answered(),
        "sent back": lambda: in_review().recommended().sent_back(),
        "sent back by the executive": lambda: with_executive().sent_back(),
    },
    Stage.AWAITING_ANSWER: {
        "unscreened": lambda: submitted().inquired(),
        "could not screen": lambda: submitted().screened("could_not_screen", "no_match").inquired(),
        "screened": lambda: in_review().inquired(),
    },
    Stage.COUNTERSIGNATURE: {
        "grant": with_countersigner,
        "grant in part": lambda: in_review().recommended(GRANT_IN_PART),
        "grant to a listed entity": lambda: submitted().screened("no_match", "listed").recommended(),
        "denial": lambda: in_review().recommended(DENY),
    },
    Stage.SIGN_OFF: {
        "grant": with_executive,
        "denial": lambda: in_review().recommended(DENY).countersigned(),
    },
    Stage.GRANTED: {
        "by the countersigner": lambda: in_review().recommended().countersigned(),
        "by the executive": lambda: with_executive().signed_off(),
    },
    Stage.INTENT_TO_DENY: {"denied": lambda: with_executive(DENY).signed_off()},
    Stage.RETURNED: {"returned": lambda: in_review().after(RETURN)},
    Stage.WITHDRAWN: {"withdrawn": lambda: submitted().after(Withdraw())},
}
"""For every stage, stories of cases that are at it.

They are told when a test needs them: a law with a flaw then fails the tests of the flaw, not all of them.
"""

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
        "answer": (
            Answer(answer="The municipality."),
            Answer(answer="The buyer changed.", parties=OTHER_PARTIES),
        ),
        "recommend": (GRANT, GRANT_IN_PART, DENY),
        "countersign": (Countersign(agrees=True), Countersign(agrees=False, comment="Reconsider.")),
        "sign_off": (SignOff(approves=True), SignOff(approves=False, comment="Reconsider.")),
        "return_without_action": (RETURN,),
        "withdraw": (Withdraw(), Withdraw(reason="The sale fell through.")),
        "record_screening": (
            RecordScreening(screening=screening("no_match", "no_match"), parties=parties),
            RecordScreening(screening=screening("no_match", "listed"), parties=parties),
            RecordScreening(screening=screening("no_match", "could_not_screen"), parties=parties),
        ),
    }
    return samples[name]

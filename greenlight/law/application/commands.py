"""The commands that an application takes. Names are imperatives; each model is the body of one command."""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from greenlight.kernel.body import SERVICE, Body, commands, has
from greenlight.kernel.model import Identifier, Name, Text
from greenlight.kernel.option import Comment, Option, Reasons, ToldReasons
from greenlight.kernel.roles import Role
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.dossier import (
    MAX_ITEMS,
    MAX_PLACES,
    Parties,
    Screening,
    Submission,
)
from greenlight.law.application.expedite.commands import GrantExpedite, RefuseExpedite, RequestExpedite
from greenlight.law.application.flip.commands import NoteFlip, RecordFlip
from greenlight.law.application.interagency.agency import Advice, Agency, Rewordings, asked, rewording_problem
from greenlight.law.application.screening.language import COUNTS_DAYS, MAX_COUNTS_DAYS, Verdict
from greenlight.law.application.validity import Validity

Asked = Annotated[Text, Field(description="What the applicant is asked.")]


class Submit(Body, by={Role.APPLICANT}, starts=True):
    """File the application. It starts the case, and the clock."""

    application: Submission


class Assign(Body, by={Role.LICENSING_OFFICER}):
    """Give the case to a licensing officer; from then on only they recommend."""

    officer: Annotated[
        Identifier, Field(description="The licensing officer who gets the case.", examples=["oscar"])
    ]


class RequestInformation(Body, by={Role.LICENSING_OFFICER}):
    """Ask the applicant. The clock stops until the answer (15 CFR 750.4(b)(1))."""

    request: Asked


class Answer(Body, by={Role.APPLICANT}):
    """Answer the open request of the licensing officer, or of ``agency``.

    ``parties`` replaces all parties, which are then screened anew; agencies do not ask for that.
    """

    answer: Annotated[Text, Field(description="What the applicant says.")]
    parties: Annotated[
        Parties | None, Field(description="A list that replaces all parties; they are screened anew.")
    ] = None
    agency: Annotated[
        Agency | None, Field(description="The agency that asked. Default: the licensing officer.")
    ] = None

    @model_validator(mode="after")
    def _only_the_officer_takes_other_parties(self) -> Self:
        if self.parties is not None and self.agency is not None:
            raise ValueError("an answer to an agency cannot replace the parties")
        return self


class Outcome(StrEnum):
    """The outcome that a licensing officer recommends."""

    GRANT = "grant"
    DENY = "deny"


Conditions = Annotated[tuple[Text, ...], Field(max_length=50)]


Confirmed = Annotated[
    tuple[int, ...],
    Field(
        max_length=MAX_ITEMS,
        exclude_if=lambda lines: not lines,
        description="Of the items to grant, those whose ECCN is on no entry of the control tables of the day,"
        " and is right all the same: it was on an earlier issue, say.",
    ),
    Option("confirm-eccn"),
]


class _Proposal(Body):
    """The outcome that is proposed for the application."""

    outcome: Outcome
    reasons: ToldReasons
    lines: Annotated[
        Annotated[tuple[int, ...], Field(min_length=1, max_length=100)] | None,
        Field(description="The items to grant. Default: all."),
    ] = None
    conditions: Annotated[Conditions, Field(description="Binding conditions (15 CFR 750.7(d)).")] = ()
    riders: Annotated[Conditions, Field(description="Explanations on the license, which bind nobody.")] = ()
    validity: Annotated[
        Validity, Field(description="For how long the license is issued (15 CFR 750.7(g)).")
    ] = Validity.STANDARD
    confirmed: Confirmed = ()
    modifications: Annotated[
        Text | None,
        Field(description="Of a denial: what would let the case be considered again (15 CFR 750.6(a)(4))."),
    ] = None

    @model_validator(mode="after")
    def _a_denial_grants_nothing(self) -> Self:
        terms = (self.lines, self.conditions, self.riders, self.confirmed)
        if self.outcome is Outcome.DENY and (any(terms) or self.validity is not Validity.STANDARD):
            raise ValueError("a denial has no lines, conditions, riders, validity or confirmed lines")
        if self.outcome is Outcome.GRANT and self.modifications:
            raise ValueError("modifications are offered with a denial")
        return self


class Recommend(_Proposal, by={Role.LICENSING_OFFICER}, decision=True):
    """Recommend to grant or to deny; another officer must countersign.

    An agency whose condition is reworded is asked whether it agrees. After three days without an answer its
    own words are recommended.
    """

    rewordings: Rewordings = ()

    @model_validator(mode="after")
    def _rewords_what_it_grants(self) -> Self:
        if self.outcome is Outcome.DENY and self.rewordings:
            raise ValueError("a denial rewords no conditions")
        if problem := rewording_problem(self.rewordings, self.conditions):
            raise ValueError(f"rewordings: {problem}")
        return self


class Countersign(Body, by={Role.COUNTERSIGNER}, decision=True):
    """Countersign a recommendation, as another person than the one who made it."""

    agrees: Annotated[
        bool, Field(description="Without agreement it goes back to review."), Option("disagree", denies=True)
    ]
    comment: Comment = None


class SignOff(Body, by={Role.EXECUTIVE}, decision=True):
    """Give the executive's word on a countersigned recommendation."""

    approves: Annotated[
        bool, Field(description="Without approval it goes back to review."), Option("decline", denies=True)
    ]
    comment: Comment = None


class ReturnGround(StrEnum):
    """The ground on which an application is returned without action (15 CFR 750.4(c), 748.4)."""

    UNCORRECTABLE_DEFICIENCY = "uncorrectable_deficiency"
    LICENSE_NOT_REQUIRED = "license_not_required"
    WRONG_JURISDICTION = "wrong_jurisdiction"
    LICENSE_EXCEPTION_AVAILABLE = "license_exception_available"


class ReturnWithoutAction(Body, by={Role.LICENSING_OFFICER}, decision=True):
    """Return the application: neither granted nor denied."""

    ground: ReturnGround
    reasons: ToldReasons


class ResolveMatch(Body, by={Role.LICENSING_OFFICER}, decision=True, about=has("hits", "possible_parties")):
    """Say whether a party is the listed one that its name met. It holds until either of them changes.

    It may be said anew; the last word holds. ``party`` counts the parties from 0, as findings do.
    ``others``: what holds of all other open matches of the party at once. Where a name cannot be compared,
    or more is met than is shown, an officer looks by hand: ``listing`` is any entry's key then, with a true
    match, or left out with a false one, for a party that is on no list.
    """

    party: Annotated[int, Field(ge=0, lt=MAX_PLACES, description="The party's place, from 0.", examples=[1])]
    listing: Annotated[
        Name | None,
        Field(
            description="The key of the entry that its name met, or that it is.", examples=["huawei-france"]
        ),
        Option(argument=True),
    ] = None
    verdict: Annotated[Verdict, Option(argument=True)]
    reason: Reasons
    others: Annotated[
        Literal[Verdict.FALSE_MATCH] | None,
        Field(description="What holds of all other open matches of the party, too."),
        Option("all-others"),
    ] = None

    @model_validator(mode="after")
    def _who_it_is(self) -> Self:
        if self.listing is None and self.verdict is not Verdict.FALSE_MATCH:
            raise ValueError("listing: a true match says which entry the party is")
        return self


class ConfirmMatch(Body, by={Role.LICENSING_OFFICER}, decision=True, about=has("resolutions")):
    """Let a false match count in other cases, too, as another person than the one who resolved it.

    Until then, and after its time is over, it counts in the case alone in which it was said. It may be said
    anew: the last word on the time holds. Without ``listing``: all false matches of the party.
    """

    party: Annotated[int, Field(ge=0, lt=MAX_PLACES, description="The party's place, from 0.", examples=[1])]
    listing: Annotated[
        Name | None,
        Field(
            description="The key of the entry that it is not. Default: all that it is not.",
            examples=["huawei-france"],
        ),
    ] = None
    days: Annotated[
        int,
        Field(
            ge=1,
            le=MAX_COUNTS_DAYS,
            description="For how many days it counts elsewhere; the last one ends in Washington.",
        ),
    ] = COUNTS_DAYS


class Withdraw(Body, by={Role.APPLICANT}):
    """Take an application back, as its applicant."""

    reason: Annotated[Text | None, Field(description="Why, if you like.")] = None


class PlaceHold(Body, by={Role.LICENSING_OFFICER}):
    """Stop the clock (15 CFR 750.4(b)). Holds are numbered from 1 and may overlap."""

    kind: HoldKind
    reason: Reasons


class LiftHold(Body, by={Role.LICENSING_OFFICER}, about=has("open_holds")):
    """Let the clock run again, unless another hold lasts."""

    hold: Annotated[int, Field(ge=1, description="The number of the hold: its place in the case, from 1.")]


class Refer(Body, by={Role.LICENSING_OFFICER}):
    """Refer the case to agencies; each one's clock starts (15 CFR 750.4(d))."""

    agencies: Annotated[
        tuple[Agency, ...],
        Field(min_length=1, max_length=len(Agency), description="The agencies that are asked."),
    ]


class Advise(Body, by={Role.AGENCY_REVIEWER}, decision=True):
    """Give your agency's recommendation (15 CFR 750.4(d)(2)). A denial needs reasons and both bases."""

    advice: Advice
    reasons: Annotated[Text | None, Field(description="Why; needed to deny.")] = None
    conditions: Annotated[Conditions, Field(description="Conditions that the agency asks for.")] = ()
    statutory_basis: Annotated[Text | None, Field(description="Needed to deny: 50 U.S.C. 4813, say.")] = None
    regulatory_basis: Annotated[Text | None, Field(description="Needed to deny: 15 CFR 744.11, say.")] = None

    @model_validator(mode="after")
    def _conditions_go_with_their_advice(self) -> Self:
        if bool(self.conditions) != (self.advice is Advice.APPROVE_WITH_CONDITIONS):
            raise ValueError("conditions come with approve_with_conditions, and only with it")
        return self


class AskApplicant(Body, by={Role.AGENCY_REVIEWER}):
    """Ask the applicant for your agency, whose clock stops until the answer (15 CFR 750.4(d)(1))."""

    request: Asked


class DelegateBack(Body, by={Role.AGENCY_REVIEWER}):
    """Leave a case that was referred to your agency to the licensing officer (15 CFR 750.3(b)(2))."""

    comment: Comment = None


class AnswerWording(Body, by={Role.AGENCY_REVIEWER}, decision=True, about=asked):
    """Agree to the words that are recommended in place of your agency's conditions, or do not, within 3 days.

    Without agreement the case goes to the Operating Committee once it is countersigned.
    """

    agrees: Annotated[
        bool,
        Field(description="Without agreement your agency keeps to its own words."),
        Option("disagree", denies=True),
    ]
    comment: Comment = None


class DecideDispute(_Proposal, by={Role.OC_CHAIR, Role.EXECUTIVE}, decision=True):
    """Decide among agencies that disagree: as the Operating Committee's chair, or for the President."""


class Vote(Body, by={Role.ACEP_MEMBER, Role.EARB_MEMBER}, decision=True):
    """Vote for your department in the ACEP or the EARB, whichever has the dispute."""

    outcome: Outcome
    comment: Comment = None


class Escalate(Body, by={Role.AGENCY_REVIEWER, Role.AGENCY_HEAD}):
    """Take a decision among agencies on to the next body, within five days."""

    grounds: Annotated[Text, Field(description="Why the decision should not stand.")]


class Respond(Body, by={Role.APPLICANT}):
    """Respond to an intent to deny, within 20 days (15 CFR 750.6(b)).

    Who accepts the modifications that the notice names has the application reviewed again, so modified.
    """

    response: Annotated[Text, Field(description="What the applicant says to the notice.")]
    accepts_modifications: Annotated[
        bool,
        Field(description="Take what the notice offers; it is reviewed again."),
        Option("accept-modifications"),
    ] = False


class Reconsider(Body, by={Role.LICENSING_OFFICER}, decision=True):
    """Take an intent to deny back before it is final; the case is in review again (15 CFR 750.6(b))."""

    reasons: Reasons


class Appeal(Body, by={Role.APPLICANT}):
    """Appeal a denial to the Under Secretary, within 45 days (15 CFR 756.2). The denial stands meanwhile."""

    grounds: Annotated[Text, Field(description="In what way the denial is unlawful, unfair or unwise.")]


class DecideAppeal(Body, by={Role.EXECUTIVE}, decision=True):
    """Decide an appeal as the Under Secretary: the denial is upheld, or else overturned."""

    upholds: Annotated[
        bool,
        Field(description="A denial that is not upheld is reviewed again."),
        Option("overturn", denies=True),
    ]
    reasons: Reasons


class RecordScreening(Body, by=SERVICE):
    """Record what the service found on screening every party. Never sent from outside.

    ``parties`` are the parties as they were screened: an answer may have replaced them meanwhile.
    """

    screening: Screening
    parties: Parties


COMMANDS = commands(
    Submit,
    Assign,
    RequestInformation,
    Answer,
    Recommend,
    Countersign,
    SignOff,
    ReturnWithoutAction,
    Withdraw,
    ResolveMatch,
    ConfirmMatch,
    PlaceHold,
    LiftHold,
    RequestExpedite,
    GrantExpedite,
    RefuseExpedite,
    NoteFlip,
    Refer,
    Advise,
    AskApplicant,
    DelegateBack,
    AnswerWording,
    DecideDispute,
    Vote,
    Escalate,
    Respond,
    Reconsider,
    Appeal,
    DecideAppeal,
)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(RecordScreening, RecordFlip)
"""Commands that only the service gives itself."""

"""Tell what a directive in force means for an application, by the application's stage. A policy of the
service, as data."""

from greenlight.kernel.tables.domain import Fact, Input, Kind, OutcomeType, OutputEntry, Parameter
from greenlight.kernel.tables.table import Cell, HitPolicy, Row, Table

SIGN_OFF = "sign_off"
INTENT_TO_DENY = "intent_to_deny"
LEAVE = "leave"
PROPOSAL = "proposal"

_LEAVE = OutputEntry(outcome=LEAVE)
_RECOMMENDED = Cell(test="one_of", value=("grant", "deny"))
_PROPOSES = Cell(test="one_of", value=("presumption_of_denial", "approve_unless_national_security_objects"))
_OPEN = Cell(test="one_of", value=("review", "countersignature", "sign_off"))


def _is(value: bool | str) -> Cell:
    return Cell(test="is", value=value)


TABLE = Table(
    id="directive-routing",
    title="What a directive means for a pending application",
    citation="Service policy; no row skips a step of 15 CFR 750.4 or 750.6",
    effective="2019-05-16",
    hit_policy=HitPolicy.FIRST,
    inputs=(
        Input(
            name="posture",
            type=Kind.STRING,
            values=(
                "deny",
                "presumption_of_denial",
                "case_by_case",
                "approve_unless_national_security_objects",
            ),
        ),
        Input(
            name="stage",
            type=Kind.STRING,
            values=(
                "triage",
                "awaiting_answer",
                "interagency",
                "review",
                "countersignature",
                "dispute",
                "sign_off",
            ),
        ),
        Input(
            name="recommended",
            type=Kind.STRING,
            values=("none", "grant", "deny"),
            annotation="What an officer recommended, if anything",
        ),
        Input(
            name="directed",
            type=Kind.BOOLEAN,
            annotation="Another directive's proposal stands in its place",
        ),
        Input(name="referred", type=Kind.BOOLEAN, annotation="Agencies have been asked"),
        Input(name="agencies_pending", type=Kind.BOOLEAN),
        Input(
            name="agency_objects",
            type=Kind.BOOLEAN,
            annotation="An agency does not agree to what the directive would propose",
        ),
        Input(name="answer_owed", type=Kind.BOOLEAN),
        Input(name="held", type=Kind.BOOLEAN),
        Input(name="disputed", type=Kind.BOOLEAN),
        Input(
            name="came_back",
            type=Kind.BOOLEAN,
            annotation="The directive moved the case before, and it is in review again",
        ),
        Input(
            name="own_application",
            type=Kind.BOOLEAN,
            annotation="Who issued the directive acts for the applicant",
        ),
    ),
    outcomes=(
        OutcomeType(
            name=SIGN_OFF,
            parameters=(Parameter(name=PROPOSAL, type=Kind.STRING, values=("grant", "deny")),),
        ),
        OutcomeType(name=INTENT_TO_DENY),
        OutcomeType(name=LEAVE),
    ),
    rows=(
        Row(
            id="not-screened",
            when={"stage": _is("triage")},
            then=_LEAVE,
            annotation="The parties are not screened yet, or a possible match is open.",
            citation="15 CFR 744.11(a)",
        ),
        Row(
            id="answer-owed",
            when={"answer_owed": _is(True)},
            then=_LEAVE,
            annotation="The applicant owes an answer, and the clock stands still until it comes.",
            citation="15 CFR 750.4(b)(1)",
        ),
        Row(
            id="agencies-pending",
            when={"agencies_pending": _is(True)},
            then=_LEAVE,
            annotation="An agency has the case and its time is not over.",
            citation="15 CFR 750.4(d)",
        ),
        Row(
            id="held",
            when={"held": _is(True)},
            then=_LEAVE,
            annotation="The case is held.",
            citation="15 CFR 750.4(b)",
        ),
        Row(
            id="not-referred",
            when={"referred": _is(False), "posture": _PROPOSES, "recommended": _is("none")},
            then=_LEAVE,
            annotation="No agency was asked yet, and none could object; an officer is to refer the case.",
            citation="15 CFR 750.4(c), Executive Order 12981",
        ),
        Row(
            id="disputed",
            when={"disputed": _is(True)},
            then=_LEAVE,
            annotation="The agencies' dispute takes its course, and what it came to stands.",
            citation="15 CFR 750.4(f)",
        ),
        Row(
            id="own-application",
            when={"own_application": _is(True)},
            then=_LEAVE,
            annotation="Who issued the directive acts for the applicant; an officer is to recommend.",
            citation="Service policy",
        ),
        Row(
            id="came-back",
            when={"came_back": _is(True)},
            then=_LEAVE,
            annotation="The directive moved the case before, and it came back; an officer is to recommend.",
            citation="Service policy",
        ),
        Row(
            id="case-by-case-recommended",
            when={"posture": _is("case_by_case"), "recommended": _RECOMMENDED},
            then=_LEAVE,
            annotation="The officer's recommendation takes its course.",
            citation="Supplement No. 4 to 15 CFR Part 744",
        ),
        Row(
            id="case-by-case",
            when={"posture": _is("case_by_case")},
            then=_LEAVE,
            annotation="An officer is to recommend.",
            citation="Supplement No. 4 to 15 CFR Part 744",
        ),
        Row(
            id="agency-objects",
            when={"agency_objects": _is(True)},
            then=_LEAVE,
            annotation="An agency does not agree to what the directive proposes; an officer is to recommend.",
            citation="15 CFR 750.4(f)",
        ),
        Row(
            id="deny",
            when={"posture": _is("deny"), "stage": _OPEN},
            then=OutputEntry(outcome=INTENT_TO_DENY),
            annotation="The directive is the executive's signed word; the applicant has 20 days to respond.",
            citation="15 CFR 750.6(a)",
        ),
        Row(
            id="denial-with-the-executive",
            when={
                "posture": _is("presumption_of_denial"),
                "stage": _is("sign_off"),
                "recommended": _is("deny"),
                "directed": _is(False),
            },
            then=_LEAVE,
            annotation="A countersigned recommendation to deny is with the executive already.",
            citation="Supplement No. 4 to 15 CFR Part 744",
        ),
        Row(
            id="presumption-of-denial",
            when={"posture": _is("presumption_of_denial"), "stage": _OPEN},
            then=OutputEntry(outcome=SIGN_OFF, parameters={PROPOSAL: "deny"}),
            annotation="Denial is proposed; an executive may be convinced otherwise.",
            citation="Supplement No. 4 to 15 CFR Part 744",
        ),
        Row(
            id="officer-would-deny",
            when={
                "posture": _is("approve_unless_national_security_objects"),
                "recommended": _is("deny"),
            },
            then=_LEAVE,
            annotation="The officer recommended otherwise.",
            citation="Service policy",
        ),
        Row(
            id="grant-with-the-executive",
            when={
                "posture": _is("approve_unless_national_security_objects"),
                "stage": _is("sign_off"),
                "recommended": _is("grant"),
                "directed": _is(False),
            },
            then=_LEAVE,
            annotation="A countersigned recommendation to grant is with the executive already.",
            citation="Service policy",
        ),
        Row(
            id="approve",
            when={"posture": _is("approve_unless_national_security_objects"), "stage": _OPEN},
            then=OutputEntry(outcome=SIGN_OFF, parameters={PROPOSAL: "grant"}),
            annotation="No agency objects; a grant is proposed, which an executive must sign.",
            citation="Service policy",
        ),
        Row(
            id="not-ripe",
            when={},
            then=_LEAVE,
            annotation="The case is not at a stage from which a directive moves it.",
            citation="Service policy",
        ),
    ),
)


def facts(
    *,
    posture: str,
    stage: str,
    recommended: str,
    directed: bool,
    referred: bool,
    agencies_pending: bool,
    agency_objects: bool,
    answer_owed: bool,
    held: bool,
    disputed: bool,
    came_back: bool,
    own_application: bool,
) -> dict[str, Fact]:
    """The table's inputs."""
    return {
        "posture": posture,
        "stage": stage,
        "recommended": recommended,
        "directed": directed,
        "referred": referred,
        "agencies_pending": agencies_pending,
        "agency_objects": agency_objects,
        "answer_owed": answer_owed,
        "held": held,
        "disputed": disputed,
        "came_back": came_back,
        "own_application": own_application,
    }


def reason_of(row: str | None) -> str | None:
    """The reason why a row leads to what it does; the row's own name, where an older table had it."""
    return next((each.annotation for each in TABLE.rows if each.id == row), row)

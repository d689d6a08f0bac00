"""Every way in which a case can end, and some in which it does not, as stories to be lived through."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from greenlight.law.application.commands import (
    Answer,
    AskApplicant,
    Assign,
    Countersign,
    DelegateBack,
    Escalate,
    LiftHold,
    Outcome,
    Refer,
    RequestInformation,
    Respond,
    SignOff,
    Vote,
    Withdraw,
)
from greenlight.law.application.dossier import Parties, Party, PartyRole, Submission
from greenlight.law.application.interagency.agency import Agency
from tests.law.application.cases import (
    APPROVE,
    CHECK,
    DECIDED_GRANT,
    DENY,
    DENY_UNLESS,
    GRANT,
    GRANT_IN_PART,
    OBJECT,
    OTHER_PARTIES,
    PURCHASER,
    RETURN,
    submission,
)
from tests.workflows.office import Office

LISTED_PARTIES: Parties = (
    PURCHASER,
    Party(role=PartyRole.ULTIMATE_CONSIGNEE, name="Huawei Technologies Co., Ltd.", country="CN"),
)
LISTED: Submission = submission(parties=LISTED_PARTIES)

FILED = ("ApplicationSubmitted", "PartiesScreened")
SIGNED = ("RecommendationMade", "RecommendationCountersigned")
ASKED = ("InformationRequested", "InformationAnswered")
APPROVED = ("ExecutiveSignedOff", "ApplicationGranted")


SEATS = ("commerce", "defense", "energy", "state")
NOT_TO_US = Escalate(grounds="Not to us.")


@dataclass(frozen=True, slots=True)
class Story:
    """``unfold`` lives it and returns the case's stream; the rest is what it must have come to."""

    unfold: Callable[[Office], Awaitable[str]]
    events: tuple[str, ...]
    stage: str
    outcome: str | None
    waiting_for: str = "nobody"
    listed: bool | None = False


async def granted(office: Office) -> str:
    return await office.countersigned()


async def granted_by_the_executive(office: Office) -> str:
    stream = await office.countersigned(application=LISTED)
    await office.signed_off(stream)
    return stream


async def granted_in_part(office: Office) -> str:
    stream = await office.countersigned(GRANT_IN_PART, LISTED)
    await office.signed_off(stream)
    return stream


async def intent_to_deny(office: Office) -> str:
    stream = await office.countersigned(DENY)
    await office.signed_off(stream)
    return stream


async def modifications_accepted(office: Office) -> str:
    stream = await office.countersigned(DENY_UNLESS)
    await office.signed_off(stream)
    await office.send("acme", stream, Respond(response="We leave it out.", accepts_modifications=True))
    await office.send("olga", stream, GRANT_IN_PART)
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def returned(office: Office) -> str:
    stream = await office.submitted()
    await office.send("olga", stream, RETURN)
    return stream


async def withdrawn(office: Office) -> str:
    stream = await office.submitted()
    await office.send("acme", stream, Withdraw(reason="The sale fell through."))
    return stream


async def sent_back_by_the_countersigner(office: Office) -> str:
    stream = await office.recommended()
    await office.send("carla", stream, Countersign(agrees=False, comment="Reconsider."))
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def sent_back_by_the_executive(office: Office) -> str:
    stream = await office.countersigned(DENY, LISTED)
    await office.send("vera", stream, SignOff(approves=False, comment="Reconsider."))
    await office.send("oscar", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.signed_off(stream)
    return stream


async def asked(office: Office) -> str:
    stream = await office.submitted()
    await office.send("olga", stream, Assign(officer="olga"))
    await office.send("olga", stream, RequestInformation(request="Who operates the network?"))
    return stream


async def asked_and_answered(office: Office) -> str:
    stream = await asked(office)
    await office.send("acme", stream, Answer(answer="The municipality."))
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def answered_with_listed_parties(office: Office) -> str:
    """What was no match becomes listed, and goes up to the executive."""
    stream = await asked(office)
    await office.send("acme", stream, Answer(answer="The buyer changed.", parties=LISTED_PARTIES))
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.signed_off(stream)
    return stream


async def answered_with_unlisted_parties(office: Office) -> str:
    """What was listed is no match any more, and need not go up."""
    stream = await office.submitted(LISTED)
    await office.send("olga", stream, RequestInformation(request="Is the buyer final?"))
    await office.send("acme", stream, Answer(answer="The buyer changed.", parties=OTHER_PARTIES))
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    return stream


async def referred(office: Office) -> str:
    """To four agencies, one of which waits for an answer and one of which has spoken."""
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=tuple(Agency)))
    await office.send("defense", stream, AskApplicant(request="Which radios?"))
    await office.send("state", stream, APPROVE)
    return stream


async def heard(office: Office) -> str:
    """Held for a while; one agency objects to it, another leaves it to the officer, who follows the first."""
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=(Agency.DEFENSE, Agency.ENERGY)))
    await office.send("olga", stream, CHECK)
    await office.send("defense", stream, AskApplicant(request="Which radios?"))
    await office.send("acme", stream, Answer(answer="Five.", agency=Agency.DEFENSE))
    await office.send("defense", stream, OBJECT)
    await office.send("energy", stream, DelegateBack())
    await office.send("olga", stream, LiftHold(hold=1))
    await office.send("olga", stream, DENY)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.signed_off(stream)
    return stream


async def disputed(office: Office) -> str:
    """One of four agencies objects, and the others do not: up the whole ladder to the President."""
    stream = await office.submitted()
    await office.send("olga", stream, Refer(agencies=tuple(Agency)))
    for agency in Agency:
        await office.send(agency, stream, OBJECT if agency is Agency.DEFENSE else APPROVE)
    await office.send("olga", stream, GRANT)
    await office.send("carla", stream, Countersign(agrees=True))
    await office.send("chair", stream, DECIDED_GRANT)
    for outcome in (Outcome.DENY, Outcome.GRANT):
        await office.send("defense", stream, NOT_TO_US)
        for seat in SEATS:
            await office.send(seat, stream, Vote(outcome=outcome))
    await office.send("defense", stream, NOT_TO_US)
    await office.send("vera", stream, DECIDED_GRANT)
    return stream


async def at_countersignature(office: Office) -> str:
    return await office.recommended()


async def at_sign_off(office: Office) -> str:
    return await office.countersigned(application=LISTED)


STORIES: Mapping[str, Story] = {
    "granted": Story(granted, (*FILED, *SIGNED, "ApplicationGranted"), "granted", "granted"),
    "granted-by-the-executive": Story(
        granted_by_the_executive, (*FILED, *SIGNED, *APPROVED), "granted", "granted", listed=True
    ),
    "granted-in-part": Story(
        granted_in_part, (*FILED, *SIGNED, *APPROVED), "granted", "granted_in_part", listed=True
    ),
    "intent-to-deny": Story(
        intent_to_deny,
        (*FILED, *SIGNED, "ExecutiveSignedOff", "IntentToDenyIssued"),
        "intent_to_deny",
        None,
        "applicant",
    ),
    "modifications-accepted": Story(
        modifications_accepted,
        (
            *FILED,
            *SIGNED,
            "ExecutiveSignedOff",
            "IntentToDenyIssued",
            "ResponseReceived",
            *SIGNED,
            "ApplicationGranted",
        ),
        "granted",
        "granted_in_part",
    ),
    "returned": Story(returned, (*FILED, "ApplicationReturned"), "returned", "returned"),
    "withdrawn": Story(withdrawn, (*FILED, "ApplicationWithdrawn"), "withdrawn", "withdrawn"),
    "sent-back-by-the-countersigner": Story(
        sent_back_by_the_countersigner,
        (*FILED, "RecommendationMade", "RecommendationSentBack", *SIGNED, "ApplicationGranted"),
        "granted",
        "granted",
    ),
    "sent-back-by-the-executive": Story(
        sent_back_by_the_executive,
        (*FILED, *SIGNED, "RecommendationSentBack", *SIGNED, *APPROVED),
        "granted",
        "granted",
        listed=True,
    ),
    "asked-and-answered": Story(
        asked_and_answered,
        (*FILED, "CaseAssigned", *ASKED, *SIGNED, "ApplicationGranted"),
        "granted",
        "granted",
    ),
    "answered-with-listed-parties": Story(
        answered_with_listed_parties,
        (*FILED, "CaseAssigned", *ASKED, "PartiesScreened", *SIGNED, *APPROVED),
        "granted",
        "granted",
        listed=True,
    ),
    "answered-with-unlisted-parties": Story(
        answered_with_unlisted_parties,
        (*FILED, *ASKED, "PartiesScreened", *SIGNED, "ApplicationGranted"),
        "granted",
        "granted",
    ),
    "heard": Story(
        heard,
        (
            *FILED,
            "CaseReferred",
            "HoldPlaced",
            "AgencyAskedApplicant",
            "InformationAnswered",
            "AgencyAdvised",
            "AgencyDelegatedBack",
            "HoldLifted",
            *SIGNED,
            "ExecutiveSignedOff",
            "IntentToDenyIssued",
        ),
        "intent_to_deny",
        None,
        "applicant",
    ),
    "disputed": Story(
        disputed,
        (
            *FILED,
            "CaseReferred",
            *["AgencyAdvised"] * 4,
            *SIGNED,
            "DisputeOpened",
            "DisputeDecided",
            *["DisputeEscalated", *["VoteCast"] * 4, "VotesCounted"] * 2,
            "DisputeEscalated",
            "DisputeDecided",
            "ApplicationGranted",
        ),
        "granted",
        "granted",
    ),
    "referred": Story(
        referred,
        (*FILED, "CaseReferred", "AgencyAskedApplicant", "AgencyAdvised"),
        "interagency",
        None,
        "agency_reviewer",
    ),
    "in-review": Story(Office.submitted, FILED, "review", None, "licensing_officer"),
    "waiting-for-an-answer": Story(
        asked, (*FILED, "CaseAssigned", "InformationRequested"), "awaiting_answer", None, "applicant"
    ),
    "at-countersignature": Story(
        at_countersignature, (*FILED, "RecommendationMade"), "countersignature", None, "countersigner"
    ),
    "at-sign-off": Story(at_sign_off, (*FILED, *SIGNED), "sign_off", None, "executive", listed=True),
}

"""Every way in which a case can end, and some in which it does not, as stories to be lived through."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from licensing.application.commands import (
    Answer,
    Assign,
    Countersign,
    RequestInformation,
    SignOff,
    Withdraw,
)
from licensing.application.dossier import Parties, Party, PartyRole, Submission
from tests.licensing.application.cases import (
    DENY,
    GRANT,
    GRANT_IN_PART,
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
        "intent_to_deny",
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
    "in-review": Story(Office.submitted, FILED, "review", None, "licensing_officer"),
    "waiting-for-an-answer": Story(
        asked, (*FILED, "CaseAssigned", "InformationRequested"), "awaiting_answer", None, "applicant"
    ),
    "at-countersignature": Story(
        at_countersignature, (*FILED, "RecommendationMade"), "countersignature", None, "countersigner"
    ),
    "at-sign-off": Story(at_sign_off, (*FILED, *SIGNED), "sign_off", None, "executive", listed=True),
}

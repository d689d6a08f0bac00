"""Cases that live through the whole procedure while somebody is killed, and what must be left of them."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from greenlight.kernel.body import Body
from greenlight.kernel.commit import Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.streams import application_stream, license_stream
from greenlight.law.application.commands import (
    Answer,
    Assign,
    Countersign,
    RequestInformation,
    SignOff,
    Withdraw,
)
from greenlight.law.license.commands import AcceptConditions
from tests import repeating
from tests.law.application.cases import DENY, GRANT, GRANT_IN_PART, OTHER_PARTIES, RETURN, new_submission
from tests.service.processes import stirs
from tests.service.site import Site, insist

CONFIDENTIAL = ("Example Networks", "Harbour Trading", "Lighthouse", "Skerry", "Base station", "rural mobile")
"""Of the parties and goods of these cases: words that no log line may have."""

ASK = RequestInformation(request="Who operates the network?")
AGREE, DISAGREE = Countersign(agrees=True), Countersign(agrees=False, comment="Say more.")

FILED = ("ApplicationSubmitted", "PartiesScreened")
ASKED = ("InformationRequested", "InformationAnswered")
SENT_BACK = ("RecommendationMade", "RecommendationSentBack")
SIGNED = ("RecommendationMade", "RecommendationCountersigned")


@dataclass(frozen=True, slots=True)
class Story:
    """What is done with a case once it is filed, by whom, and which events it comes to, in order."""

    name: str
    steps: tuple[tuple[str, Body], ...]
    events: tuple[str, ...]
    stage: str


STORIES = (
    Story(
        "granted in part, after a question",
        (
            ("olga", Assign(officer="olga")),
            ("olga", ASK),
            ("acme", Answer(answer="The cooperative itself.")),
            ("olga", GRANT),
            ("carla", DISAGREE),
            ("olga", GRANT_IN_PART),
            ("carla", AGREE),
        ),
        (*FILED, "CaseAssigned", *ASKED, *SENT_BACK, *SIGNED, "ApplicationGranted"),
        "granted",
    ),
    Story(
        "to be denied, at the second try",
        (
            ("olga", DENY),
            ("carla", AGREE),
            ("vera", SignOff(approves=False, comment="Reconsider.")),
            ("olga", DENY),
            ("carla", AGREE),
            ("vera", SignOff(approves=True)),
        ),
        (*FILED, *SIGNED, "RecommendationSentBack", *SIGNED, "ExecutiveSignedOff", "IntentToDenyIssued"),
        "intent_to_deny",
    ),
    Story("returned", (("olga", RETURN),), (*FILED, "ApplicationReturned"), "returned"),
    Story(
        "withdrawn", (("acme", Withdraw(reason="Cancelled")),), (*FILED, "ApplicationWithdrawn"), "withdrawn"
    ),
    Story(
        "the parties were replaced",
        (("olga", ASK), ("acme", Answer(answer="The buyer changed.", parties=OTHER_PARTIES))),
        (*FILED, *ASKED, "PartiesScreened"),
        "review",
    ),
    Story("recommended", (("olga", GRANT),), (*FILED, "RecommendationMade"), "countersignature"),
)
"""Six, with every command among them; three are still open at their end."""

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Lived:
    """A story as somebody lived it: the commands by their ids, and what they were answered."""

    stream: str
    story: Story
    command_ids: tuple[str, ...]
    receipts: tuple[Receipt, ...]
    end: CaseStatus
    license_stream: str | None

    @property
    def streams(self) -> tuple[str, ...]:
        return (self.stream, self.license_stream) if self.license_stream else (self.stream,)


async def live(site: Site, story: Story) -> Lived:
    """One case to the end of its story, every command under an id of its own, whatever happens meanwhile."""
    acn = f"K{next(_numbers):06}"
    stream = application_stream(acn)
    repeating.tell(f"{stream} begins: {story.name}")
    ids = command_ids(acn)
    used = [next(ids)]
    acme = await site.officer("acme")
    await insist(partial(acme.submit, new_submission(), acn=acn, command_id=used[0]))
    receipts: list[Receipt] = []
    for officer, body in story.steps:
        used.append(next(ids))
        receipts.append(await decided(site, officer, stream, body, used[-1]))
    end = await insist(partial(acme.status, stream))
    granted = end.status.license_number
    if granted is not None:
        used.append(next(ids))
        receipts.append(await decided(site, "acme", license_stream(granted), AcceptConditions(), used[-1]))
    license_ = license_stream(granted) if granted else None
    return Lived(stream, story, tuple(used), tuple(receipts), end, license_)


async def decided(site: Site, officer: str, stream: str, body: Body, command_id: str) -> Receipt:
    client = await site.officer(officer)
    receipt = await insist(partial(client.decide, stream, body, command_id=command_id))
    assert (receipt.stream, receipt.command_id) == (stream, command_id)
    stirs(f"{stream} has event {receipt.version}: {type(body).__name__} by {officer}")
    return receipt


def command_ids(key: str) -> Iterator[str]:
    return (f"{key}-step-{number}" for number in itertools.count())

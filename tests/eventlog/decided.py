"""Cases that come to an outcome, recorded as the service records them."""

from collections.abc import Mapping, Sequence

from greenlight.eventlog.recorder import Recorder
from greenlight.kernel.body import Body
from greenlight.law.application.commands import Countersign, RecordScreening, SignOff, Submit, Withdraw
from greenlight.law.application.state import Stage
from greenlight.law.letter import LetterKind
from tests.eventlog.crowd import Crowd
from tests.eventlog.histories import Story
from tests.law.application.cases import DENY, GRANT, screening, submission
from tests.letters.samples import GRANT_IN_PART, ITEMS, PARTIES, RETURN

BEGINNING: Sequence[tuple[str, Body]] = (
    ("submit", Submit(application=submission(*ITEMS, parties=PARTIES))),
    (
        "record_screening",
        RecordScreening(screening=screening("no_match", "no_match", "no_match", "listed"), parties=PARTIES),
    ),
)
SIGNED: Sequence[tuple[str, Body]] = (
    ("countersign", Countersign(agrees=True)),
    ("sign_off", SignOff(approves=True)),
)

STEPS: Mapping[str, Sequence[tuple[str, Body]]] = {
    "granted": (("recommend", GRANT), *SIGNED),
    "granted_with_conditions": (("recommend", GRANT_IN_PART), *SIGNED),
    "to_be_denied": (("recommend", DENY), *SIGNED),
    "returned": (("return_without_action", RETURN),),
    "withdrawn": (("withdraw", Withdraw()),),
}
"""What leads a screened case to an outcome."""

OWED: Mapping[str, tuple[LetterKind, ...]] = {
    "granted": (LetterKind.GRANT,),
    "granted_with_conditions": (LetterKind.GRANT, LetterKind.CONDITIONS),
    "to_be_denied": (LetterKind.INTENT_TO_DENY,),
    "returned": (LetterKind.RETURN_WITHOUT_ACTION,),
    "withdrawn": (LetterKind.WITHDRAWAL,),
}
"""The letters that each outcome calls for, in the order of their events."""


async def decided(recorder: Recorder, crowd: Crowd, acn: str, outcome: str) -> Story:
    story = Story(acn)
    for name, body in (*BEGINNING, *STEPS[outcome]):
        story = await story.sent(recorder, crowd, name, body)
    assert story.state is not None
    assert story.state.stage.closed or story.state.stage is Stage.INTENT_TO_DENY
    return story

"""Two hundred names, goods and reasons that nobody else says, and cases that are full of them."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from temporalio.client import (
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)

from greenlight.client import Refused
from greenlight.codec.sealing import CodecMode, Sealing
from greenlight.connection.target import connect
from greenlight.kernel.body import Body
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.commands import (
    Answer,
    Countersign,
    Outcome,
    PlaceHold,
    Recommend,
    RequestInformation,
    SignOff,
)
from greenlight.law.application.dossier import Item, Money, Party, PartyRole, Submission
from greenlight.law.contract import TASK_QUEUE
from tests.service.site import Site

SYLLABLES = ("qua", "zor", "vex", "mib", "tul", "gra", "pok", "wyn", "dru", "fle", "jas", "kno")
COUNTRIES = ("FI", "NO", "SE", "DK", "DE")


@dataclass(frozen=True, slots=True)
class Words:
    """Words by what they stand for, each once in the world."""

    parties: tuple[str, ...]
    goods: tuple[str, ...]
    reasons: tuple[str, ...]

    @property
    def all(self) -> frozenset[str]:
        return frozenset((*self.parties, *self.goods, *self.reasons))


def words(drawn: random.Random) -> Words:
    found = dict[str, None]()
    while len(found) < 200:
        found["".join(drawn.choices(SYLLABLES, k=5)).capitalize()] = None
    each = tuple(found)
    return Words(each[:80], each[80:140], each[140:])


async def lived(site: Site, said: Words) -> tuple[str, ...]:
    """Two cases in which all of the words are said: filed, asked, held, decided, refused, wrongly sent."""
    acme, olga, carla, vera = [await site.officer(name) for name in ("acme", "olga", "carla", "vera")]
    streams = list[str]()
    for number in range(2):
        reasons = said.reasons[number::2]
        stream = (await acme.submit(_submission(said, number))).stream
        streams.append(stream)
        first, second, third, fourth, fifth, *more = reasons
        await olga.decide(stream, RequestInformation(request=f"Who is {first}?"))
        await acme.decide(stream, Answer(answer=f"It is {second}."))
        await olga.decide(stream, PlaceHold(kind=HoldKind.GOVERNMENT_ASSURANCES, reason=f"Wait for {third}."))
        await olga.decide(stream, Recommend(outcome=Outcome.DENY, reasons=f"The risk is {fourth}."))
        await carla.decide(stream, Countersign(agrees=True, comment=f"As {fifth}."))
        for reason in more:
            await vera.decide(stream, SignOff(approves=False, comment=f"Say more of {reason}."))
            await olga.decide(stream, Recommend(outcome=Outcome.DENY, reasons=f"The {reason} risk."))
            await carla.decide(stream, Countersign(agrees=True))
        await _wrongly(site, stream, reasons[0], said)
    return tuple(streams)


def _submission(said: Words, number: int) -> Submission:
    parties = tuple(
        Party(
            role=PartyRole.ULTIMATE_CONSIGNEE if place == 0 else PartyRole.PURCHASER,
            name=f"{name} Trading",
            country=COUNTRIES[place % len(COUNTRIES)],
        )
        for place, name in enumerate(said.parties[number::2])
    )
    items = tuple(
        Item(
            line=line,
            description=f"{name} set",
            classification="EAR99",
            quantity=1,
            unit="NO",
            value=Money(minor_units=100_00, currency="USD"),
        )
        for line, name in enumerate(said.goods[number::2], 1)
    )
    return Submission(
        applicant="Example Networks Inc.",
        parties=parties,
        items=items,
        end_use=f"Rural networks of {said.parties[number]}.",
        reference=f"Order {number}",
    )


async def _wrongly(site: Site, stream: str, reason: str, said: Words) -> None:
    """What comes to nothing may not be repeated either: by an answer, an exception or a log line."""
    acme = await site.officer("acme")
    handle: WorkflowHandle[object, object] = acme.temporal.get_workflow_handle(stream)
    signed = acme.signer.sign("answer", stream, Answer(answer=reason))
    inputs: Sequence[object] = (
        {"token": reason, "body": {}},
        {"token": "e30.e30.e30", "body": {reason: {"name": said.parties[0]}}, reason: said.goods[0]},
        [reason],
        signed.model_copy(update={"body": {"answer": [reason], "parties": said.parties[1]}}),
        signed,
    )
    for each in inputs:
        await handle.signal("answer", each)
        for name in ("answer", "approve"):
            with suppress(WorkflowUpdateFailedError):
                # One of the SDK's overloads leaves a type open; the one used here does not.
                await handle.execute_update(name, each)  # pyright: ignore[reportUnknownMemberType]
        with suppress(WorkflowQueryFailedError):
            await handle.query("status", each)
    wrong: Body = Recommend(outcome=Outcome.GRANT, reasons=f"Not mine: {reason}.")
    with suppress(Refused):
        await acme.decide(stream, wrong)
    other = f"application-X{abs(hash(stream)) % 10**6:06}"
    started = await acme.temporal.start_workflow(
        "LicenseApplication", inputs[1], id=other, task_queue=TASK_QUEUE
    )
    with suppress(WorkflowFailureError):
        await started.result()


async def unsealed(site: Site) -> None:
    """Let everybody at a site send plain payloads."""
    target = replace(site.target, sealing=Sealing(CodecMode.OFF, site.target.sealing.keys))
    for name in ("acme", "olga", "carla", "vera"):
        officer = await site.officer(name)
        officer.temporal = await connect(target)

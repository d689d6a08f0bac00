"""Taking a batch's signature to its cases, where the record is, many at once."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from temporalio import activity

from activities.declared import BatchWork
from greenlight.kernel.authority import Claims, SignedCommand, read_claims
from greenlight.kernel.commit import StreamPage
from greenlight.kernel.inclusion import APPROVAL, SIGN_OFF, Inclusion, case_command_id, inclusions
from greenlight.kernel.messages import DeskAnswer, Incoming
from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.state import ApplicationState
from greenlight.law.batch.aggregate import BATCH
from greenlight.law.batch.delivery import Deliver, Delivered, Delivery
from greenlight.service.bulk import Bulk, Errand
from greenlight.service.folding import Folded, Streams, catch_up, parts, records_of
from greenlight.service.heartbeats import heartbeats
from greenlight.service.telling import Teller

UNANSWERED = "unanswered"


class BatchLog(Streams, Protocol):
    """The questions that are asked of the log here."""

    async def now(self) -> datetime: ...

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...

    async def batch_token(self, stream: str) -> str | None: ...

    async def accepted(self, command_ids: Sequence[str]) -> frozenset[str]: ...


class BatchActivities(BatchWork):
    """An ordinary activity over the event log; a second try is harmless."""

    def __init__(self, log: BatchLog, bulk: Bulk, teller: Teller) -> None:
        self._log = log
        self._bulk = bulk
        self._teller = teller

    @activity.defn(name="deliver_decisions")
    async def deliver_decisions(self, request: Deliver) -> Delivered:
        async with heartbeats():
            return await self._deliver(request)

    async def _deliver(self, request: Deliver) -> Delivered:
        errand = await self._errand(request.batch)
        if errand is None:
            return Delivered(deliveries=(), signed=False)
        ids = {case: case_command_id(errand.claims.jti, case) for case in request.cases}
        known = await self._log.accepted(tuple(ids.values()))
        found: dict[str, Delivery | None] = {
            case: Delivery(case=case, command_id=id_) for case, id_ in ids.items() if id_ in known
        }
        cases = {case: Folded[ApplicationState](case) for case in ids if case not in found}
        for part in parts(tuple(cases)):
            await catch_up(self._log, APPLICATION, {case: cases[case] for case in part})
        for case, gone in ((case, _gone(cases[case])) for case in cases):
            if gone is not None:
                found[case] = _fell_out(case, ids[case], gone, gone.meaning)
        answers = await self._bulk.settle(
            APPLICATION,
            (
                Errand(case, incoming=errand.message(stream, request.at))
                for stream, case in cases.items()
                if stream not in found and case.newer is None
            ),
            request.at or await self._log.now(),
        )
        found |= {case: _delivery(case, ids[case], answer) for case, answer in answers.items()}
        tell = tuple(case for case in ids if ids[case] in known or case in answers)
        if request.at is not None or not request.tells:
            await self._teller.tell(tell, request.at)
            tell = ()
        if request.give_up:
            found = {case: found.get(case) or _unanswered(case, ids[case]) for case in ids}
        told = (found.get(case) for case in ids)
        return Delivered(deliveries=tuple(each for each in told if each is not None), tell=tell)

    async def _errand(self, stream: str) -> "_Errand | None":
        """The signed batch; None, if the log has no signature of it."""
        records = await records_of(self._log, stream)
        state = await asyncio.to_thread(BATCH.replay, None, tuple(records))
        token = await self._log.batch_token(stream)
        claims = read_claims(token) if token else None
        if state is None or token is None or not isinstance(claims, Claims):
            return None
        return _Errand(token, claims, await asyncio.to_thread(inclusions, stream, state.leaves))


@dataclass(frozen=True, slots=True)
class _Errand:
    """A signed batch: the token, and the proof of each of its cases."""

    token: str
    claims: Claims
    inclusions: Mapping[str, Inclusion]

    def message(self, case: str, at: datetime | None) -> Incoming:
        """The executive's word to a case, as it would come to its workflow."""
        command = SignedCommand(token=self.token, body=APPROVAL, at=at, inclusion=self.inclusions[case])
        return Incoming(name=SIGN_OFF, content=command.model_dump(mode="json"))


def _gone(case: Folded[ApplicationState]) -> Code | None:
    """The reason why nothing can be said to a case any more, nor left on record there; None: it goes on."""
    if case.newer is not None:
        return None
    if case.state is None:
        return RefusalCode.NO_SUCH_CASE
    return RefusalCode.CASE_CLOSED if APPLICATION.status(case.state).closed else None


def _delivery(case: str, command_id: str, answer: DeskAnswer | None) -> Delivery | None:
    """The answer of the case; None: nothing yet."""
    if answer is not None and answer.receipt is not None:
        return Delivery(case=case, command_id=command_id)
    refused = answer.refused if answer is not None else None
    if refused is None or refused.code == RefusalCode.NEWER_RELEASE:
        return None
    return _fell_out(case, command_id, refused.code, refused.message)


def _fell_out(case: str, command_id: str, code: Code, message: str) -> Delivery:
    return Delivery(case=case, command_id=command_id, code=code.value, message=message[:400])


def _unanswered(case: str, command_id: str) -> Delivery:
    message = "nothing could be decided in the case; it waits for the executive as before"
    return Delivery(case=case, command_id=command_id, code=UNANSWERED, message=message)

"""The workflows of licenses: each is started by whoever hears first that its grant is on record."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Protocol

from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import StreamPage
from greenlight.kernel.messages import Resume
from greenlight.kernel.streams import license_stream
from greenlight.law.application.aggregate import APPLICATION
from greenlight.law.application.events import ApplicationGranted
from greenlight.law.contract import LOOK, TASK_QUEUE, about, indexed, workflow_type
from greenlight.law.directive.standing import Standing
from greenlight.law.license.aggregate import LICENSE
from greenlight.service.folding import records_of
from greenlight.service.foreign import terminated, unlike


class Log(Protocol):
    """The part of the log that is needed here."""

    async def read_stream(self, stream: str, after: int = 0) -> StreamPage: ...

    def standing(self) -> Standing: ...


class Licenses:
    """Starts the workflows of licenses. Once more is harmless."""

    def __init__(self, log: Log, temporal: Client) -> None:
        self._log = log
        self._temporal = temporal

    async def of(self, stream: str) -> None:
        """Start that of the license that a case has granted, if it has."""
        await self.start(await records_of(self._log, stream))

    async def start(self, records: Iterable[str]) -> None:
        """Give each license that a grant has begun in the log its workflow, before anyone hears of the grant.

        Whoever takes a grant over from the log passes here, so a lost answer or a reset leaves none without.
        """
        for record in records:
            if ApplicationGranted.__name__ in record:
                event = await asyncio.to_thread(APPLICATION.read, record)
                if isinstance(event, ApplicationGranted):
                    await self._start(event.license_number)

    async def _start(self, number: str) -> None:
        stream = license_stream(number)
        records = (await self._log.read_stream(stream)).records
        issued = await asyncio.to_thread(LICENSE.replay, None, records)
        if issued is None:
            raise ValueError(f"the log has a grant of {number} but no such license")
        status = LICENSE.status(issued)
        start = partial(
            self._temporal.start_workflow,
            workflow_type(stream),
            Resume(),
            id=stream,
            task_queue=TASK_QUEUE,
            static_summary=f"License {number}, granted on application {issued.acn}",
            static_details=about(stream),
            # A directive may revoke it at once.
            start_signal=LOOK if self._log.standing().directives else None,
            search_attributes=_search_attributes(status),
        )
        try:
            await start(id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY)
        except WorkflowAlreadyStartedError:
            found = await unlike(self._temporal, partial(records_of, self._log), stream)
            if found is not None:
                await terminated(self._temporal, found)
            elif status.closed:
                return
            # One that has ended is none of this license, whose end is not on record.
            try:
                await start(id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE)
            except WorkflowAlreadyStartedError:
                if found is not None:
                    # Somebody sits there again, and it is tried again.
                    raise


def _search_attributes(status: Status) -> TypedSearchAttributes:
    """The attributes that the license's workflow would otherwise have to set first of all."""
    pairs: list[SearchAttributePair[str] | SearchAttributePair[datetime]] = []
    for name, value in indexed(status).items():
        if isinstance(value, str):
            pairs.append(SearchAttributePair(SearchAttributeKey.for_keyword(name), value))
        elif isinstance(value, datetime):
            pairs.append(SearchAttributePair(SearchAttributeKey.for_datetime(name), value))
    return TypedSearchAttributes(pairs)

"""A case's status as typed search attributes, by which people filter a docket in the Temporal UI."""

from datetime import datetime
from typing import TypeVar

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

from licensing.contract import SearchAttribute
from licensing.decider import Status

T = TypeVar("T", str, datetime, bool)

_STAGE = SearchAttributeKey.for_keyword(SearchAttribute.STAGE)
_WAITING_FOR = SearchAttributeKey.for_keyword(SearchAttribute.WAITING_FOR)
_OUTCOME = SearchAttributeKey.for_keyword(SearchAttribute.OUTCOME)
_OFFICER = SearchAttributeKey.for_keyword(SearchAttribute.OFFICER)
_DUE = SearchAttributeKey.for_datetime(SearchAttribute.DUE)
_LISTED = SearchAttributeKey.for_bool(SearchAttribute.LISTED)


def index(status: Status) -> None:
    """Upsert what differs from what the workflow has; where nothing does, the history gets no event."""
    updates = [
        *_change(_STAGE, status.stage),
        *_change(_WAITING_FOR, status.waiting_for),
        *_change(_OUTCOME, status.outcome),
        *_change(_OFFICER, status.officer),
        *_change(_DUE, status.due),
        *_change(_LISTED, status.listed),
    ]
    if updates:
        # The SDK leaves the type parameter of its own argument open.
        workflow.upsert_search_attributes(updates)  # pyright: ignore[reportUnknownMemberType]


def _change(key: SearchAttributeKey[T], value: T | None) -> list[SearchAttributeUpdate[T]]:
    if workflow.info().typed_search_attributes.get(key) == value:
        return []
    return [key.value_unset() if value is None else key.value_set(value)]

"""A case's status as typed search attributes, by which people filter a docket in the Temporal UI."""

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, SearchAttributeUpdate

from greenlight.kernel.aggregate import Status
from greenlight.law.contract import SearchAttribute, indexed

Update = SearchAttributeUpdate[str] | SearchAttributeUpdate[bool] | SearchAttributeUpdate[datetime]


def index(status: Status) -> None:
    """Upsert what differs from what the workflow has; where nothing does, the history gets no event."""
    # The SDK leaves the type parameter of a pair open.
    pairs = cast(Iterable[SearchAttributePair[str]], workflow.info().typed_search_attributes)
    present: dict[str, object] = {pair.key.name: pair.value for pair in pairs}
    wanted = indexed(status)
    updates = [_update(name, value) for name, value in wanted.items() if present.get(name) != value]
    if updates:
        # As above.
        workflow.upsert_search_attributes(updates)  # pyright: ignore[reportUnknownMemberType]


def _update(name: SearchAttribute, value: str | bool | datetime | None) -> Update:
    match value:
        case None:
            return _unset(name)
        case bool():
            return SearchAttributeKey.for_bool(name).value_set(value)
        case str():
            return SearchAttributeKey.for_keyword(name).value_set(value)
        case _:
            # No pattern: the sandbox puts a stand-in, which is no type, in the place of ``datetime``.
            return SearchAttributeKey.for_datetime(name).value_set(value)


def _unset(name: SearchAttribute) -> Update:
    if name.indexed_as == "Datetime":
        return SearchAttributeKey.for_datetime(name).value_unset()
    if name.indexed_as == "Bool":
        return SearchAttributeKey.for_bool(name).value_unset()
    return SearchAttributeKey.for_keyword(name).value_unset()

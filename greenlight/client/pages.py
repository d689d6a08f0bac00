"""The docket and the licenses, by the front door, page after page, to whom they are open."""

from collections.abc import AsyncGenerator, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final, TypeVar

from greenlight.client.front_door import PATIENCE, front_door
from greenlight.kernel.model import JsonObject, Model
from greenlight.law.application.state import Stage
from greenlight.law.application.view import DocketRow
from greenlight.law.license.state import Stage as LicenseStage
from greenlight.law.license.view import LicenseRow

PAGE: Final = 200
_Row = TypeVar("_Row", bound=Model)


async def docket(
    address: str,
    token: Callable[[], str],
    *,
    stage: Stage | None = None,
    waiting_for: str | None = None,
    outcome: str | None = None,
    officer: str | None = None,
    due_before: datetime | None = None,
    open_only: bool = False,
    position: int | None = None,
    patience: timedelta = PATIENCE,
) -> AsyncGenerator[DocketRow]:
    """Applications, those due first on top: all, or those of the caller's organisation, or those that were
    referred to it.

    A case whose due date changes between two pages may come twice, or not at all: follow `events()` to miss
    nothing.

    :param token: gives the token of who reads, as for `events()`.
    :param waiting_for: a role, such as ``executive``.
    :param open_only: cases that wait for somebody.
    :param position: of a receipt: what was recorded by then is seen.
    :raises Refused: with the code: who reads is not let in.
    :raises Unanswered: the front door is away.
    """
    asked = {
        "stage": stage,
        "waiting_for": waiting_for,
        "outcome": outcome,
        "officer": officer,
        "due_before": due_before and due_before.isoformat(),
        "open_only": "true" if open_only else None,
        "position": position,
    }
    async for row in _paged(address, token, "/docket", "cases", DocketRow, asked, patience):
        yield row


async def licenses(
    address: str,
    token: Callable[[], str],
    *,
    stage: LicenseStage | None = None,
    licensee: str | None = None,
    position: int | None = None,
    patience: timedelta = PATIENCE,
) -> AsyncGenerator[LicenseRow]:
    """Licenses by number: all, or those of the caller's organisation; as `docket()`."""
    asked = {"stage": stage, "licensee": licensee, "position": position}
    async for row in _paged(address, token, "/licenses", "licenses", LicenseRow, asked, patience):
        yield row


async def _paged(
    address: str,
    token: Callable[[], str],
    path: str,
    member: str,
    row: type[_Row],
    asked: Mapping[str, object],
    patience: timedelta,
) -> AsyncGenerator[_Row]:
    params = {name: str(value) for name, value in asked.items() if value is not None} | {"limit": str(PAGE)}
    async with front_door(address, token, patience) as door:
        while True:
            answer = await door.get(path, params, go_on="ask again")
            page: JsonObject = answer.json()
            rows = page[member]
            assert isinstance(rows, list), "a page has rows"
            for each in rows:
                yield row.model_validate(each)
            if page["cursor"] is None:
                return
            params["cursor"] = str(page["cursor"])

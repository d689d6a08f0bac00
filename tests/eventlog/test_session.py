"""A connection that failed is not used again."""

from dataclasses import dataclass, field

import pytest

from greenlight.eventlog.database import Row
from greenlight.eventlog.session import LogUnavailableError, Session


@dataclass
class Silent:
    """Never answers, and does not look closed."""

    terminated: list[bool] = field(default_factory=list[bool])

    async def fetch(self, query: str, *args: object) -> list[Row]:
        raise TimeoutError

    def is_closed(self) -> bool:
        return False

    def terminate(self) -> None:
        self.terminated.append(True)


async def test_a_silent_connection_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Silent] = []

    async def connect(dsn: str, **_: object) -> Silent:
        opened.append(Silent())
        return opened[-1]

    monkeypatch.setattr("greenlight.eventlog.session.connect", connect)
    session = Session("postgresql:///nowhere", "test")
    for _ in range(2):
        with pytest.raises(LogUnavailableError):
            await session.fetch("SELECT 1")
    assert [connection.terminated for connection in opened] == [[True], [True]]

"""My work, live: word to an open page that there is something new.

The word says how many cases wait, and nothing of them: for that the page is asked for anew, and noted. What
counts is what the page itself shows, read by the same question; a commit that does not change it is no news.
Whoever only listens is not here: it keeps no session open.
"""

import asyncio
import re
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Final, NamedTuple

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from greenlight.answers.caller import Caller
from greenlight.answers.moves import as_they_stand
from greenlight.desk.cookies import cookie_of
from greenlight.desk.sessions import Session
from greenlight.eventlog.read import Reader
from greenlight.eventlog.rows import TaskFilter, TaskRow
from greenlight.eventlog.session import LogUnavailableError
from greenlight.eventlog.usage import UsageTold, usage_told
from greenlight.feed.tail import Tail
from greenlight.kernel.counted import counted
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Role
from greenlight.serving.problems import Problem, malformed, too_many

if TYPE_CHECKING:
    from greenlight.desk.asked import Desk

PATH: Final = "/news"
PULSE: Final = 15.0
"""Seconds after which a stream that is silent shows that it lives, and it is looked again who hears."""
REST: Final = 1.0
"""Seconds between two looks at what waits, however much is recorded."""
LONGEST: Final = 600.0
"""Seconds of one stream. Then the page asks again."""
OF_ONE: Final = 3
"""Streams of one session: browsers have six connections to a host, and pages want some."""
AT_ONCE: Final = 1_000
TOLD_FOR: Final = timedelta(days=30)
"""For so long a licensee finds there of which licenses so much is used."""
_KEPT: Final = 256
_MARK = re.compile(r"[0-9a-f]{16}")


class Board(NamedTuple):
    """The work of somebody: a mark that changes with anything of it, how many cases wait, and of how many
    uses of licenses they are told."""

    mark: str
    waiting: int
    told: int


def waits_for(caller: Caller) -> TaskFilter:
    """The question for what waits for somebody in their role."""
    assigned = caller.officer if caller.role is Role.LICENSING_OFFICER else None
    return TaskFilter((caller.role,), caller.organisation, assigned)


async def told_of_use(reader: Reader, wanted: TaskFilter) -> tuple[UsageTold, ...]:
    """Uses of its licenses of which a licensee was told of late; none to anybody else.

    :raises LogUnavailableError: the database cannot be reached.
    """
    if wanted.organisation is None or Role.APPLICANT not in wanted.roles:
        return ()
    return await usage_told(reader.source, wanted.organisation, datetime.now(UTC) - TOLD_FOR)


def board_of(rows: tuple[TaskRow, ...], used: tuple[UsageTold, ...]) -> Board:
    """The board with these tasks, and what is told beside them."""
    waiting = sum(row.stands_until is None for row in as_they_stand(rows))
    return Board(sha256(to_json((rows, used))).hexdigest()[:16], waiting, len(used))


class News:
    """Knows when the log has grown, and asks what waits once for all who see the same."""

    def __init__(self, tail: Tail) -> None:
        self._tail = tail
        self._closing = asyncio.Event()
        self._boards: OrderedDict[tuple[TaskFilter, int], asyncio.Task[Board]] = OrderedDict()
        self._open: Counter[str] = Counter()

    def close(self) -> None:
        """Let all streams end, for the program is about to."""
        self._closing.set()

    async def board(self, reader: Reader, wanted: TaskFilter) -> Board:
        """The board as it is where the log stands now or later."""
        key = (wanted, self._tail.head)
        asked = self._boards.get(key)
        if asked is None or (asked.done() and (asked.cancelled() or asked.exception() is not None)):
            asked = self._boards[key] = asyncio.create_task(_read(reader, wanted))
            while len(self._boards) > _KEPT:
                self._boards.popitem(last=False)
        # Another stream that waits for the same is not cut off with this one.
        return await asyncio.shield(asked)

    async def grown(self, after: int, seconds: float) -> bool:
        """Wait for the log to grow beyond a position, at most so many seconds; False: it has not, or all is
        to end."""
        growing = asyncio.create_task(self._tail.grown(after, seconds))
        closing = asyncio.create_task(self._closing.wait())
        try:
            await asyncio.wait({growing, closing}, return_when=asyncio.FIRST_COMPLETED)
            return growing.done() and growing.result()
        finally:
            for each in (growing, closing):
                each.cancel()
            await asyncio.gather(growing, closing, return_exceptions=True)

    @property
    def head(self) -> int:
        """The last position that is known."""
        return self._tail.head

    @property
    def closing(self) -> bool:
        return self._closing.is_set()

    @contextmanager
    def one_more(self, session: Session) -> Generator[None]:
        """One more stream of a session, while the context lasts.

        :raises Problem: there are as many as there may be.
        """
        if self._open[session.name] >= OF_ONE or self._open.total() >= AT_ONCE:
            raise too_many("as many pages are live as may be", 60)
        self._open[session.name] += 1
        try:
            yield
        finally:
            self._open[session.name] -= 1
            if not self._open[session.name]:
                del self._open[session.name]


async def _read(reader: Reader, wanted: TaskFilter) -> Board:
    return board_of(await reader.tasks(wanted), await told_of_use(reader, wanted))


@asynccontextmanager
async def news_of(database_url: str) -> AsyncGenerator[News]:
    """News of a log, which is followed while the context lasts.

    :raises LogUnavailableError, LogMissingError: it cannot begin.
    """
    async with Tail(database_url, application="greenlight-desk").running() as tail:
        opened = News(tail)
        try:
            yield opened
        finally:
            opened.close()


async def heard(desk: "Desk", request: Request) -> Response:
    """The stream of a page that is open; nothing, where nobody has signed in: a browser then asks no more.

    :raises Problem: as many are open as may be, or the address is none that a page has.
    """
    seen = request.query_params.get("seen", "")
    if _MARK.fullmatch(seen) is None:
        raise malformed("seen: it is the mark of a page")
    session = desk.sessions.held(cookie_of(request))
    caller = await _caller(desk, session) if session is not None else None
    if session is None or caller is None:
        return Response(status_code=204)
    desk.house.rate.take(caller.kid)
    request.state.officer = caller.officer
    # Before the answer begins: after that there is no way to say it.
    with desk.news.one_more(session):
        pass
    return StreamingResponse(
        _told(desk, session, seen), 200, {"X-Accel-Buffering": "no"}, "text/event-stream"
    )


async def _told(desk: "Desk", session: Session, seen: str) -> AsyncGenerator[bytes]:
    news, end = desk.news, time.monotonic() + LONGEST
    with suppress(LogUnavailableError, Problem), news.one_more(session):
        # Said at once, so that the page knows that it is heard.
        yield b"retry: 5000\n\n"
        while time.monotonic() < end and not news.closing:
            head = news.head
            # A key may be revoked, a role end, a session be over while a page is open.
            caller = await _caller(desk, session)
            if caller is None:
                return
            board = await news.board(desk.house.reader, waits_for(caller))
            if board.mark != seen:
                yield f"event: changed\ndata: {_said(board)}\n\n".encode()
                return
            if await news.grown(head, PULSE):
                await asyncio.sleep(REST)
            else:
                yield b":\n\n"


def _said(board: Board) -> str:
    waiting = f"{counted(board.waiting, 'case waits', 'cases wait')} for you now"
    use = f"; you are told of {counted(board.told, 'use', 'uses')} of your licenses" if board.told else ""
    return f"{waiting}{use}."


async def _caller(desk: "Desk", session: Session) -> Caller | None:
    """The listener, as the register has them now; None: they may not any more."""
    if desk.sessions.held(session.name) is not session:
        return None
    caller = await desk.caller(session)
    return None if isinstance(caller, Refusal) else caller

"""Questions that are asked together: each has its own answer, and none has another's fault."""

import asyncio
from collections.abc import Sequence

from greenlight.eventlog.database import DatabaseError
from greenlight.eventlog.recorder import Recorder
from greenlight.eventlog.session import LogUnavailableError
from greenlight.eventlog.together import AT_ONCE, Together
from greenlight.kernel.refusal import RefusalCode
from greenlight.kernel.streams import application_stream
from tests.eventlog.crowd import NOW, Crowd, assignment


class Asked:
    """A database that is asked for squares, and of which each statement takes a while."""

    def __init__(self) -> None:
        self.statements: list[tuple[int, ...]] = []
        self.away = False

    async def __call__(self, questions: Sequence[int]) -> Sequence[int]:
        self.statements.append(tuple(questions))
        await asyncio.sleep(0.01)
        if self.away:
            raise LogUnavailableError("away")
        if -1 in questions:
            raise DatabaseError("no such number")
        return [number * number for number in questions]


async def test_what_comes_while_a_statement_is_on_its_way_makes_up_the_next() -> None:
    asked = Asked()
    square = Together(asked)
    assert await asyncio.gather(*map(square, range(200))) == [number * number for number in range(200)]
    assert [len(each) for each in asked.statements] == [AT_ONCE, AT_ONCE, AT_ONCE, 200 - 3 * AT_ONCE]
    assert await square(7) == 49


async def test_one_that_cannot_be_answered_takes_no_other_with_it() -> None:
    square = Together(Asked())
    found = await asyncio.gather(*map(square, (2, -1, 3)), return_exceptions=True)
    assert found[::2] == [4, 9]
    assert isinstance(found[1], DatabaseError)


async def test_while_the_database_is_away_everybody_hears_so_and_afterwards_nobody() -> None:
    asked = Asked()
    square = Together(asked)
    asked.away = True
    found = await asyncio.gather(*map(square, (2, 3)), return_exceptions=True)
    assert all(isinstance(each, LogUnavailableError) for each in found)
    asked.away = False
    assert await square(2) == 4


async def test_who_gave_up_is_not_asked_for() -> None:
    asked = Asked()
    square = Together(asked)
    first, impatient, other = (asyncio.create_task(square(number)) for number in (1, 2, 3))
    await asyncio.sleep(0.001)
    later = asyncio.create_task(square(4))
    gone = asyncio.create_task(square(5))
    await asyncio.sleep(0.001)
    gone.cancel()
    impatient.cancel()
    assert await asyncio.gather(first, other, later) == [1, 9, 16]
    assert asked.statements == [(1, 2, 3), (4,)]


async def test_each_hears_what_is_said_of_his_own_proof(recorder: Recorder, crowd: Crowd) -> None:
    """Of a crowd that asks at once, every third with a proof that has expired."""
    commits = {
        application_stream(acn): assignment(crowd.officer, acn, 0, **expired(number))
        for number, acn in enumerate(f"Z{number:06}" for number in range(12))
    }
    asked = [recorder.objection(each.proof, stream) for stream, each in commits.items() if each.proof]
    found = [each and each.code for each in await asyncio.gather(*asked)]
    assert found == [RefusalCode.PROOF_EXPIRED if number % 3 == 0 else None for number in range(12)]


def expired(number: int) -> dict[str, int]:
    long_ago = int(NOW.timestamp()) - 3_600
    return {} if number % 3 else {"iat": long_ago, "exp": long_ago + 60}

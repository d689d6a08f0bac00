"""What a worker does beside its workflows goes on, and ends."""

import asyncio

from greenlight.service.upkeep import repeating


async def test_what_fails_is_tried_again_and_keeps_no_worker_from_ending() -> None:
    tried: list[str] = []
    third = asyncio.Event()

    async def action() -> None:
        tried.append("begun")
        if len(tried) < 3:
            raise RuntimeError("nobody foresaw this")
        third.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            # As a connection that does not close.
            raise TimeoutError from None

    async with asyncio.timeout(10):
        async with repeating(action, 0.001, once_more=False):
            await third.wait()
    assert len(tried) == 3

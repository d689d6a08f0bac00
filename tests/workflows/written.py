"""What was written to people: the letters of a stream, once they went out."""

from pathlib import Path

from greenlight.connection.target import Target
from greenlight.eventlog.letters import LetterBox
from greenlight.letters.courier import FolderCourier
from greenlight.service.letters import drain
from tests.workflows.office import eventually


async def written(target: Target, stream: str, folder: Path) -> list[str]:
    """The letters of a stream by their kinds, once all of them went out."""
    async with LetterBox(target.writer_url) as box:

        async def kinds() -> list[str] | None:
            # The worker sends letters, too, and other tests' letters may come first.
            await drain(target.writer_url, FolderCourier(folder))
            letters = await box.of(stream)
            return [letter.kind for letter in letters] if all(letter.sent_at for letter in letters) else None

        return await eventually(kinds, "the letters")

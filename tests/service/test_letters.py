"""Letters go out by themselves, each once, whatever becomes of the worker."""

from functools import partial
from pathlib import Path

from greenlight.eventlog.letters import LetterBox
from greenlight.kernel.streams import application_stream
from greenlight.law.application.commands import SignOff
from tests.law.application.cases import DENY, new_submission
from tests.service.cases import AGREE
from tests.service.site import Site, insist

SIGNED = SignOff(approves=True)


async def test_a_decision_is_followed_by_its_letter(site: Site, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    settings = {"GREENLIGHT_LETTER_FOLDER": str(letters), "GREENLIGHT_LETTER_INTERVAL": "0.2"}
    async with site.worker(tmp_path / "first", **settings) as worker:
        stream = application_stream("L000001")
        acme = await site.officer("acme")
        await insist(partial(acme.submit, new_submission(), acn="L000001"))
        for name, body in (("olga", DENY), ("carla", AGREE)):
            await insist(partial((await site.officer(name)).decide, stream, body))
        assert await worker.stop() == 0
    assert not list(letters.glob("*L000001*")), "nothing was decided yet"
    async with site.worker(tmp_path / "second", **settings) as worker:
        vera = await site.officer("vera")
        await insist(partial(vera.decide, stream, SIGNED))
        # Killed before or after the letter went out, who knows.
        await worker.kill()
    async with site.worker(tmp_path / "third", **settings) as worker:
        assert await worker.stop() == 0
    (letter,) = letters.glob("*L000001*")
    assert letter.read_bytes().startswith(b"%PDF-")
    async with LetterBox(site.target.database_url) as box:
        assert not await box.pending()
        stored = await box.letter(letter.stem)
    assert stored is not None
    assert stored.pdf == letter.read_bytes()

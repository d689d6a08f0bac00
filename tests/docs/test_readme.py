"""The README is what a stranger tries first: every command of it, in its order."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Reader, blocks

README = ROOT / "README.md"


def commands() -> list[str]:
    return [each for block in blocks(README) if block.language == "sh" for each in block.commands]


def test_it_is_short_and_begins_with_the_two_commands() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) < 120
    demo, serve, *others = commands()
    assert demo.startswith("make demo ")
    assert serve.startswith("make serve ")
    assert all(each.startswith(".venv/bin/python starter.py ") for each in others)
    assert sum(block.language == "python" for block in blocks(README)) == 1


@pytest.mark.large
async def test_the_first_command_rehearses_the_docket_and_draws_it(tmp_path: Path) -> None:
    said = await Reader(tmp_path).obey(commands()[0])
    assert str(tmp_path / "rehearsal-1" / "docket.svg") in said.out


async def test_the_second_serves_all_the_others(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    serve = reader.at_home(commands()[1].partition("#")[0])
    async with reader.serving(*serve.split()):
        for command in commands()[2:]:
            await reader.obey(command)
        for block in blocks(README):
            if block.language == "python":
                await reader.paste(block)

"""The README is what a stranger tries first: every command of it, in its order."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Reader, blocks, steps

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


ELSEWHERE = ("make demo", "make serve", "make docs", "make wheel", "pip install")
"""Of these the first is tried above, the second is what the others run on; ``tests/docs/test_links.py`` and
``tests/package`` build and install."""


def test_no_command_is_left_out() -> None:
    told = [step.text for step in steps(README)]
    assert [each for each in told if each in commands()] == commands()
    assert any(each.startswith(".venv/bin/python starter.py codec open") for each in told)
    assert any(each.startswith("curl ") for each in told)


async def test_the_second_serves_all_the_others_in_their_order(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    serve = reader.at_home(commands()[1].partition("#")[0])
    async with reader.serving(*serve.split()):
        for step in steps(README):
            if step.language == "python":
                await reader.paste(step)
            elif step.language == "sh" and not step.text.startswith(ELSEWHERE):
                await reader.obey(step.text)

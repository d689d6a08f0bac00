"""The tutorial and every how-to do what they say, each on a service of its own, from first block to last."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Reader, blocks

PAGES = [ROOT / "docs" / "tutorial.md", *sorted((ROOT / "docs" / "how-to").glob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
async def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    async with reader.serving(".venv/bin/python", "worker.py"):
        await reader.follow(page)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_most_of_a_page_is_run(page: Path) -> None:
    """What cannot be run (a download, an ellipsis) is in blocks of ``text``; every other block is run."""
    languages = [block.language for block in blocks(page)]
    assert set(languages) <= {"sh", "python", "text"}
    assert languages.count("text") <= len(languages) / 2

"""Links of the documents, to files that the site's own check leaves out too, and the paths that they name."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import JsonValue

from tests.docs.pages import ROOT

DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

_LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)(?:#[^)\s]*)?\)")
_PATH = re.compile(
    r"`((?:greenlight|workflows|activities|tests|deploy|examples|docs|bench)/[\w./-]+|\w+\.py)`"
)


def told(page: Path, pattern: re.Pattern[str]) -> set[str]:
    return set(pattern.findall(page.read_text(encoding="utf-8")))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    missing = {link for link in told(page, _LINK) if not (page.parent / link).exists()}
    assert not missing


@pytest.mark.parametrize(
    "name", ["find-your-way.md", "architecture.md", "parts.md", "failures.md", "contract.md"]
)
def test_every_file_that_is_named_is_there(name: str) -> None:
    named = told(DOCS / name, _PATH)
    names = {
        path.name
        for room in ("greenlight", "workflows", "activities")
        for path in (ROOT / room).rglob("*.py")
    }
    missing = {each for each in named if not (ROOT / each).exists() and each not in names}
    assert not missing


def references(value: JsonValue) -> Iterator[str]:
    """Every ``$ref`` in a document."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "$ref":
                yield str(each)
            else:
                yield from references(each)
    elif isinstance(value, list):
        for each in value:
            yield from references(each)


@pytest.mark.parametrize("file", sorted((DOCS / "schemas").glob("*.json")), ids=lambda file: file.stem)
def test_every_reference_in_a_schema_resolves(file: Path) -> None:
    document = json.loads(file.read_text(encoding="utf-8"))
    for reference in references(document):
        other, _, pointer = reference.partition("#/$defs/")
        assert (file.parent / other).is_file() if other else pointer in document["$defs"], reference


def test_refusal_codes_are_enumerated_once() -> None:
    with_codes = [
        file.name
        for file in (DOCS / "schemas").glob("*.json")
        if '"already_submitted"' in file.read_text(encoding="utf-8")
    ]
    assert with_codes == ["refusal-code.json"]


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    zensical = shutil.which("zensical", path=f"{Path(sys.executable).parent}") or shutil.which("zensical")
    assert zensical, "the group `docs` is not installed: run make"
    shutil.copytree(DOCS, tmp_path / "docs")
    shutil.copy(ROOT / "zensical.toml", tmp_path)
    built = subprocess.run(
        [zensical, "build", "--strict"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert (tmp_path / "site" / "reference" / "application" / "index.html").is_file()


def test_every_page_is_in_the_sites_navigation() -> None:
    listed = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    left_out = [
        str(page.relative_to(DOCS))
        for page in DOCS.rglob("*.md")
        if f'"{page.relative_to(DOCS)}"' not in listed
    ]
    assert not left_out

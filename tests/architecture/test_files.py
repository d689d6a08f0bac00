"""Files are read in one place, which waits for nothing and takes no more than there may be."""

import ast
import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

import greenlight
from greenlight.files import NoFileError, content_of, whole

HOUSE = Path(greenlight.__file__).parent
OUR_OWN = {
    "files.py",
    "cli/catalog.py",
    "cli/base/output.py",
    "cli/lists/kept.py",
    "cli/operations/documents/__init__.py",
    "eventlog/derived.py",
    "eventlog/migrate.py",
    "letters/courier.py",
}
"""What reads nothing but what came with it, or it wrote itself."""
READS = {"read_bytes", "read_text", "open"}


def _reads(module: Path) -> Iterator[str]:
    """What reads a file, called or handed on to be called; what only writes says so where it is called."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    used = [(node.func, node) for node in calls] + [(each, each) for node in calls for each in node.args]
    for node, shown in used:
        if not isinstance(node, ast.Attribute | ast.Name):
            continue
        said = ast.unparse(shown)
        reads = node.attr in READS if isinstance(node, ast.Attribute) else node.id == "open"
        if reads and not any(each in said for each in ("O_WRONLY", "'xb'", "files(", "O_RDONLY)")):
            yield f"{module.relative_to(HOUSE)}:{node.lineno}: {said[:60]}"


def test_nothing_else_reads_what_somebody_names() -> None:
    modules = (each for each in HOUSE.rglob("*.py") if "embedded" not in each.parts)
    found = [read for each in modules if str(each.relative_to(HOUSE)) not in OUR_OWN for read in _reads(each)]
    assert found == []


def test_what_is_no_regular_file_is_told_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, what in (
        (tmp_path / "pipe", "a pipe"),
        (tmp_path, "a folder"),
        (Path("/dev/null"), "a device"),
    ):
        with pytest.raises(NoFileError, match=f"is {what}, and no file"):
            content_of(path)
    with pytest.raises(FileNotFoundError):
        content_of(tmp_path / "nowhere")


def test_no_more_is_read_than_there_may_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"1234")
    assert content_of(tmp_path / "file", 4) == b"1234"
    with pytest.raises(NoFileError, match="more than 3 bytes"):
        content_of(tmp_path / "file", 3)
    assert whole(BytesIO(b"1234"), "-", 4) == b"1234"
    with pytest.raises(NoFileError, match="more than 3 bytes"):
        whole(BytesIO(b"1234"), "-", 3)

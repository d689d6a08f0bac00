"""A published log, held against the Go project's libraries by a program that shares no code with ours."""

import base64
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from greenlight.tlog.folder import TileFolder
from greenlight.tlog.tiles import number_path, tiles
from tests.tlog.grown import AUDITOR, LOG, Grown, leaf, publish, published

SOURCE = Path(__file__).parent / "check"
FAST = random.Random(6962)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checking program; needs Go, and its module proxy or a copy of the one module in its cache."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("go is not installed: nobody else's program checks the log here")
    built = tmp_path_factory.mktemp("check") / "check"
    done = subprocess.run([go, "build", "-o", built, "."], cwd=SOURCE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return built


def run(program: Path, folder: TileFolder, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(program), "-cosigner", str(AUDITOR.verifier), *words, str(folder.path), str(LOG.verifier)]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (255, 256, 257), (1, 300, 600), (600, 70_000)])
def test_a_stranger_finds_it_sound(program: Path, tmp_path: Path, sizes: tuple[int, ...]) -> None:
    folder, size = published(tmp_path, *sizes), sizes[-1]
    words: list[str] = []
    for earlier in sizes:
        words += ["-earlier", str(tmp_path / "checkpoints" / number_path(earlier))]
    for index in (0, size // 2, size - 1):
        words += ["-leaf", f"{index}={base64.b64encode(leaf(index)).decode()}"]
    said = run(program, folder, *words)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == f"{LOG.name}: {size} entries\n"


def test_a_stranger_finds_any_bit_that_is_changed(program: Path, tmp_path: Path) -> None:
    folder = published(tmp_path, 600)
    paths = [tmp_path / tile.path for tile in tiles(600)] + [tmp_path / "checkpoint"]
    for path in paths:
        content = path.read_bytes()
        for _ in range(12):
            at = FAST.randrange(len(content) * 8)
            changed = bytearray(content)
            changed[at // 8] ^= 1 << at % 8
            path.write_bytes(changed)
            assert run(program, folder).returncode == 1, (path, at)
        path.write_bytes(content)
    assert run(program, folder).returncode == 0


def test_a_stranger_finds_a_fork(program: Path, tmp_path: Path) -> None:
    before = published(tmp_path / "one", 300)
    other = TileFolder(tmp_path / "other")
    publish(other, Grown(fork=200).to(400))
    said = run(program, other, "-earlier", str(before.path / "checkpoint"))
    assert said.returncode == 1
    assert "not valid" in said.stderr or "proof" in said.stderr


def test_a_stranger_misses_a_cosignature(program: Path, tmp_path: Path) -> None:
    folder = TileFolder(tmp_path)
    publish(folder, Grown().to(9), cosigned=False)
    said = run(program, folder)
    assert (said.returncode, "1 of 2 have signed" in said.stderr) == (1, True)

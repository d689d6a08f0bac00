"""A published log, held against the Go project's libraries by a program that shares no code with ours."""

import base64
import random
import subprocess
from pathlib import Path

import pytest

from greenlight.tlog.folder import TileFolder
from greenlight.tlog.tiles import number_path, tiles
from tests.tlog.grown import AUDITOR, LOG, Grown, leaf, publish, published
from tests.tlog.stranger import Stranger

CHANCE = random.Random(6962)


def run(stranger: Stranger, folder: TileFolder, *words: str) -> subprocess.CompletedProcess[str]:
    return stranger.check(folder.path, LOG.verifier, [AUDITOR.verifier], *words)


@pytest.mark.parametrize("sizes", [(1,), (2, 3), (255, 256, 257), (1, 300, 600), (600, 70_000)])
def test_a_stranger_finds_it_sound(stranger: Stranger, tmp_path: Path, sizes: tuple[int, ...]) -> None:
    folder, size = published(tmp_path, *sizes), sizes[-1]
    words: list[str] = []
    for earlier in sizes:
        words += ["-earlier", str(tmp_path / "checkpoints" / number_path(earlier))]
    for index in (0, size // 2, size - 1):
        words += ["-leaf", f"{index}={base64.b64encode(leaf(index)).decode()}"]
    said = run(stranger, folder, *words)
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout == f"{LOG.name}: {size} entries\n"


def test_a_stranger_finds_any_bit_that_is_changed(stranger: Stranger, tmp_path: Path) -> None:
    folder = published(tmp_path, 600)
    paths = [tmp_path / tile.path for tile in tiles(600)] + [tmp_path / "checkpoint"]
    for path in paths:
        content = path.read_bytes()
        for _ in range(12):
            at = CHANCE.randrange(len(content) * 8)
            changed = bytearray(content)
            changed[at // 8] ^= 1 << at % 8
            path.write_bytes(changed)
            assert run(stranger, folder).returncode == 1, (path, at)
        path.write_bytes(content)
    assert run(stranger, folder).returncode == 0


def test_a_stranger_finds_a_fork(stranger: Stranger, tmp_path: Path) -> None:
    before = published(tmp_path / "one", 300)
    other = TileFolder(tmp_path / "other")
    publish(other, Grown(fork=200).to(400))
    said = run(stranger, other, "-earlier", str(before.path / "checkpoint"))
    assert said.returncode == 1
    assert "not valid" in said.stderr or "proof" in said.stderr


def test_a_stranger_misses_a_cosignature(stranger: Stranger, tmp_path: Path) -> None:
    folder = TileFolder(tmp_path)
    publish(folder, Grown().to(9), cosigned=False)
    said = run(stranger, folder)
    assert (said.returncode, "1 of 2 have signed" in said.stderr) == (1, True)

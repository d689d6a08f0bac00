"""What ``worker.py`` says before it starts anything."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from greenlight.beside import codec_listening
from greenlight.connection.settings import Settings
from greenlight.embedded import StartError

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("words", "code"), [(("--help",), 0), (("serve",), 2)])
def test_it_takes_words_for_words_and_starts_nothing(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    data = tmp_path / "data"
    said = subprocess.run(
        [sys.executable, "worker.py", *words],
        cwd=ROOT,
        env={**os.environ, "GREENLIGHT_DATA": str(data)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert said.returncode == code, said.stderr
    assert "usage: worker.py" in said.stdout + said.stderr
    assert not data.exists()


def test_a_second_service_hears_of_the_first_and_of_no_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TEMPORAL_ADDRESS", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    lock = os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT)
    os.write(lock, b"4711\n")
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        with (
            pytest.raises(StartError, match=r"already runs on .* \(process 4711\)"),
            codec_listening(Settings(data=tmp_path)),
        ):
            pass
    finally:
        os.close(lock)

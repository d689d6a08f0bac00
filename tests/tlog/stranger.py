"""The program that checks a published log with the Go project's libraries, and shares no code with ours."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from greenlight.tlog.note import VerifierKey

_SOURCE = Path(__file__).parent / "check"


class Stranger:
    """The program, built in a folder. Building fetches one module, unless that is in Go's cache."""

    def __init__(self, folder: Path) -> None:
        go = shutil.which("go")
        if go is None:
            pytest.skip("go is not installed: nobody else's program checks the log here")
        self._program = folder / "check"
        command = [go, "build", "-o", self._program, "."]
        done = subprocess.run(command, cwd=_SOURCE, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def check(
        self, folder: Path, log: VerifierKey, cosigners: Sequence[VerifierKey], *words: str
    ) -> subprocess.CompletedProcess[str]:
        """Its word on a folder."""
        for cosigner in cosigners:
            words = ("-cosigner", str(cosigner), *words)
        command = [str(self._program), *words, str(folder), str(log)]
        return subprocess.run(command, capture_output=True, text=True)

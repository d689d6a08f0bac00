"""The program that checks a published log with the Go project's libraries, and shares no code with ours."""

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pytest

from greenlight.tlog.note import VerifierKey

_SOURCE = Path(__file__).parent / "check"


@lru_cache(1)
def _program() -> Path | None:
    """Built once a process; None: there is no Go. It fetches one module, unless that is in Go's cache."""
    go = shutil.which("go")
    if go is None:
        return None
    folder = tempfile.mkdtemp(prefix="stranger-")
    atexit.register(shutil.rmtree, folder)
    built = Path(folder) / "check"
    done = subprocess.run([go, "build", "-o", built, "."], cwd=_SOURCE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return built


def check(
    folder: Path, log: VerifierKey, cosigners: Sequence[VerifierKey], *words: str
) -> subprocess.CompletedProcess[str]:
    """The program's word on a folder; where there is no Go, the test is skipped."""
    program = _program()
    if program is None:
        pytest.skip("go is not installed: nobody else's program checks the log here")
    for cosigner in cosigners:
        words = ("-cosigner", str(cosigner), *words)
    return subprocess.run([str(program), *words, str(folder), str(log)], capture_output=True, text=True)

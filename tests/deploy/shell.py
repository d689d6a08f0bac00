"""Running the scripts of the deployment as their containers do: with a given environment and nothing else."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path


def run(
    script: Path, variables: Mapping[str, str], programs: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Runs a script; what is in the folder `programs` goes before the programs of this machine."""
    folders = [os.environ["PATH"]] if programs is None else [str(programs), os.environ["PATH"]]
    return subprocess.run(
        ["sh", script],
        env={"PATH": os.pathsep.join(folders), "HOME": "/nonexistent", **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

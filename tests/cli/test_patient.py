"""Output that is read late, and Ctrl-C before there is anything to be interrupted."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from tests.cli.conftest import ROOT, Terminal


@pytest.mark.parametrize("waits", [True, False], ids=["a pipe that waits", "a pipe set not to wait"])
def test_output_is_whole_however_late_it_is_read(waits: bool) -> None:
    """Of a pipe's end that is shared, as with servers beside it, somebody else may have changed how it
    behaves: writing fails then where there is no room."""
    ours, theirs = os.pipe()
    os.set_blocking(theirs, waits)
    process = subprocess.Popen([sys.executable, "starter.py", "schemas"], cwd=ROOT, stdout=theirs)
    os.close(theirs)
    time.sleep(3)
    assert process.poll() is None, "there is more to say than a pipe has room for"
    with open(ours, "rb") as reader:
        said = reader.read()
    assert process.wait() == 0
    assert "application" in json.loads(said)


_INTERRUPTING = (
    "import os, runpy, signal, sys\n"
    "begun = seen = 0\n"
    "def heard(event, args):\n"
    "    global begun, seen\n"
    "    begun = begun or (event == 'import' and args[0] == 'greenlight.extensions')\n"
    "    if begun and event == 'import':\n"
    "        seen += 1\n"
    "        if seen == {at}:\n"
    "            os.kill(os.getpid(), signal.SIGINT)\n"
    "sys.addaudithook(heard)\n"
    "sys.argv[0] = 'starter.py'\n"
    "runpy.run_path('starter.py', run_name='__main__')\n"
)
"""Ctrl-C while the program imports its so-manieth module: for half a second it does little else."""


@pytest.mark.parametrize("at", [1, 20, 80, 150, 250, 400])
def test_an_early_interrupt_leaves_no_traceback(terminal: Terminal, at: int) -> None:
    process = subprocess.run(
        [sys.executable, "-c", _INTERRUPTING.format(at=at), "show", "A123456"],
        cwd=ROOT,
        env=terminal.environment,
        # A shell that runs tests in its background has them ignore Ctrl-C.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode in {-signal.SIGINT, 130}, process
    assert "Traceback" not in process.stderr
    assert "KeyboardInterrupt" not in process.stderr


async def test_an_interrupt_before_anything_is_sent_says_so(served: str, terminal: Terminal) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", _INTERRUPTING.format(at=700), "withdraw", "A999999", "--as", "acme"),
        cwd=ROOT,
        env=terminal.environment,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, err = await process.communicate()
    assert "Traceback" not in err.decode()
    assert process.returncode == 130, err.decode()
    assert "interrupted. Nothing was sent." in err.decode()

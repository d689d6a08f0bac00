"""A person at a terminal, who reads what a command says and answers what it asks."""

import asyncio
import fcntl
import os
import pty
import re
import signal
import struct
import termios
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

YES = "y\n" * 5
"""To whatever is asked."""


class Session(NamedTuple):
    code: int
    out: str
    err: str


async def at_a_terminal(
    *words: str, cwd: Path, environment: Mapping[str, str], answer: str = YES, until: str | None = None
) -> Session:
    """Run a command whose standard input and error are a terminal, and its standard output a pipe. When
    ``until`` is read there, the person presses Ctrl-C."""
    ours, theirs = pty.openpty()
    modes = termios.tcgetattr(theirs)
    # As written: line breaks stay what they are, and the answer is not seen twice.
    modes[1] &= ~termios.OPOST
    modes[3] &= ~termios.ECHO
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    # Who is asked more than was thought of says nothing more: it is not waited for.
    os.write(ours, answer.encode() + (b"" if until else b"\x04"))
    try:
        process = await asyncio.create_subprocess_exec(
            *words,
            cwd=cwd,
            env={**environment, "TERM": "dumb", "NO_COLOR": "1"},
            stdin=theirs,
            stdout=asyncio.subprocess.PIPE,
            stderr=theirs,
            # In the background of a shell it would be ignored.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        )
    finally:
        os.close(theirs)
    interrupt = partial(process.send_signal, signal.SIGINT)
    reading = asyncio.create_task(_seen(ours, (until, interrupt) if until else None))
    out, _ = await process.communicate()
    return Session(process.returncode or 0, out.decode(), await reading)


async def on_a_screen(
    *words: str, cwd: Path, environment: Mapping[str, str], columns: int = 80
) -> tuple[int, str]:
    """Run a command whose output, all of it, goes to a terminal of so many columns; its code and what is
    seen."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    modes = termios.tcgetattr(theirs)
    modes[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, modes)
    wide = {**environment, "TERM": "xterm", "NO_COLOR": "1", "COLUMNS": str(columns)}
    try:
        process = await asyncio.create_subprocess_exec(
            *words, cwd=cwd, env=wide, stdin=asyncio.subprocess.DEVNULL, stdout=theirs, stderr=theirs
        )
    finally:
        os.close(theirs)
    seen = await _seen(ours)
    # Bold and faint are styles, too, where there are no colours.
    return await process.wait(), re.sub(r"\x1b\[[0-9;]*m", "", seen)


async def _seen(terminal: int, then: tuple[str, Callable[[], None]] | None = None) -> str:
    """All that is written to a terminal, until nobody holds it any more; what to do once when words are
    read."""
    seen = b""
    loop = asyncio.get_running_loop()
    try:
        while more := await loop.run_in_executor(None, os.read, terminal, 65_536):
            seen += more
            if then is not None and then[0].encode() in seen:
                then[1]()
                then = None
    except OSError:
        # So Linux says that the other end is closed.
        pass
    finally:
        os.close(terminal)
    return seen.decode()

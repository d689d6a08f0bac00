"""Turns into a server that does not outlive the program that started it.

Runs as a program of its own, between fork and exec. Python code in the forked copy of a process with threads
(`preexec_fn`) may hang, and the signal at the parent's death is forgotten when the user changes, so it has to
be asked for after that and before exec.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, death_signal: int, lock: int, uid: int, gid: int) -> None:
    """Writes the process id to `lock`, becomes the user, and asks for the signal."""
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
    if uid != os.getuid():
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, death_signal, 0, 0, 0)
    if os.getppid() != parent:
        # It died before the signal was asked for.
        sys.exit(1)


if __name__ == "__main__":
    numbers, command = sys.argv[1:6], sys.argv[6:]
    main(*(int(number) for number in numbers))
    try:
        os.execv(command[0], command)  # noqa: S606 - the launcher's own command
    except OSError as error:
        sys.exit(f"FATAL: {command[0]} cannot be run: {error.strerror}")

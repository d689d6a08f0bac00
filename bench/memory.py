"""The most memory that a process had."""

from pathlib import Path


def peak_mib(pid: int | None = None) -> float:
    """Of a process, this one unless another is named, in MiB (VmHWM, which Linux gives in KiB).

    What ``getrusage`` gives begins with what the parent had when it forked.
    """
    status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024

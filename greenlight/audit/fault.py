"""A fault of the log."""

from greenlight.kernel.model import Model


class Fault(Model):
    """A position at which something is wrong, and what."""

    position: int
    reason: str

"""A service that lives through years of one calendar in minutes: a discrete-event simulation of its users.

It drives a *rehearsal*, whose legal time is what its messages say (``greenlight.kernel.clock_kind``),
through the same client as everybody else.
"""

from greenlight.rehearsal.driver import Driver, Stuck
from greenlight.rehearsal.step import Action, Step

__all__ = ["Action", "Driver", "Step", "Stuck"]

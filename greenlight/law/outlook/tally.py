"""Counts of cases by what an instant changes of them."""

from greenlight.kernel.model import Model


class Tally(Model):
    """Cases by the greatest change that an instant makes to each. ``proposals``: applications whose proposal
    to be returned, since no license is required, is among what flips."""

    flips: int = 0
    moves: int = 0
    grounds: int = 0
    unseen: int = 0
    proposals: int = 0

    @property
    def cases(self) -> int:
        return self.flips + self.moves + self.grounds + self.unseen

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in Tally.model_fields})

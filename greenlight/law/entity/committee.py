"""The way in which the End-User Review Committee decides (Supplement No. 5 to 15 CFR Part 744), as data."""

from collections.abc import Mapping
from enum import StrEnum

from greenlight.kernel.model import Model

CITATION = "Supplement No. 5 to 15 CFR Part 744"


class Vote(StrEnum):
    APPROVE = "approve"
    OPPOSE = "oppose"


class Votes(Model):
    """One vote of each department that has a seat."""

    commerce: Vote
    defense: Vote
    state: Vote
    energy: Vote

    @property
    def approving(self) -> int:
        return [self.commerce, self.defense, self.state, self.energy].count(Vote.APPROVE)


NEEDED: Mapping[str, int] = {
    "list_entity": 3,
    "amend_listing": 3,
    "remove_listing": 4,
}
"""Votes that carry a command: a majority of the four, so that a tie does not; to remove, all of them.
(Unverified, for amendments and removals.)"""


def carries(command: str, votes: Votes) -> bool:
    return votes.approving >= NEEDED[command]

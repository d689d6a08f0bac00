"""The way in which the End-User Review Committee decides (Supplement No. 5 to 15 CFR Part 744), as data."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field

from greenlight.kernel.model import Identifier, Model

CITATION = "Supplement No. 5 to 15 CFR Part 744"

SEATS: Final = ("commerce", "defense", "state", "energy")
"""The departments that vote; the value is the organisation for which their members act."""


class Vote(StrEnum):
    """A department's word on a motion."""

    APPROVE = "approve"
    OPPOSE = "oppose"


class Votes(Model):
    """The vote of each department that has a seat, None: it has not voted."""

    commerce: Annotated[Vote | None, Field(exclude_if=lambda vote: vote is None)] = None
    defense: Annotated[Vote | None, Field(exclude_if=lambda vote: vote is None)] = None
    state: Annotated[Vote | None, Field(exclude_if=lambda vote: vote is None)] = None
    energy: Annotated[Vote | None, Field(exclude_if=lambda vote: vote is None)] = None


class Ballot(Model):
    """A department's vote, and the person who signed it."""

    seat: Identifier
    person: Identifier
    vote: Vote


NEEDED: Mapping[str, int] = {
    "list_entity": 3,
    "amend_listing": 3,
    "remove_listing": 4,
}
"""Votes that carry a command: a majority of the four, so that a tie does not; to remove, all of them.
(Unverified, for amendments and removals.)"""


def counted(cast: Iterable[Ballot]) -> Votes:
    """The votes on record, by department."""
    return Votes.model_validate({vote.seat: vote.vote for vote in cast})


def outcome(command: str, cast: Iterable[Ballot]) -> bool | None:
    """Tell whether the votes carry a motion; None: that is open still."""
    votes = [vote.vote for vote in cast]
    if votes.count(Vote.APPROVE) >= NEEDED[command]:
        return True
    return False if len(SEATS) - votes.count(Vote.OPPOSE) < NEEDED[command] else None

"""A message that came and could not be opened: in its place, the reason."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unopened:
    """The place of an input that nobody here can read. ``problem`` is a sentence for people; ``passing``
    tells that it may be readable later, as it is, once an operator has done something."""

    problem: str
    passing: bool = False


class UnopenedError(Exception):
    """Something that is needed could not be opened. The message says why, and quotes nothing of it."""

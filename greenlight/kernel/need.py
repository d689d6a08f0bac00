"""Facts that a decision lacks: named by the law, found out by whoever drives it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar, cast

T = TypeVar("T")


class Need(Generic[T]):
    """A fact without which a command cannot be decided: what it is, and of what. ``T`` is the answer's type.

        @dataclass(frozen=True, slots=True)
        class LicenseNumber(Need[str]):
            acn: str

    ``costly``: to answer it uses up what is scarce. So it is answered only to somebody whose proof holds, and
    the answer is kept when the log turns out to be ahead, where other facts are asked for anew.
    """

    costly: ClassVar[bool] = False


class LackingError(Exception):
    """Ends deciding for want of a fact; ``Aggregate`` answers with that need, and nobody else sees this."""

    def __init__(self, need: Need[Any]) -> None:
        super().__init__(need)
        self.need = need


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts found out for one decision so far."""

    answers: Mapping[Need[Any], object] = field(default_factory=dict[Need[Any], object])

    def told(self, need: Need[T]) -> T:
        """The answer to a need.

        :raises LackingError: nobody has answered it yet.
        """
        if need not in self.answers:
            raise LackingError(need)
        return cast(T, self.answers[need])

    def knowing(self, need: Need[T], answer: T) -> "Facts":
        return Facts({**self.answers, need: answer})

    def costly(self) -> "Facts":
        """Those alone that are kept when others are asked for anew."""
        return Facts({need: answer for need, answer in self.answers.items() if need.costly})

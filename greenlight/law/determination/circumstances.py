"""The General Prohibitions that no table answers (15 CFR 736.2(b)(4)-(10)): each is asked."""

from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from greenlight.law.determination.question import Circumstances
from greenlight.law.determination.reason import Reason


class Asked(NamedTuple):
    """A question: the member of ``Circumstances``, the prohibition, what a yes means, and whether License
    Exceptions do not overcome it."""

    name: str
    prohibition: int
    yes: str
    no_exception: bool


QUESTIONS = (
    Asked("denial_order", 4, "A denial order forbids it", True),
    Asked("prohibited_end_use", 5, "It is for an end use or end user that part 744 forbids", True),
    Asked("proliferation_support", 7, "A US person would support proliferation by it", True),
    Asked("restricted_transit", 8, "It passes through a country that may not be passed through", False),
    Asked("breaks_order_or_terms", 9, "It breaks an order, or the terms of a license or exception", True),
    Asked("knowledge_of_violation", 10, "A violation is known to have occurred or to be about to", True),
)
"""The sixth is about the destination, and the tables say where it is to be asked."""

_WORDS = {4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine", 10: "Ten"}


_answers: Callable[[Circumstances], tuple[bool | None, ...]] = attrgetter(*(each.name for each in QUESTIONS))


def reasons(circumstances: Circumstances) -> tuple[Reason, ...]:
    return _reasons(_answers(circumstances))


@lru_cache(maxsize=1_024)
def _reasons(answers: tuple[bool | None, ...]) -> tuple[Reason, ...]:
    return tuple(map(_reason, QUESTIONS, answers))


def _reason(asked: Asked, answer: bool | None) -> Reason:
    name = f"General Prohibition {_WORDS[asked.prohibition]}"
    if answer:
        text = f"{asked.yes} ({name})"
    elif answer is None:
        text = f"Not answered: {Circumstances.model_fields[asked.name].description}"
    else:
        text = f"{name} was asked about and does not apply"
    return Reason(
        effect="required" if answer else "open" if answer is None else "clear",
        kind="prohibition",
        text=text,
        citation=f"15 CFR 736.2(b)({asked.prohibition})",
        prohibition=asked.prohibition,
        no_exception=asked.no_exception,
    )

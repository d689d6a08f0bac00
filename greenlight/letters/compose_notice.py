"""From the events of whatever tells of the law, a reprieve, a rule or an instant, to what its notices say."""

from collections.abc import Callable, Mapping
from typing import Final

from greenlight.law.moment.aggregate import MOMENT
from greenlight.law.registry import aggregate_of
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.rule.aggregate import RULE
from greenlight.letters import compose_moment, compose_reprieve, compose_rule
from greenlight.letters.content import NoLetterError, Records, Step
from greenlight.letters.notices import Notice
from greenlight.letters.officers import Officers

_OF: Final[Mapping[str, Callable[[Step, Records, Officers], Notice | None]]] = {
    REPRIEVE.kind: compose_reprieve.compose,
    RULE.kind: compose_rule.compose,
    MOMENT.kind: compose_moment.compose,
}


def compose(step: Step, records: Records, officers: Officers) -> Notice:
    """The notice of the last of ``records``, which are all of the stream's up to it.

    :raises NoLetterError: it calls for none.
    """
    found = _OF[aggregate_of(step.stream).kind](step, records, officers)
    if found is None:
        raise NoLetterError(f"{step.letter_id}: nothing is known of its event")
    return found

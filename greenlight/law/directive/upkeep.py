"""Do what the service owes a directive: notice that another takes its place."""

from dataclasses import dataclass
from datetime import datetime

from greenlight.kernel.model import Identifier
from greenlight.kernel.need import Facts, Need
from greenlight.law.directive.commands import RecordSuperseded
from greenlight.law.directive.state import DirectiveState


@dataclass(frozen=True, slots=True)
class SupersededBy(Need[Identifier | None]):
    """The directive in force that supersedes the one of that key, by its key; None: none does."""

    key: Identifier


def supersede(state: DirectiveState, facts: Facts, now: datetime) -> RecordSuperseded | None:
    other = facts.told(SupersededBy(state.key))
    return None if other is None else RecordSuperseded(by_directive=other)


UPKEEP = {"supersession": supersede}

"""The events that time alone brings about: the current version grows too old to say anything of parties."""

from greenlight.kernel.commit import Event
from greenlight.kernel.time.calendar import plain_date
from greenlight.kernel.time.deadlines import Deadline
from greenlight.law.screening_list.events import ListGrewOld
from greenlight.law.screening_list.state import ListState

RENEWAL = "renewal"


def deadlines(state: ListState) -> tuple[Deadline, ...]:
    """When the current version has to be younger than it is by then."""
    current = state.current
    if current is None or state.old or state.since is None:
        return ()
    return (
        Deadline(
            kind=RENEWAL,
            label="Renewal of the list",
            due=state.old_from(current.retrieved),
            started_at=state.since,
            citation="15 CFR 744.11, 744.16",
            explanation=f"The list was downloaded on {plain_date(current.retrieved)} and says nothing of"
            f" parties after {state.max_age_days} days",
        ),
    )


def passed(state: ListState, deadline: Deadline) -> tuple[Event, ...]:
    """``deadline`` is one that ``deadlines`` gave for ``state``."""
    assert deadline.due is not None, "no hold stops this clock"
    return (ListGrewOld(at=deadline.due),)

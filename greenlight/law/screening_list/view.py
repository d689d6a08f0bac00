"""The views of the list: its status to the world outside, and its row."""

from datetime import date
from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Column, StreamRow, Table
from greenlight.law.screening_list.deadlines import deadlines
from greenlight.law.screening_list.state import ListState, Stage

SERVICE = "service"
MANY = 30
"""Of cases that could not be decided, as many are told where there is little room."""


class ListRow(StreamRow, table=Table("list")):
    """The list; what is in it stays out of it. ``digest`` is that of the current version, of which there are
    ``entries``; ``held`` that of the one that waits for a second officer, ``held_by`` the person who loaded
    it; ``limit_by`` who proposed an age limit that waits; ``due`` when the current one grows too old.
    ``rescreening`` is the number of the last one, of which the counts are: cases gone through, those that
    remain, those that recorded other findings, those that could not be decided."""

    key: str
    title: Annotated[str, Column(counted=True)]
    max_age_days: Annotated[int, Column(counted=True)]
    digest: Annotated[str | None, Column(counted=True, note="NULL while no version is current")]
    retrieved: Annotated[date | None, Column(counted=True)]
    since: Instant | None
    entries: int | None
    held: Annotated[str | None, Column(note="The digest of the version that waits for a second officer")]
    held_by: str | None
    limit_by: str | None
    rescreening: Annotated[
        int | None, Column(note="The number of the last one; what follows counts its cases")
    ]
    done: int
    remaining: int
    differing: int
    failed: int


def status(state: ListState) -> Status:
    pending = deadlines(state)
    return Status(
        stage=state.stage,
        waiting_for=_waits_for(state),
        closed=False,
        due=pending[0].due if pending else None,
        outcome=None,
        officer=None,
        listed=None,
        license_number=None,
    )


def _waits_for(state: ListState) -> str:
    """An officer has a version to load, to confirm or to renew, or cases to see to; the service rescreens."""
    if state.stage is not Stage.CURRENT:
        return Role.LICENSING_OFFICER.value
    found = state.rescreening
    if state.rescreening_due or found is None or not found.completed:
        return SERVICE
    if state.proposed_limit:
        return Role.LICENSING_OFFICER.value
    return Role.LICENSING_OFFICER.value if found.failed else "nobody"


def view(state: ListState, version: int) -> View:
    current, found = state.current, state.rescreening
    return ListRow(
        **status(state).shown(version),
        key=state.key,
        title=state.title,
        max_age_days=state.max_age_days,
        digest=state.digest,
        retrieved=current.retrieved if current else None,
        since=state.since,
        entries=current.content.entries if current else None,
        held=state.held.content.digest if state.held else None,
        held_by=state.held.loaded_by.person if state.held else None,
        limit_by=state.proposed_limit.by.person if state.proposed_limit else None,
        rescreening=found.number if found else None,
        done=found.cases if found else 0,
        remaining=found.left if found else 0,
        differing=found.differing if found else 0,
        failed=len(found.failed) if found else 0,
    ).view()


def progress(state: ListState) -> tuple[str, ...]:
    """Say what is current, what waits, and how far the rescreening is, for people."""
    lines: list[str] = []
    if current := state.current:
        lines.append(f"Current: {current.content.entries} entries, downloaded on {current.retrieved}")
    if held := state.held:
        why = "; ".join(held.content.takes_two)
        lines.append(f"Waits for a second officer: `{held.content.digest}`: {why}")
    if limit := state.proposed_limit:
        lines.append(f"Waits for a second officer: an age limit of {limit.max_age_days} days")
    if found := state.rescreening:
        how = "done" if found.completed else "under way"
        lines.append(
            f"Rescreening {found.number} is {how}: {found.cases} cases with {found.parties} parties done,"
            f" {found.left} left, {found.differing} with other findings"
        )
        if found.failed:
            lines.append(f"Did not answer: {', '.join(f'`{stream}`' for stream in found.failed[:MANY])}")
    return tuple(lines)

"""The views of a rule: its status to the world outside, and its row among the rules."""

from typing import Annotated

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant
from greenlight.kernel.roles import Role
from greenlight.kernel.row import Column, StreamRow, Table, Turn
from greenlight.law.rule.deadlines import deadlines, nearing
from greenlight.law.rule.state import RuleState, Stage

_TABLE = Table(
    "rule",
    turns=(
        Turn(),
        Turn(
            role=f"'{Role.LICENSING_OFFICER}'",
            due="ends",
            deadline="'end'",
            when="nearing IS NOT NULL AND waiting_for = 'nobody'",
        ),
    ),
)


class RuleRow(StreamRow, table=_TABLE):
    """A rule; ``force`` is how it stands, of several readings all. ``attestations`` counts those that are
    confirmed; ``held`` is the number of the one that waits for a second officer, ``held_by`` who attested it;
    ``due`` when something comes by itself. ``nearing`` is the act whose last day is near, ``ends`` the first
    instant after it, while nothing on record says what follows."""

    key: str
    title: str
    force: str
    attestations: int
    held: Annotated[int | None, Column(note="The attestation that waits for a second officer")]
    held_by: str | None
    nearing: Annotated[int | None, Column(note="The act whose last day is near, and nothing follows it")]
    ends: Annotated[Instant | None, Column(note="The first instant after that act")]


def status(state: RuleState) -> Status:
    """Give the status: an officer has something to confirm, or to find out."""
    pending = deadlines(state)
    return Status(
        stage=state.stage,
        waiting_for="nobody" if state.stage is Stage.SETTLED else Role.LICENSING_OFFICER.value,
        closed=False,
        due=pending[0].due if pending else None,
        outcome=None,
        officer=None,
        listed=None,
        license_number=None,
    )


def view(state: RuleState, version: int) -> View:
    near = nearing(state)
    return RuleRow(
        **status(state).shown(version),
        key=state.key,
        title=state.title,
        force=" or ".join(reading.force for reading in state.standing.readings),
        attestations=len(state.attestations),
        held=state.held.number if state.held else None,
        held_by=state.held.by.person if state.held else None,
        nearing=near.number if near else None,
        ends=near.end if near else None,
    ).view()

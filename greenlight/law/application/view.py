"""The views of an application: its status to the world outside, and its row in the docket."""

from typing import Annotated

from greenlight.kernel.aggregate import Standstill, Status
from greenlight.kernel.commit import Append, Event, View
from greenlight.kernel.model import Digest, Identifier, Instant
from greenlight.kernel.once import OncePerObject
from greenlight.kernel.roles import REVIEWING, Role
from greenlight.kernel.row import Child, Column, Privy, StreamRow, Table, Taken, Turn
from greenlight.law.application.clock.days import DocketStay, shown_stays
from greenlight.law.application.deadlines import RESPONSE, deadlines
from greenlight.law.application.dispositions import (
    Disposition,
    dispositions,
    statistical_class,
    value_usd_cents,
)
from greenlight.law.application.dossier import destinations
from greenlight.law.application.events import ApplicationGranted
from greenlight.law.application.expedite.rules import expedited
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.screening.row import ResolutionRow, resolution_rows, resolutions_of
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.application.tasks import Task, agencies, tasks, waiting_for
from greenlight.law.application.transaction import pending_transaction
from greenlight.law.application.validity import valid_through
from greenlight.law.license.events import LicenseIssued
from greenlight.law.license.view import license_append

# No second application for a transaction while one is pending (15 CFR 748.4(f)). Who applies is part of what
# the digest is of, so that the number told is one of the sender's own organisation.
_PENDING = Taken(
    ApplicationRefusal.DUPLICATE_TRANSACTION,
    "the same transaction is pending as {acn}; withdraw that application, or cite another reference if"
    " this is another order",
)


# What waits for a licensing officer may be assigned to one.
# Each has a page of the docket in its order.
_TABLE = Table(
    "docket",
    key="acn",
    case="'application-' || acn",
    turns=(
        Turn(
            source="greenlight.docket JOIN greenlight.task USING (acn)",
            role="role",
            organisation="organisation",
            assigned_to="assigned_to",
            due="task.due",
            deadline="deadline",
            parties="coalesce(matter, CASE WHEN listed THEN 'listed' END)",
            expedited="coalesce(expedited, false)",
            stands_until="frozen_until",
            when="true",
        ),
    ),
    privy=(
        Privy(frozenset({Role.APPLICANT}), "applicant"),
        Privy(REVIEWING, "agency", "greenlight.docket, jsonb_array_elements_text(agencies) AS agency"),
    ),
    indexes=(
        "(applicant, due, acn)",
        "(stage, due, acn)",
        "(waiting_for, due, acn)",
        "(assigned_to, due, acn)",
        "(outcome, due, acn) WHERE outcome IS NOT NULL",
        "(due, acn)",
        "(registered_at, acn)",
    ),
)

_TASKS = Child("task", key=("acn", "number"), copied=True, indexes=("(role, organisation, due)",))


class DocketRow(StreamRow, table=_TABLE):
    """A case as the docket shows it. ``overdue`` names the deadlines that passed unmet."""

    acn: str
    assigned_to: str | None
    listed: bool | None
    registered_at: Instant
    decided_at: Instant | None
    outcome: str | None
    license_number: str | None
    overdue: str | None
    expedited: Annotated[bool | None, Column(note="An officer let it come before others")]
    frozen_since: Annotated[Instant | None, Column(note="Since when nothing is decided, by a directive")]
    frozen_until: Annotated[Instant | None, Column(note="Until when at the latest that is so")]
    frozen_by: Annotated[Identifier | None, Column(note="The directive by which it is")]


class ShownApplication(DocketRow):
    """With what is looked up and counted, too. Party names and goods stay out of it, but for a digest of what
    the case is about."""

    pending_transaction: Annotated[
        Digest | None,
        Column(note="Digest of what the case is about, as long as no other may be about it", taken=_PENDING),
    ]
    # A release of before leaves these empty: until this one has shown the case again, fewer may read it.
    applicant: Annotated[Identifier | None, Column(note="The organisation that applied")]
    agencies: Annotated[
        tuple[Identifier, ...] | None,
        Column(note="The departments to which the case was referred, or that vote where it is disputed"),
    ]
    item_class: str
    value_usd_cents: Annotated[int | None, Column("bigint", note="NULL: not all in USD")]
    dispositions: Annotated[
        tuple[Disposition, ...], Column(note="Outcomes with when they came, and when they were undone")
    ]
    stays: Annotated[
        tuple[DocketStay, ...] | None,
        Column(note="Who had it since when, by name; nobody: closed. Empty: by a release that did not say"),
    ]
    tasks: Annotated[tuple[Task, ...], _TASKS]
    resolutions: Annotated[tuple[ResolutionRow, ...], resolutions_of("acn", "resolution")]


@OncePerObject
def status(state: ApplicationState) -> Status:
    pending = deadlines(state)
    closed = state.stage.closed
    return Status(
        stage=state.stage,
        waiting_for=_waiting_for(state),
        closed=closed,
        due=pending[0].due if pending else None,
        outcome=_outcome(state),
        officer=state.assigned_to,
        listed=state.listed,
        license_number=state.license_number,
        stands=_stands(state),
    )


def _stands(state: ApplicationState) -> Standstill | None:
    freeze = state.freeze
    if freeze is None or state.stage.closed:
        return None
    return Standstill(since=freeze.since, until=freeze.until, directive=freeze.directive)


def view(state: ApplicationState, version: int) -> View:
    said = status(state)
    return ShownApplication(
        **said.shown(version),
        acn=state.acn,
        assigned_to=said.officer,
        listed=said.listed,
        registered_at=state.registered_at,
        decided_at=state.decided_at,
        outcome=said.outcome,
        license_number=state.license_number,
        overdue=", ".join(overdue(state)) or None,
        expedited=expedited(state),
        frozen_since=said.stands and said.stands.since,
        frozen_until=said.stands and said.stands.until,
        frozen_by=said.stands and said.stands.directive,
        pending_transaction=pending_transaction(state),
        applicant=state.submitted_by.organisation,
        agencies=agencies(state),
        item_class=statistical_class(state.submission.items),
        value_usd_cents=value_usd_cents(state.submission.items),
        dispositions=tuple(dispositions(state)),
        stays=shown_stays(state.stays),
        resolutions=resolution_rows(state.resolutions),
        tasks=tuple(tasks(state)),
    ).view()


def overdue(state: ApplicationState) -> list[str]:
    """The deadlines that passed unmet. Nobody owes a response to an intent to deny."""
    return sorted(state.passed - {RESPONSE.kind})


def consequences(state: ApplicationState, events: tuple[Event, ...]) -> tuple[Append, ...]:
    """A grant begins a license, in the same transaction: there is never one without the other."""
    return tuple(
        license_append(
            LicenseIssued(
                at=event.at,
                number=event.license_number,
                acn=state.acn,
                licensee=state.submitted_by.organisation,
                items=tuple(item for item in state.submission.items if item.line in event.lines),
                conditions=event.conditions,
                riders=event.riders,
                valid_through=valid_through(event.at, event.validity),
                validity=event.validity,
                acted_for_licensee=state.acted_for_applicant,
                entities=state.listings,
                destinations=destinations(state.parties),
            )
        )
        for event in events
        if isinstance(event, ApplicationGranted)
    )


def _waiting_for(state: ApplicationState) -> str:
    if state.stage is Stage.TRIAGE and not state.screened:
        return "screening"
    role = waiting_for(state)
    return role.value if role else "nobody"


OUTCOMES = ("granted", "granted_in_part", "denied", "returned", "withdrawn")
"""The outcomes that there are."""


def _outcome(state: ApplicationState) -> str | None:
    if state.stage in {Stage.DENIED, Stage.APPEAL, Stage.FINALLY_DENIED}:
        # An appeal does not suspend the denial: 15 CFR 756.2.
        return "denied"
    if not state.stage.closed:
        return None
    if state.granted and state.granted.in_part:
        return "granted_in_part"
    return state.stage.value

"""What an application shows: its status to the world outside, and its row in the docket."""

from greenlight.kernel.aggregate import Status
from greenlight.kernel.commit import Append, Event, View
from greenlight.law.application.deadlines import RESPONSE, deadlines
from greenlight.law.application.dispositions import dispositions, statistical_class, value_usd_cents
from greenlight.law.application.dossier import destinations
from greenlight.law.application.events import ApplicationGranted
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.application.tasks import tasks, waiting_for
from greenlight.law.application.transaction import pending_transaction
from greenlight.law.application.validity import valid_through
from greenlight.law.license.events import LicenseIssued
from greenlight.law.license.view import license_append


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
    )


def view(state: ApplicationState, version: int) -> View:
    """The docket row, and its tasks and the resolutions of its matches, which have tables of their own.

    Party names and goods stay out of it, but for a digest of what the case is about.
    """
    shown = status(state)
    return View(
        model="docket",
        row={
            "acn": state.acn,
            "stage": shown.stage,
            "waiting_for": shown.waiting_for,
            "assigned_to": shown.officer,
            "listed": shown.listed,
            "due": shown.due.isoformat() if shown.due else None,
            "registered_at": state.registered_at.isoformat(),
            "decided_at": state.decided_at.isoformat() if state.decided_at else None,
            "outcome": shown.outcome,
            "license_number": state.license_number,
            "overdue": ", ".join(overdue(state)) or None,
            "pending_transaction": pending_transaction(state),
            "item_class": statistical_class(state.submission.items),
            "value_usd_cents": value_usd_cents(state.submission.items),
            "dispositions": [each.model_dump(mode="json") for each in dispositions(state)],
            "resolutions": [
                each.model_dump(mode="json", exclude={"reason", "match"}) for each in state.resolutions
            ],
            "tasks": [task.model_dump(mode="json") for task in tasks(state)],
            "version": version,
        },
    )


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


def _outcome(state: ApplicationState) -> str | None:
    if state.stage in {Stage.DENIED, Stage.APPEAL, Stage.FINALLY_DENIED}:
        # An appeal does not suspend the denial: 15 CFR 756.2.
        return "denied"
    if not state.stage.closed:
        return None
    if state.granted and state.granted.in_part:
        return "granted_in_part"
    return state.stage.value

"""Decide what the list's commands mean, or why they are refused."""

from datetime import datetime
from typing import cast

from greenlight.kernel.aggregate import Ruling
from greenlight.kernel.body import Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Digest
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.screening_list.commands import (
    STANDARD_DAYS,
    BeginRescreening,
    ConfirmAgeLimit,
    ConfirmList,
    DiscardList,
    LoadList,
    OpenList,
    ProposeAgeLimit,
    RecordRescreening,
)
from greenlight.law.screening_list.content import ContentOf, NoContent, old_from
from greenlight.law.screening_list.events import (
    AgeLimitChanged,
    AgeLimitProposed,
    ListConfirmed,
    ListDiscarded,
    ListHeld,
    ListLoaded,
    ListOpened,
    ListRefreshed,
    RescreeningBegun,
    RescreeningCompleted,
    RescreeningProgressed,
)
from greenlight.law.screening_list.refusals import ListRefusal
from greenlight.law.screening_list.rescreening import MAX_ROUNDS, rescreening_after
from greenlight.law.screening_list.state import ListState

SCREENING_LIST = "csl"
"""The key of the one list that parties are held against."""


def rule(state: ListState | None, command: Command[Body], now: datetime) -> Ruling:
    """Rule on a command at ``now``: the persons come first, then the matter itself.

    What is in a file that is to be loaded is asked for last: to find out takes a while.
    """
    if state is None:
        return _open(command, now)
    match command.body:
        case LoadList() as body:
            return _load(state, body, command, now)
        case ConfirmList(digest=digest, source=source, reasons=reasons):
            by = command.sender
            return _objection(state, digest, by, now) or (
                ListConfirmed(at=now, by=by, digest=digest, source=source, reasons=reasons),
            )
        case ProposeAgeLimit(max_age_days=days):
            return (AgeLimitProposed(at=now, by=command.sender, max_age_days=days),)
        case ConfirmAgeLimit(max_age_days=days, reasons=reasons):
            return _limit_objection(state, days, command.sender, now) or (
                AgeLimitChanged(at=now, by=command.sender, max_age_days=days, reasons=reasons),
            )
        case DiscardList(digest=digest, reasons=reasons):
            if refusal := _another(state, digest):
                return refusal
            return (ListDiscarded(at=now, by=command.sender, digest=digest, reasons=reasons),)
        case BeginRescreening(pending=pending):
            if not state.rescreening_due or state.digest is None:
                return Refusal(RefusalCode.WRONG_STAGE, "there is no rescreening to begin")
            return (RescreeningBegun(at=now, number=state.sweeps, digest=state.digest, pending=pending),)
        case RecordRescreening() as body:
            return _progress(state, body, now)
        case _:
            raise TypeError(f"nothing is said here of {command.name}")


def _open(command: Command[Body], now: datetime) -> Ruling:
    body = cast(OpenList, command.body)
    if command.key != SCREENING_LIST:
        return Refusal(RefusalCode.MALFORMED, f"the one list that is kept here is {SCREENING_LIST!r}")
    opened = ListOpened(
        at=now,
        by=command.sender,
        key=command.key,
        title=body.title,
        max_age_days=STANDARD_DAYS,
    )
    if body.max_age_days == STANDARD_DAYS:
        return (opened,)
    return (opened, AgeLimitProposed(at=now, by=command.sender, max_age_days=body.max_age_days))


def _load(state: ListState, body: LoadList, command: Command[Body], now: datetime) -> Ruling:
    if body.retrieved > agency_date(now):
        return Refusal(RefusalCode.MALFORMED, f"retrieved: {body.retrieved} lies ahead")
    if state.old_from(body.retrieved) <= now:
        age = f"downloaded on {plain_date(body.retrieved)}, and too old after {state.max_age_days} days"
        return Refusal(ListRefusal.LIST_TOO_OLD, age)
    by, current = command.sender, state.current
    if current is not None and current.content.digest == body.digest:
        if body.retrieved <= current.retrieved:
            return Refusal(ListRefusal.ALREADY_CURRENT, ListRefusal.ALREADY_CURRENT.meaning)
        return (ListRefreshed(at=now, by=by, digest=body.digest, retrieved=body.retrieved),)
    content = command.told(ContentOf(body.digest, body.retrieved, state.standing))
    if isinstance(content, NoContent):
        return Refusal(ListRefusal.LIST_UNREADABLE, content.problem)
    event = ListHeld if content.takes_two else ListLoaded
    return (event(at=now, by=by, content=content, retrieved=body.retrieved),)


def _another(state: ListState, digest: Digest) -> Refusal | None:
    assert state.held is not None, "TRANSITIONS lets this through only while a version is held"
    if state.held.content.digest != digest:
        return Refusal(ListRefusal.DIGEST_DIFFERS, ListRefusal.DIGEST_DIFFERS.meaning)
    return None


def _objection(state: ListState, digest: Digest, by: Actor, now: datetime) -> Refusal | None:
    held = state.held
    assert held is not None, "TRANSITIONS lets this through only while a version is held"
    if held.loaded_by.person == by.person:
        return Refusal(ListRefusal.OWN_VERSION, ListRefusal.OWN_VERSION.meaning)
    if refusal := _another(state, digest):
        return refusal
    if state.old_from(held.retrieved) <= now:
        return Refusal(ListRefusal.LIST_TOO_OLD, ListRefusal.LIST_TOO_OLD.meaning)
    return None


def _limit_objection(state: ListState, days: int, by: Actor, now: datetime) -> Refusal | None:
    limit, current = state.proposed_limit, state.current
    if limit is None or limit.max_age_days != days:
        return Refusal(ListRefusal.NOTHING_HELD, f"no age limit of {days} days waits for a second officer")
    if limit.by.person == by.person:
        return Refusal(ListRefusal.OWN_VERSION, ListRefusal.OWN_VERSION.meaning)
    # What grows too old does so at an instant of its own, and none lies in the past.
    if current is not None and not state.old and old_from(current.retrieved, days) <= now:
        too_old = f"the current version was downloaded on {plain_date(current.retrieved)}: load a younger one"
        return Refusal(ListRefusal.LIST_TOO_OLD, too_old)
    return None


def _progress(state: ListState, body: RecordRescreening, now: datetime) -> Ruling:
    going_on = state.going_on
    if going_on is None or going_on.number != body.number:
        return Refusal(RefusalCode.WRONG_STAGE, "no rescreening of that number goes on")
    if body.batch != going_on.batches + 1:
        # The service was cut off before it heard that it is on record, and says it again.
        return Refusal(RefusalCode.WRONG_STAGE, f"batch {body.batch} is not the next one")
    progressed = RescreeningProgressed(at=now, **body.model_dump(exclude={"batch"}))
    after = rescreening_after(going_on, progressed)
    events: tuple[Event, ...] = (progressed,)
    if after.swept and (not after.failed or after.rounds >= MAX_ROUNDS):
        completed = RescreeningCompleted(
            at=now,
            number=body.number,
            cases=after.cases,
            parties=after.parties,
            differing=after.differing,
            failed=after.failed,
        )
        events = (progressed, completed)
    return events

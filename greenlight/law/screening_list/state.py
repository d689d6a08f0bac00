"""The list as it stands, folded from its events."""

from datetime import date, datetime
from enum import StrEnum

from greenlight.kernel.canonical import digest
from greenlight.kernel.commit import Event
from greenlight.kernel.model import Identifier, Instant, JsonObject, Model, Name
from greenlight.kernel.roles import Actor
from greenlight.law.screening_list.content import ListContent, StandingList, old_from
from greenlight.law.screening_list.events import (
    AgeLimitChanged,
    AgeLimitProposed,
    ListConfirmed,
    ListDiscarded,
    ListGrewOld,
    ListHeld,
    ListLoaded,
    ListOpened,
    ListRefreshed,
    RescreeningBegun,
    RescreeningCompleted,
    RescreeningProgressed,
)
from greenlight.law.screening_list.rescreening import Rescreening, rescreening_after


class Stage(StrEnum):
    """``empty``: no version was ever loaded. ``held``: one waits for a second officer, whether another is
    current or not. ``old``: the current one says nothing of parties any more. The list never ends."""

    EMPTY = "empty"
    CURRENT = "current"
    HELD = "held"
    OLD = "old"

    @property
    def closed(self) -> bool:
        return False


class ListVersion(Model):
    """A version; ``confirmed_by`` the second officer, where it took one."""

    content: ListContent
    retrieved: date
    loaded_by: Actor
    loaded_at: Instant
    confirmed_by: Actor | None = None


class AgeLimit(Model):
    """A limit that waits for a second officer."""

    max_age_days: int
    by: Actor


class ListState(Model):
    """``since`` is when ``current`` became so; ``versions`` counts those that ever did; ``sweeps`` counts how
    often everything is, or is to be, held against what is current. ``proposed_limit`` waits for a second
    officer."""

    key: Identifier
    title: Name
    max_age_days: int
    opened_at: Instant
    current: ListVersion | None = None
    since: Instant | None = None
    held: ListVersion | None = None
    old: bool = False
    versions: int = 0
    sweeps: int = 0
    proposed_limit: AgeLimit | None = None
    rescreening: Rescreening | None = None

    @property
    def stage(self) -> Stage:
        if self.held is not None:
            return Stage.HELD
        if self.current is None:
            return Stage.EMPTY
        return Stage.OLD if self.old else Stage.CURRENT

    @property
    def digest(self) -> str | None:
        """Of the current version."""
        return self.current.content.digest if self.current else None

    @property
    def standing(self) -> StandingList | None:
        """The list that parties are held against."""
        if self.current is None:
            return None
        return StandingList(
            key=self.key,
            title=self.title,
            digest=self.current.content.digest,
            retrieved=self.current.retrieved,
            max_age_days=self.max_age_days,
        )

    @property
    def rescreening_due(self) -> bool:
        """There is a rescreening to begin."""
        return not self.old and (self.rescreening.number if self.rescreening else 0) < self.sweeps

    @property
    def going_on(self) -> Rescreening | None:
        """The rescreening that goes on."""
        found = self.rescreening
        return None if found is None or found.completed or self.old or self.rescreening_due else found

    def old_from(self, retrieved: date) -> datetime:
        """The first instant at which a version downloaded on that day says nothing any more."""
        return old_from(retrieved, self.max_age_days)


def evolve(state: ListState | None, event: Event) -> ListState:
    """The state after ``event``. Total on recorded streams: the first event is the opening."""
    match event, state:
        case ListOpened(), None:
            return ListState(
                key=event.key, title=event.title, max_age_days=event.max_age_days, opened_at=event.at
            )
        case _, ListState() if not isinstance(event, ListOpened):
            return state.model_copy(update=_changes(state, event))
        case _:
            raise ValueError(f"{type(event).__name__} cannot follow {state.stage if state else 'nothing'}")


def _changes(state: ListState, event: Event) -> dict[str, object]:
    match event:
        case ListLoaded():
            return _current(state, _version(event), event.at)
        case ListHeld():
            return {"held": _version(event)}
        case ListConfirmed(by=by, at=at):
            assert state.held is not None, "what is confirmed was held"
            return _current(state, state.held.model_copy(update={"confirmed_by": by}), at)
        case ListDiscarded():
            return {"held": None}
        case ListRefreshed(retrieved=retrieved):
            assert state.current is not None, "what is refreshed is current"
            again = state.current.model_copy(update={"retrieved": retrieved})
            # While it was old, parties could not be screened.
            return {"current": again, "old": False, "sweeps": state.sweeps + state.old}
        case ListGrewOld():
            return {"old": True}
        case AgeLimitProposed(by=by, max_age_days=days):
            return {"proposed_limit": AgeLimit(max_age_days=days, by=by)}
        case AgeLimitChanged(at=at, max_age_days=days):
            return {"max_age_days": days, "proposed_limit": None, **_as_of_limit(state, days, at)}
        case RescreeningBegun() | RescreeningProgressed() | RescreeningCompleted():
            return {"rescreening": rescreening_after(state.rescreening, event)}
        case _:
            raise ValueError(f"{type(event).__name__} is not an event of the list")


def _as_of_limit(state: ListState, days: int, at: datetime) -> dict[str, object]:
    """A version that was too old is so no more where the limit allows it; then parties are screened anew."""
    again = state.old and state.current is not None and old_from(state.current.retrieved, days) > at
    return {"old": False, "sweeps": state.sweeps + 1} if again else {}


def _version(event: ListLoaded | ListHeld) -> ListVersion:
    return ListVersion(
        content=event.content, retrieved=event.retrieved, loaded_by=event.by, loaded_at=event.at
    )


def _current(state: ListState, version: ListVersion, at: datetime) -> dict[str, object]:
    return {
        "current": version,
        "since": at,
        "held": None,
        "old": False,
        "versions": state.versions + 1,
        "sweeps": state.sweeps + 1,
    }


def dossier(state: ListState) -> JsonObject:
    """Gather what is current and what waits for a second officer. How far the rescreening is changes nothing
    of it."""
    shown = {"key", "title", "max_age_days", "current", "held"}
    if state.proposed_limit is not None:
        shown.add("proposed_limit")
    return state.model_dump(mode="json", include=shown)


def dossier_digest(state: ListState) -> str:
    return digest(dossier(state))

"""The events that a notice rests on: its own, and what all before it come to."""

from typing import Generic, Protocol, TypedDict, TypeVar

from greenlight.kernel.aggregate import Aggregate, Staged
from greenlight.kernel.canonical import digest
from greenlight.kernel.model import Digest, JsonObject
from greenlight.kernel.time.calendar import agency_date, last_day
from greenlight.letters.content import NoLetterError, Records, Step
from greenlight.letters.officers import Officers
from greenlight.letters.words import Day


class Kept(Staged, Protocol):
    """The state of whatever notices are on: its key, and what it is called."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...


S = TypeVar("S", bound=Kept)


class Head(TypedDict):
    """Give what all notices have."""

    letter_id: str
    rests_on: Digest
    dated: Day
    of: str
    key: str
    title: str


class Basis(Generic[S]):
    """Of the last of ``records``, which are all of the stream's up to it. ``before`` is the state before it,
    ``earlier`` are the events that led there."""

    def __init__(self, kind: Aggregate[S], step: Step, records: Records, officers: Officers) -> None:
        self.officers = officers
        *self.earlier, self.event = (kind.read(record) for record in records)
        # What a stream begins with calls for no notice: it follows in the same commit, or later.
        before = kind.folded(None, self.earlier)
        if before is None:
            raise NoLetterError(f"{step.letter_id}: there is no {kind.title.lower()}")
        self.before = before
        streams: JsonObject = {step.stream: list(records), **officers.streams}
        self.head: Head = {
            "letter_id": step.letter_id,
            "rests_on": digest(streams),
            "dated": agency_date(self.event.at),
            "of": kind.title,
            "key": before.key,
            "title": before.title,
        }

    @property
    def last_day_as_date(self) -> Head:
        """A term that ended with a day is spoken of on that day, not on the next."""
        head = self.head.copy()
        head["dated"] = last_day(self.event.at)
        return head

"""The list as tests need it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from greenlight.kernel.aggregate import Decision
from greenlight.kernel.body import Body
from greenlight.kernel.canonical import digest
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.refusal import Refusal
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date
from greenlight.law.screening_list.aggregate import LIST
from greenlight.law.screening_list.commands import (
    COMMANDS,
    INTERNAL,
    ConfirmList,
    LoadList,
    OpenList,
    RecordRescreening,
)
from greenlight.law.screening_list.content import ContentOf, ListContent, NoContent
from greenlight.law.screening_list.state import ListState
from tests.law.actors import OFFICER, OTHER_OFFICER
from tests.law.decisions import told

NOW = datetime(2026, 9, 1, 14, 0, tzinfo=UTC)
TODAY = date(2026, 9, 1)
OPEN = OpenList(title="Consolidated Screening List")
FIRST, SECOND = digest({"version": 1}), digest({"version": 2})
MISSING = digest({"version": "none"})
NAMES: Mapping[type[Body], str] = {body: name for name, body in (COMMANDS | INTERNAL).items()}


def content(
    of: str, compared_with: str | None = None, *doubts: str, removed: int = 0, renamed: int = 0
) -> ListContent:
    return ListContent(
        digest=of,
        bytes=1_000,
        rows=11,
        entries=10,
        bad_rows=1,
        left_out=0,
        problems=("line 3: 3 fields, and the header has 29",),
        lists={"entity-list": 10},
        compared_with=compared_with,
        added=10,
        removed=removed,
        changed=renamed,
        renamed=renamed,
        doubts=doubts,
    )


def loading(of: str = FIRST, retrieved: date = TODAY) -> LoadList:
    return LoadList(digest=of, retrieved=retrieved)


def progress(
    number: int = 1, *, batch: int = 1, last: bool = True, failed: Sequence[str] = ()
) -> RecordRescreening:
    return RecordRescreening(
        number=number,
        batch=batch,
        cursor="license-D000001",
        last=last,
        cases=3,
        parties=9,
        differing=1,
        failed=tuple(failed),
    )


class Kept:
    """The list so far, with what the service finds in its files."""

    def __init__(self, *doubts: str) -> None:
        self.events: list[Event] = []
        self.state: ListState | None = None
        self.now = NOW
        self.doubts = doubts
        self.removed = self.renamed = 0

    @property
    def opened(self) -> ListState:
        assert self.state is not None, "the list is kept here"
        return self.state

    def asked(self, body: Body, by: Actor | None = OFFICER) -> Decision:
        """The decision, with what is in a file supplied as the desk does."""
        name = NAMES[type(body)]
        command = Command(key="csl", body=body, by=None if name in INTERNAL else by)
        if isinstance(body, LoadList) and self.state is not None:
            command = told(command, {ContentOf: self.found(body.digest)})
        return LIST.decide(self.state, command, self.now)

    def found(self, of: str) -> ListContent | NoContent:
        current = self.opened.digest
        if of == MISSING:
            return NoContent(digest=of, compared_with=current, problem="no file is stored under that digest")
        return content(of, current, *self.doubts, removed=self.removed, renamed=self.renamed)

    def does(self, *bodies: Body, by: Actor = OFFICER) -> "Kept":
        for body in bodies:
            decision = self.asked(body, by)
            assert isinstance(decision, tuple), decision
            self.add(decision)
        return self

    def passes(self, days: float) -> "Kept":
        self.now += timedelta(days=days)
        self.add(LIST.advance(self.state, self.now))
        return self

    def add(self, events: Sequence[Event]) -> None:
        for event in events:
            # As it is read back from the log.
            self.state = LIST.apply(self.state, LIST.read(event.record()))
            self.events.append(event)


def refused(decision: Decision) -> Refusal:
    assert isinstance(decision, Refusal), decision
    return decision


def empty() -> Kept:
    return Kept().does(OPEN)


def confirmation(of: str = FIRST) -> ConfirmList:
    return ConfirmList(digest=of, source="fetched", reasons="The agency says that it is so.")


def current() -> Kept:
    return empty().does(loading()).does(confirmation(), by=OTHER_OFFICER)


def held(before: Kept | None = None) -> Kept:
    kept = before or empty()
    kept.doubts = ("5 entries after 10",)
    return kept.does(loading(SECOND, agency_today(kept)))


def agency_today(kept: Kept) -> date:
    return agency_date(kept.now)


def old() -> Kept:
    return current().passes(31)

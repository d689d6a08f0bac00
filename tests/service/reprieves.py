"""Reprieves that live through all their stages while somebody is killed, and what must be left of them.

Most decisions are brought about by a policy that wants them a year ahead; some by time that is skipped.
"""

import asyncio
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper

from greenlight.eventlog.read import Reader
from greenlight.eventlog.stored import StoredEvent
from greenlight.kernel.body import Body
from greenlight.kernel.commit import Event, Receipt
from greenlight.kernel.messages import CaseStatus
from greenlight.kernel.streams import reprieve_stream, stream_key
from greenlight.law.reprieve.aggregate import REPRIEVE
from greenlight.law.reprieve.commands import (
    AdoptPolicy,
    ConfirmOutcome,
    EndReprieve,
    IssueTerm,
    OpenReprieve,
    ReplaceOutcome,
    StopOutcome,
    TerminateTerm,
)
from greenlight.law.reprieve.coverage import Terms, covered
from greenlight.law.reprieve.events import ReprieveEnded, TermIssued, TermTerminated
from greenlight.law.reprieve.state import dossier_digest
from tests import repeating
from tests.law.reprieve.decisions import reevaluated
from tests.service.audit import everything_agrees, types
from tests.service.cases import command_ids, decided
from tests.service.processes import Patience
from tests.service.site import Site, insist
from tests.timelines.policies import usual
from tests.workflows.reprieves import ENTITY, evidence, term

A_MONTH = timedelta(days=32)
"""Past the end of a term of 30 days."""

AT_ONCE = AdoptPolicy(policy=usual({"lead_days": 366}), reasons="A year ahead.")
STOP = StopOutcome(reasons="Enough.")

OPENED = ("ReprieveOpened", "TermIssued")
DUE = ("DecisionFellDue", "DecisionMade")
ASKED = ("EvidenceSubmitted", "PolicyAdopted", *DUE)
IN_SILENCE = ("EvidenceSubmitted", *DUE, "ObjectionWindowClosed")


@dataclass(frozen=True, slots=True)
class Story:
    """A term of so many days, what is done then, each at a stage, and the events it comes to, in order."""

    name: str
    days: int
    steps: tuple[tuple[str, str, Body | timedelta], ...]
    events: tuple[str, ...]
    stage: str


_PROPOSED = (("running", "defense", evidence()), ("running", "vera", AT_ONCE))

STORIES = (
    Story(
        "confirmed, then stopped",
        30,
        (*_PROPOSED, ("proposed", "vera", ConfirmOutcome()), ("proposed", "vera", STOP)),
        (*OPENED, *ASKED, "OutcomeConfirmed", "TermIssued", *DUE, "OutcomeStopped"),
        "lapsing",
    ),
    Story(
        "replaced",
        5,
        (("referred", "vera", ReplaceOutcome(term=term(200), reasons="Longer.")),),
        (*OPENED, *DUE, "OutcomeReplaced", "TermIssued"),
        "running",
    ),
    Story(
        "terminated, then issued anew",
        5,
        (
            ("referred", "vera", TerminateTerm(term=1, reasons="Diversion.")),
            ("lapsed", "vera", IssueTerm(term=term(100))),
        ),
        (*OPENED, *DUE, "TermTerminated", "TermExpired", "TermIssued"),
        "running",
    ),
    Story(
        "ended while proposed",
        30,
        (*_PROPOSED, ("proposed", "vera", EndReprieve(reasons="National security."))),
        (*OPENED, *ASKED, "ReprieveEnded"),
        "ended",
    ),
    Story(
        "extended in silence",
        30,
        (("running", "defense", evidence()), ("running", "", A_MONTH)),
        (*OPENED, *IN_SILENCE, "TermIssued", "TermExpired"),
        "running",
    ),
    Story(
        "lapsed in silence",
        30,
        (("running", "defense", evidence(value=False)), ("running", "", A_MONTH)),
        (*OPENED, *IN_SILENCE, "TermExpired"),
        "lapsed",
    ),
)
"""Six, with every way out of an open decision among them; one of them has ended."""

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class LivedReprieve:
    """A story as somebody lived it."""

    stream: str
    story: Story
    command_ids: tuple[str, ...]
    receipts: tuple[Receipt, ...]

    @property
    def streams(self) -> tuple[str, ...]:
        return (self.stream,)


async def live(site: Site, story: Story) -> LivedReprieve:
    """One reprieve to the end of its story, every command under an id of its own, whatever happens."""
    key = f"killed-{next(_numbers)}"
    stream, ids = reprieve_stream(key), command_ids(key)
    repeating.tell(f"{stream} begins: {story.name}")
    vera = await site.officer("vera")
    used, receipts = [next(ids)], list[Receipt]()
    opening = OpenReprieve(title="Under fire", policy=usual({}), term=term(story.days))
    await insist(partial(vera.open_reprieve, key, opening, command_id=used[0]))
    for stage, officer, what in story.steps:
        await _at_stage(site, stream, stage)
        if isinstance(what, timedelta):
            await _skip(vera.temporal, stream, what)
            repeating.tell(f"{stream} is {what.days} days on")
        else:
            used.append(next(ids))
            receipts.append(await decided(site, officer, stream, what, used[-1]))
    # Of a stage that it was at before, the events tell whether it is its end.
    await _at_stage(site, stream, story.stage, len(story.events))
    return LivedReprieve(stream, story, tuple(used), tuple(receipts))


async def _skip(temporal: Client, stream: str, period: timedelta) -> None:
    """Let a period pass, in as many parts as it takes."""
    handle, skipper = temporal.get_workflow_handle(stream), TimeSkipper(temporal)
    until, patience = datetime.now(UTC) + period, Patience()
    while True:
        try:
            left = until - await skipper.get_current_time(handle)
            if left <= timedelta(0):
                return
            repeating.tell(f"{stream} goes on to {until}, {left} ahead")
            await skipper.fast_forward(handle, left)
        except RPCError:
            assert not patience.over, f"{stream} does not skip"
            await asyncio.sleep(0.1)


async def _at_stage(site: Site, stream: str, stage: str, events: int = 0) -> CaseStatus:
    """The reprieve at a stage that it comes to by itself, with so many events at least."""
    acme = await site.officer("acme")
    patience = Patience()
    while True:
        case = await insist(partial(acme.status, stream))
        if case.status.stage == stage and case.version >= events:
            return case
        assert not patience.over, (
            f"{stream} is {case.status.stage} with {case.version} events, and not {stage}"
        )
        await asyncio.sleep(0.05)


async def nothing_is_lost_or_doubled(site: Site, lives: Sequence[LivedReprieve]) -> None:
    """Hold what was answered against the log, the read models, the workflows, and the law."""
    async with Reader(site.target.database_url) as reader:
        events = [event async for event in reader.log()]
        rows = {row.key: row for row in await reader.reprieves()}
    for lived in lives:
        mine = [event for event in events if event.stream == lived.stream]
        told_of = [f"{event.type} at {event.at}, recorded at {event.recorded_at}" for event in mine]
        assert types(mine, lived.stream) == lived.story.events, f"{lived.stream}: {told_of}"
        row = rows[stream_key(lived.stream)]
        assert (row.stage, row.version) == (lived.story.stage, len(mine))
        told = [REPRIEVE.read(event.record) for event in mine]
        assert reevaluated(told) == lived.story.events.count("DecisionMade")
        _every_term_was_issued_once(told)
        _covered_is_what_a_term_covers(told)
        await _the_workflow_agrees(site, lived.stream, mine)
    await everything_agrees(site, events, lives)


def _every_term_was_issued_once(told: Iterable[Event]) -> None:
    issued = [event for event in told if isinstance(event, TermIssued)]
    assert [event.term.number for event in issued] == list(range(1, len(issued) + 1))
    decisions = [event.decision for event in issued if event.decision is not None]
    assert len(set(decisions)) == len(decisions)
    assert all(event.term.effective == event.at for event in issued)


def _covered_is_what_a_term_covers(told: Sequence[Event]) -> None:
    """On both sides of every beginning and end, of which none lies before its cause."""
    terms = Terms.of([told])
    spans = _spans(told)
    for edge in (edge for span in spans for edge in span):
        for at in (edge - timedelta(microseconds=1), edge):
            runs = any(begin <= at < end for begin, end in spans)
            assert covered(terms, ENTITY, "networks", at).covered is runs, at


def _spans(told: Iterable[Event]) -> list[tuple[datetime, datetime]]:
    """From the first instant of each term to the one after its last, found otherwise than coverage does."""
    spans: dict[int, tuple[datetime, datetime]] = {}
    for event in told:
        match event:
            case TermIssued(term=issued):
                spans[issued.number] = (issued.effective, issued.end)
            case TermTerminated(term=number, ends=ends):
                spans[number] = (spans[number][0], ends)
            case ReprieveEnded(at=at):
                spans = {number: (begin, min(end, at)) for number, (begin, end) in spans.items()}
            case _:
                pass
    return [span for span in spans.values() if span[0] < span[1]]


async def _the_workflow_agrees(site: Site, stream: str, events: Sequence[StoredEvent]) -> None:
    state = REPRIEVE.replay(None, tuple(event.record for event in events))
    assert state is not None
    acme = await site.officer("acme")
    case = await insist(partial(acme.status, stream))
    assert (case.version, case.dossier) == (len(events), dossier_digest(state)), stream
    assert case.status == REPRIEVE.status(state)

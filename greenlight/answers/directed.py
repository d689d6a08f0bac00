"""The cases that a directive would move if it came in force now: asked before it is signed."""

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from greenlight.kernel.roles import Actor
from greenlight.law.application.directed import FROZEN
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.application.freeze.events import CaseFrozen, FreezeLifted
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.standing import StandingDirective
from greenlight.law.registry import aggregate_of

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader

MOST = 1_000
"""Cases that are looked at, those due first."""


_STANDS = "nothing is decided in it meanwhile"


class Move(NamedTuple):
    """A case that would go from one stage to another."""

    stream: str
    before: str
    after: str


class Stays(NamedTuple):
    """So many cases in scope would stay where they are, by a row of the routing of directives; or they would
    stand by this one, with the reason in the place of the row."""

    number: int
    outcome: str
    row: str | None


class Moves(NamedTuple):
    """``pending``: all cases of the kind that are open, of which ``looked_at`` were held against the order;
    ``revokes``: they are licenses. ``at_once``: it would be in force as soon as it is issued."""

    revokes: bool
    pending: int
    looked_at: int
    moved: tuple[Move, ...]
    stay: tuple[Stays, ...]
    at_once: bool


async def moved_by(reader: "Reader", key: str, content: IssueDirective, by: Actor, now: datetime) -> Moves:
    """The cases that would move and how, and why others in scope would stay."""
    revokes = content.posture is Posture.REVOKE
    aggregate = aggregate_of("license-" if revokes else "application-")
    assert aggregate.directed is not None, "directives are about both"
    pending = await reader.summaries_size(aggregate.kind, open_only=True)
    rows = await reader.summaries(aggregate.kind, open_only=True, limit=MOST)
    standing = StandingDirective(
        key=key,
        author=by,
        scope=content.scope,
        posture=content.posture,
        citation=content.citation,
        reasons=content.reasons,
        since=now,
        expires=content.expires,
        ground=content.ground,
    )
    moved: list[Move] = []
    stay: Counter[tuple[str, str | None]] = Counter()
    for row in rows:
        records = [event.record async for event in reader.stream(row.stream)]
        state, newer = aggregate.known_state(records)
        if state is None or newer is not None:
            # Who cannot read it here cannot tell either: it waits for a newer release.
            continue
        events = aggregate.directed(state, (standing,), now)
        if not events:
            continue
        if isinstance(events[0], FreezeLifted):
            # It stands by another directive already, which nobody asked about here.
            continue
        if isinstance(events[0], CaseFrozen):
            stay[FROZEN, _STANDS] += 1
            continue
        then = aggregate.folded(state, events)
        assert then is not None, "there was a state before"
        if then.stage == row.stage and isinstance(events[0], DirectiveApplied):
            evaluation = events[0].evaluation
            stay[evaluation.outcome, evaluation.row] += 1
            continue
        moved.append(Move(row.stream, row.stage, then.stage))
    return Moves(
        revokes=revokes,
        pending=pending,
        looked_at=len(rows),
        moved=tuple(moved),
        stay=tuple(Stays(number, *why) for why, number in stay.most_common()),
        at_once=not (content.condition or (content.effective and content.effective > now)),
    )

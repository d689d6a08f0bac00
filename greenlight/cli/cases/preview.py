"""The cases that a directive would move if it came in force now: told before it is signed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from greenlight.cli.base.output import counted, words
from greenlight.kernel.roles import Actor
from greenlight.kernel.streams import stream_key
from greenlight.law.application.events import DirectiveApplied
from greenlight.law.directive.commands import IssueDirective
from greenlight.law.directive.scope import Posture
from greenlight.law.directive.standing import StandingDirective
from greenlight.law.registry import aggregate_of

if TYPE_CHECKING:
    from greenlight.eventlog.read import Reader

MOST = 1_000
"""Cases that are looked at, those due first."""
_NAMED = 8


async def moved_by(
    reader: "Reader", key: str, content: IssueDirective, by: Actor, now: datetime
) -> Mapping[str, Sequence[str]]:
    """Names and values, for people: how many are pending, which of them would move and how, and why others in
    scope would stay."""
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
    )
    moved: list[str] = []
    stay: Counter[str] = Counter()
    for row in rows:
        records = [event.record async for event in reader.stream(row.stream)]
        state, newer = aggregate.known_state(records)
        if state is None or newer is not None:
            # Who cannot read it here cannot tell either: it waits for a newer release.
            continue
        events = aggregate.directed(state, (standing,), now)
        if not events:
            continue
        then = aggregate.folded(state, events)
        assert then is not None, "there was a state before"
        if then.stage == row.stage and isinstance(events[0], DirectiveApplied):
            stay[_why(events[0])] += 1
            continue
        moved.append(f"{stream_key(row.stream)}: from {words(row.stage)} to {words(then.stage)}")
    what = "licenses in force" if revokes else "pending applications"
    looked_at = "" if len(rows) == pending else f", of which the {len(rows)} due first were looked at"
    more = len(moved) - _NAMED
    effective = content.effective and content.effective > now
    note = "once it is in force; this is how it would be now" if effective or content.condition else "at once"
    return {
        "Cases": (f"{pending} {what}{looked_at}",),
        "Moves": (
            f"{counted(len(moved), 'case')}, {note}",
            *moved[:_NAMED],
            *((f"and {more} more",) if more > 0 else ()),
        ),
        "Leaves": tuple(f"{counted(number, 'case')}: {why}" for why, number in stay.most_common()),
    }


def _why(applied: DirectiveApplied) -> str:
    from greenlight.cli.cases.case_view import routed

    return routed(applied.evaluation)

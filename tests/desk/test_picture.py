"""The picture of a case in time: everything stands where its instant is, and nothing beyond the edge."""

from datetime import UTC, date, datetime, timedelta

import pytest

from greenlight.desk.history import Happened
from greenlight.desk.picture import LABELS, WIDTH, Picture, picture
from greenlight.kernel.time.deadlines import Deadline
from greenlight.kernel.time.holds import HoldKind
from greenlight.law.application.clock.days import Days, Spell
from greenlight.law.application.clock.language import Holder

# Midnight in Washington, in winter.
BEGIN = datetime(2026, 1, 5, 5, tzinfo=UTC)


def at(days: float) -> datetime:
    return BEGIN + timedelta(days=days)


def spell(label: str, since: float, until: float | None, holder: Holder = Holder.OFFICER) -> Spell:
    return Spell(
        holder=holder,
        of=(),
        ground=HoldKind.GOVERNMENT_CONSULTATION if holder is Holder.HOLD else None,
        citation=None,
        label=label,
        since=at(since),
        until=None if until is None else at(until),
        days=int((until if until is not None else 20) - since),
    )


def spent(*spells: Spell, closed: bool = False) -> Days:
    return Days(
        acn="Z000001",
        registered_on=date(2026, 1, 5),
        through=date(2026, 1, 25),
        closed=closed,
        age=20,
        spells=spells,
        shares=(),
    )


def due(label: str, since: float, until: float | None) -> Deadline:
    return Deadline(
        kind="any",
        label=label,
        due=None if until is None else at(until),
        started_at=at(since),
        citation="15 CFR 750.4",
        explanation=f"{label} explained",
    )


def event(what: str, on: float, *, refused: bool = False) -> Happened:
    return Happened(1, what, at(on), "olga", refused, ())


def drawn(now: float = 20) -> Picture:
    return picture(
        spent(
            spell("officer", 0, 5),
            spell("hold: government consultation", 5, 15, Holder.HOLD),
            spell("officer", 15, None),
        ),
        [due("Initial action", 0, 9), due("Resolution", 0, 80), due("Of State", 3, None)],
        [
            event("application submitted", 0),
            event("hold placed", 5),
            event("command refused", 6, refused=True),
        ],
        at(now),
    )


def test_each_holder_and_each_deadline_has_a_lane_in_their_order() -> None:
    assert [lane.label for lane in drawn().lanes] == [
        "Officer",
        "Hold: government consultation",
        "Initial action",
        "Resolution",
        "Of State",
    ]
    assert [[bar.kind for bar in lane.bars] for lane in drawn().lanes] == [
        ["stay", "stay"],
        ["hold"],
        ["late"],
        ["period"],
        ["period"],
    ]
    heights = [lane.y for lane in drawn().lanes]
    assert heights == sorted(set(heights))
    assert heights[-1] < drawn().height


def test_what_is_at_one_instant_is_at_one_place() -> None:
    officer, hold, initial, resolution, stopped = drawn().lanes
    assert officer.bars[0].x == LABELS
    assert officer.bars[0].x + officer.bars[0].width == pytest.approx(hold.bars[0].x)
    assert hold.bars[0].x + hold.bars[0].width == pytest.approx(officer.bars[1].x)
    assert officer.bars[1].x + officer.bars[1].width == pytest.approx(drawn().now)
    assert (initial.due or 0) < hold.bars[0].x + hold.bars[0].width
    assert (resolution.due or 0) > (drawn().now or 0)
    # Its clock stands still: it is due on no day.
    assert stopped.due is None
    assert [mark.x for mark in drawn().events] == [LABELS, hold.bars[0].x]


def test_a_refusal_is_no_event_of_the_picture_and_a_closed_case_has_no_today() -> None:
    assert not [mark for mark in drawn().events if "refused" in mark.said]
    over = picture(spent(spell("officer", 0, 5), closed=True), [], [], at(20))
    assert over.now is None


@pytest.mark.parametrize("whole", [0.001, 0.5, 1, 3, 9, 40, 200, 1_500])
def test_nothing_stands_beyond_the_edge_however_long_it_takes(whole: float) -> None:
    made = picture(
        spent(spell("officer", 0, None)),
        [due("A deadline with a name that is much too long for its lane", 0, whole)],
        [event("application submitted", 0), event("case assigned", whole / 2)],
        at(whole / 3),
    )
    for lane in made.lanes:
        assert len(lane.label) <= 32
        for bar in lane.bars:
            assert LABELS <= bar.x <= bar.x + bar.width <= WIDTH + 3
    places = [*(mark.x for mark in made.ticks), *(mark.x for mark in made.events), made.now or 0]
    assert all(LABELS <= x <= WIDTH for x in places)
    assert 1 <= len(made.ticks) <= 9
    steps = [right.x - left.x for left, right in zip(made.ticks, made.ticks[1:], strict=False)]
    assert all(step > 55 for step in steps)


def test_the_axis_says_days_of_washington() -> None:
    ticks = drawn().ticks
    assert ticks[0].said == "5 Jan 2026"
    # Over the change of the clocks, too, a mark is a midnight there.
    made = picture(spent(spell("officer", 0, None)), [due("Resolution", 0, 90)], [], at(80))
    assert [tick.said for tick in made.ticks][:3] == ["5 Jan 2026", "19 Jan", "2 Feb"]

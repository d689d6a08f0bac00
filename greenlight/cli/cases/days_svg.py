"""The holders of an application's days, as SVG: a row for each holder, in one scale from left to right."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from greenlight.cli.base.output import counted
from greenlight.kernel.svg import document, drawn, text
from greenlight.kernel.time.calendar import agency_date, plain_date
from greenlight.law.application.clock.days import Days, Spell
from greenlight.law.application.clock.language import Holder

WIDTH, LEFT, RIGHT, TOP, ROW = 1_080, 300, 70, 66, 28
_TICKS: Final = 8
_COLOURS: Final = {
    Holder.APPLICANT: "#e0a100",
    Holder.OFFICER: "#2f6f9f",
    Holder.COUNTERSIGNER: "#4b8fbf",
    Holder.EXECUTIVE: "#1d4a6d",
    Holder.AGENCY: "#5b3a8e",
    Holder.FORUM: "#8e3a6a",
    Holder.HOLD: "#8a939b",
    Holder.FREEZE: "#7fb8c9",
    Holder.SERVICE: "#c3cad0",
}


def svg(shown: Days) -> str:
    """The picture; its rows are in the order in which they first had the case."""
    taken = [spell for spell in shown.spells if spell.days]
    rows = {label: place for place, label in enumerate(dict.fromkeys(spell.label for spell in taken))}
    bottom = TOP + ROW * len(rows)
    title = f"{shown.acn}: whose its {counted(shown.age, 'day')} were"
    parts = [
        text(24, 24, title, "title"),
        *_dates(shown, bottom),
        *(part for label, place in rows.items() for part in _head(shown, label, TOP + ROW * place)),
        *(_bar(shown, spell, TOP + ROW * rows[spell.label]) for spell in taken),
    ]
    return document(WIDTH, bottom + 20, title, "", parts)


def _x(shown: Days, day: int) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * day / max(shown.age, 1), 1)


def _dates(shown: Days, bottom: int) -> Iterator[str]:
    step = -(-shown.age // _TICKS) or 1
    for day in range(0, shown.age + 1, step):
        x = _x(shown, day)
        yield f'<line x1="{x}" y1="{TOP - 8}" x2="{x}" y2="{bottom}" class="grid"/>'
        yield text(x, TOP - 14, plain_date(shown.registered_on + timedelta(days=day)), "faint", "middle")


def _head(shown: Days, label: str, y: int) -> Iterator[str]:
    whole = next(share.days for share in shown.shares if share.label == label)
    yield text(LEFT - 12, y + 18, f"{label}, {counted(whole, 'day')}", anchor="end")


def _bar(shown: Days, spell: Spell, y: int) -> str:
    first = (agency_date(spell.since) - shown.registered_on).days
    x, end = _x(shown, first), _x(shown, first + spell.days)
    said = f"{spell.label}: {counted(spell.days, 'day')} from {plain_date(agency_date(spell.since))}"
    return (
        f'<rect x="{x}" y="{y + 4}" width="{round(end - x, 1)}" height="{ROW - 8}" class="{spell.holder}"'
        f' fill="{_COLOURS[spell.holder]}"><title>{drawn(said)}</title></rect>'
    )

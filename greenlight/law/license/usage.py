"""Count what has been shipped under a license, from the reports on it (15 CFR 750.7, 750.11).

A report is known by its internal transaction number (ITN) in the Automated Export System; the same ITN
counts once. Only the latest word on an ITN is in force, and the total is a function of the *set* of reports
in force: the order in which they came plays no part.

The total of a line is found by walking through the days that the ITNs are dated. On each day

1. if a *cumulative* report of that day says a larger total to date, the total is raised to it;
2. what the *single* reports of that day say is added.

So a cumulative report covers every single one of the days before its own, which is then not counted again;
those of its own day and of later ones come on top. Of one day nobody knows which came first (the digits of
an ITN are random within it), and what was shipped is never to be counted too low. A cumulative report that
says less than is known already takes nothing away: only a correction does. Quantity and value are walked
separately.

A report more never makes a total smaller. Therefore, if some reports together stay within the license, so
does every part of them, and they are accepted in whatever order they come.

Quantity has no tolerance. The value of a line may exceed what is licensed by up to 10 % while quantity
remains, and once all of it is shipped nothing more may be (15 CFR 750.11). Whether quantity remains need not
be asked: a shipment has at least one unit, so it is either within the quantity, and made while quantity
remains, or beyond it and refused, whatever its value.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from greenlight.kernel.model import Day, Model, PositiveInteger
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.law.application.dossier import MAX_ITEMS, Item, Items, Money
from greenlight.law.license.refusals import LicenseRefusal

TOLERANCE_PERCENT = 10
"""By how much the value shipped may exceed the value licensed while quantity remains (15 CFR 750.11)."""

THRESHOLDS = (80, 90, 95, 100)
"""Percent used of a line of which the licensee is told, each once (a service of the agency, no rule's)."""

MAX_LINES_ON_FILE = 10_000
"""Lines of all reports of one license together: the state travels with every message, and a payload has its
limit. A report takes some 30 bytes of it, and 15 for each line."""


class ReportKind(StrEnum):
    """The meaning of the quantities and values of a report.

    ``single``: this shipment. ``cumulative``: all shipments of the line to date, this one included.
    """

    SINGLE = "single"
    CUMULATIVE = "cumulative"


def itn_day(itn: str) -> date:
    """The day that an ITN is dated."""
    return date.fromisoformat(itn[1:9])


def _dated(itn: str) -> str:
    try:
        itn_day(itn)
    except ValueError:
        raise ValueError("an ITN is X, a date and six digits") from None
    return itn


Itn = Annotated[str, StringConstraints(pattern=r"^X[0-9]{14}$"), AfterValidator(_dated)]
"""An internal transaction number of the Automated Export System: ``X``, YYYYMMDD and six digits."""


class ShippedLine(Model):
    """The shipment that a report states for one line of the license, in the line's own unit and currency."""

    line: Annotated[int, Field(ge=1, le=MAX_ITEMS)]
    quantity: PositiveInteger
    value: Money


class Shipment(Model):
    """A report under an ITN. ``shipped_on`` is the day in Washington on which the goods left, the last of
    them if several shipments are meant."""

    itn: Itn
    kind: ReportKind
    shipped_on: Day
    lines: Annotated[tuple[ShippedLine, ...], Field(min_length=1, max_length=MAX_ITEMS)]

    @model_validator(mode="after")
    def _each_line_once(self) -> Self:
        lines = [line.line for line in self.lines]
        if len(lines) != len(set(lines)):
            raise ValueError("lines: line numbers must be distinct")
        if self.kind is ReportKind.CUMULATIVE and self.shipped_on > itn_day(self.itn):
            raise ValueError("shipped_on: a total to date knows of no shipment after its ITN's date")
        return self


class OnFile(NamedTuple):
    """The latest word on an ITN, as short as it can be said.

    Each of ``lines`` is a line number, a quantity, and a value in minor units of the line's currency; a
    cancelled report has none.
    """

    itn: str
    kind: ReportKind
    lines: tuple[tuple[int, int, int], ...]


class Used(NamedTuple):
    """The amount shipped of a line: units, and minor units of its currency."""

    quantity: int = 0
    value: int = 0


def on_file(shipment: Shipment) -> OnFile:
    lines = sorted((line.line, line.quantity, line.value.minor_units) for line in shipment.lines)
    return OnFile(shipment.itn, shipment.kind, tuple(lines))


def with_report(reports: Iterable[OnFile], report: OnFile) -> tuple[OnFile, ...]:
    """The reports with ``report`` in place of any under its ITN, in the order of their ITNs."""
    return tuple(sorted((*(other for other in reports if other.itn != report.itn), report)))


def usage(reports: Iterable[OnFile]) -> dict[int, Used]:
    """Count what has been shipped of each line that any of ``reports`` names."""
    days: defaultdict[int, defaultdict[date, list[tuple[ReportKind, Used]]]]
    days = defaultdict(lambda: defaultdict(list))
    for report in reports:
        day = itn_day(report.itn)
        for line, quantity, value in report.lines:
            days[line][day].append((report.kind, Used(quantity, value)))
    return {line: _walked(of_line) for line, of_line in sorted(days.items())}


def _walked(days: dict[date, list[tuple[ReportKind, Used]]]) -> Used:
    quantity = value = 0
    for _, said in sorted(days.items()):
        singles = [used for kind, used in said if kind is ReportKind.SINGLE]
        totals = [used for kind, used in said if kind is ReportKind.CUMULATIVE]
        quantity = max([quantity, *(used.quantity for used in totals)])
        value = max([value, *(used.value for used in totals)])
        quantity += sum(used.quantity for used in singles)
        value += sum(used.value for used in singles)
    return Used(quantity, value)


def value_limit(item: Item) -> int:
    """The largest value that may be shipped of ``item``, in minor units; a fraction of one is not allowed."""
    licensed = item.value.minor_units
    return licensed + licensed * TOLERANCE_PERCENT // 100


def exhausted(items: Items, reports: Iterable[OnFile]) -> bool:
    """Tell whether the full quantity of every line is shipped, so that nothing more may be (15 CFR
    750.11(a))."""
    used = usage(reports)
    return all(used.get(item.line, Used()).quantity >= item.quantity for item in items)


def reached(items: Items, reports: Iterable[OnFile]) -> dict[int, int]:
    """By line, the part that is used of it, in whole percent: of the quantity or of the value, whichever is
    more; what the tolerance on the value allows beyond is no more than all of it."""
    used = usage(reports)
    return {item.line: _percent(item, used[item.line]) for item in items if item.line in used}


def in_words(thresholds: tuple[int, ...]) -> str:
    """Thresholds as people say them: ``80, 90 and 95 %``."""
    *others, last = map(str, thresholds)
    return f"{', '.join(others)} and {last} %" if others else f"{last} %"


def _percent(item: Item, used: Used) -> int:
    quantity, value = used.quantity * 100 // item.quantity, used.value * 100 // item.value.minor_units
    return min(100, max(quantity, value))


def objections(items: Items, reports: tuple[OnFile, ...], shipment: Shipment) -> Iterator[Refusal]:
    """Say what the license has against ``shipment`` in place of any report under its ITN.

    Lines are named, but not by how much they are exceeded: contents are confidential (15 CFR 748.1(c)).
    """
    licensed = {item.line: item for item in items}
    for line in shipment.lines:
        item = licensed.get(line.line)
        if item is None:
            yield Refusal(RefusalCode.UNKNOWN_ITEM, f"the license has no line {line.line}")
        elif line.value.currency != item.value.currency:
            yield Refusal(
                LicenseRefusal.OTHER_CURRENCY, f"line {line.line} is licensed in {item.value.currency}"
            )
    after = with_report(reports, on_file(shipment))
    if sum(len(report.lines) for report in after) > MAX_LINES_ON_FILE:
        yield Refusal(
            LicenseRefusal.TOO_MANY_SHIPMENTS,
            f"the reports have more than {MAX_LINES_ON_FILE} lines together",
        )
    for line, used in usage(after).items():
        item = licensed.get(line)
        if item is not None and used.quantity > item.quantity:
            yield Refusal(
                LicenseRefusal.QUANTITY_EXCEEDED,
                f"line {line}: more than the licensed quantity; there is no tolerance on it (15 CFR 750.11)",
            )
        elif item is not None and used.value > value_limit(item):
            yield Refusal(
                LicenseRefusal.VALUE_EXCEEDED,
                f"line {line}: more than the licensed value and {TOLERANCE_PERCENT} % (15 CFR 750.11)",
            )

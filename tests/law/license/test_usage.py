"""What reports of shipments add up to, whatever their order; and where the license ends."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.usage import (
    MAX_LINES_ON_FILE,
    OnFile,
    ReportKind,
    Shipment,
    Used,
    exhausted,
    itn_day,
    objections,
    on_file,
    usage,
    value_limit,
    with_report,
)
from tests.law.application.cases import item
from tests.law.license.cases import itn, shipment
from tests.law.properties import QUICK

SINGLE, CUMULATIVE = ReportKind.SINGLE, ReportKind.CUMULATIVE
DAY = date(2026, 10, 1)
ITEMS = (item(1, cents=1_000_00), item(2, cents=1_000_00))


def report(
    day: int, quantity: int, value: int = 1, kind: ReportKind = SINGLE, number: int = 1, line: int = 1
) -> OnFile:
    on = DAY + timedelta(days=day)
    return OnFile(itn(on, number), kind, ((line, quantity, value),))


def _sent(day: int, lines: list[tuple[int, int, int]], kind: ReportKind, number: int) -> Shipment:
    return shipment(DAY + timedelta(days=day), *lines, kind=kind, number=number)


REPORTS = st.lists(
    st.builds(
        report,
        day=st.integers(0, 4),
        quantity=st.integers(1, 6),
        value=st.integers(1, 500_00),
        kind=st.sampled_from(ReportKind),
        number=st.integers(1, 3),
        line=st.integers(1, 2),
    ),
    max_size=8,
    unique_by=lambda found: found.itn,
)
SHIPMENTS = st.lists(
    st.builds(
        _sent,
        day=st.integers(0, 3),
        lines=st.lists(
            st.tuples(st.integers(1, 2), st.integers(1, 6), st.integers(1, 600_00)),
            min_size=1,
            max_size=2,
            unique_by=lambda line: line[0],
        ),
        kind=st.sampled_from(ReportKind),
        number=st.integers(1, 3),
    ),
    max_size=8,
)


@pytest.mark.parametrize(
    ("reports", "total"),
    [
        ([], 0),
        ([report(0, 3), report(0, 3, number=2), report(1, 1)], 7),
        ([report(0, 3, kind=CUMULATIVE), report(1, 5, kind=CUMULATIVE)], 5),
        ([report(0, 3), report(1, 5, kind=CUMULATIVE)], 5),
        ([report(0, 3), report(1, 5, kind=CUMULATIVE), report(2, 2)], 7),
        ([report(0, 3, kind=CUMULATIVE), report(1, 2), report(2, 6, kind=CUMULATIVE)], 6),
        ([report(0, 5, kind=CUMULATIVE), report(0, 3, number=2)], 8),
        ([report(0, 5, kind=CUMULATIVE, number=9), report(0, 3)], 8),
        ([report(0, 3), report(0, 5, kind=CUMULATIVE, number=2)], 8),
        ([report(0, 3), report(0, 5, kind=CUMULATIVE, number=2), report(1, 6, kind=CUMULATIVE)], 8),
        ([report(0, 3), report(0, 5, kind=CUMULATIVE, number=2), report(1, 9, kind=CUMULATIVE)], 9),
        ([report(0, 3), report(1, 2, kind=CUMULATIVE)], 3),
        ([report(0, 3), report(1, 2, kind=CUMULATIVE), report(2, 1)], 4),
        ([report(0, 2, kind=CUMULATIVE), report(0, 4, kind=CUMULATIVE, number=2)], 4),
    ],
    ids=[
        "nothing",
        "singles add up",
        "of two totals the later holds",
        "a total covers the singles before it",
        "and not those after it",
        "a later total covers what came between",
        "a single after a total of the same day is added",
        "whatever the numbers of their ITNs",
        "also one that may have been before it: nobody knows",
        "a total of the next day that says less takes nothing away",
        "and one that says more covers both",
        "a total that says less takes nothing away",
        "and later singles come on top of what is known",
        "of two totals of a day the larger holds",
    ],
)
def test_totals_and_singles_together(reports: Sequence[OnFile], total: int) -> None:
    assert usage(reports).get(1, Used()).quantity == total


def test_the_value_is_walked_apart_from_the_quantity() -> None:
    reports = [report(0, 3, 300), report(1, 5, 200, CUMULATIVE), report(2, 1, 50)]
    assert usage(reports) == {1: Used(6, 350)}


def test_lines_are_walked_apart() -> None:
    assert usage([report(0, 3, 30), report(1, 4, 40, line=2)]) == {1: Used(3, 30), 2: Used(4, 40)}


@QUICK
@given(reports=REPORTS, data=st.data())
def test_the_order_of_reports_does_not_matter(reports: list[OnFile], data: st.DataObject) -> None:
    assert usage(data.draw(st.permutations(reports))) == usage(reports)


@QUICK
@given(reports=REPORTS, left_out=st.integers(0, 7))
def test_a_report_more_never_makes_a_total_smaller(reports: list[OnFile], left_out: int) -> None:
    fewer = usage(reports[:left_out] + reports[left_out + 1 :])
    every = usage(reports)
    for line, used in fewer.items():
        assert used.quantity <= every[line].quantity
        assert used.value <= every[line].value


@QUICK
@given(reports=REPORTS)
def test_a_total_lies_between_the_largest_report_and_their_sum(reports: list[OnFile]) -> None:
    for line, used in usage(reports).items():
        said = [quantity for r in reports for at, quantity, _ in r.lines if at == line]
        assert max(said) <= used.quantity <= sum(said)


@QUICK
@given(reports=REPORTS)
def test_the_total_is_the_best_any_report_can_say_with_what_came_after_it(reports: list[OnFile]) -> None:
    """Said in another way: each total with the singles from its day on, and all singles without a total."""
    for line, used in usage(reports).items():
        said = [(r.kind, itn_day(r.itn), q) for r in reports for at, q, _ in r.lines if at == line]
        totals = [(day, q) for kind, day, q in said if kind is CUMULATIVE]
        assert used.quantity == max(
            total + sum(q for kind, day, q in said if kind is SINGLE and day >= begin)
            for begin, total in [(date.min, 0), *totals]
        )


def test_the_same_itn_counts_once() -> None:
    first, again = report(0, 3), report(0, 5)
    assert with_report((first,), again) == (again,)
    assert usage(with_report((first,), again))[1].quantity == 5


@QUICK
@given(shipments=SHIPMENTS, data=st.data())
def test_reports_that_stay_within_the_license_are_taken_in_any_order(
    shipments: list[Shipment], data: st.DataObject
) -> None:
    """Usage never exceeds the quantity, nor the value by more than a tenth, whatever is sent when."""
    taken = _taken(shipments)
    for line in ITEMS:
        used = usage(on_file(kept) for kept in taken).get(line.line, Used())
        assert used.quantity <= line.quantity
        assert used.value * 10 <= line.value.minor_units * 11
    assert set(_itns(_taken(data.draw(st.permutations(taken))))) == set(_itns(taken))


def _taken(shipments: Sequence[Shipment]) -> list[Shipment]:
    """Those of ``shipments`` that are accepted, sent in this order, an ITN once."""
    reports: tuple[OnFile, ...] = ()
    taken: list[Shipment] = []
    for sent in shipments:
        known = any(kept.itn == sent.itn for kept in reports)
        if not known and not list(objections(ITEMS, reports, sent)):
            reports = with_report(reports, on_file(sent))
            taken.append(sent)
    return taken


def _itns(shipments: Sequence[Shipment]) -> list[str]:
    return [found.itn for found in shipments]


def test_every_order_of_a_mixed_set_gives_one_state() -> None:
    reports = [report(0, 3), report(1, 5, 7, CUMULATIVE), report(2, 2), report(2, 6, 9, CUMULATIVE, 2)]
    found: set[tuple[OnFile, ...]] = set()
    for order in permutations(reports):
        state: tuple[OnFile, ...] = ()
        for one in order:
            state = with_report(state, one)
        found.add(state)
    assert found == {tuple(sorted(reports))}


@pytest.mark.parametrize(
    ("licensed", "limit"),
    [(1_000_00, 1_100_00), (99, 108), (9, 9), (10, 11), (19, 20), (10**13, 11 * 10**12)],
)
def test_the_tolerance_is_a_tenth_and_no_fraction_more(licensed: int, limit: int) -> None:
    assert value_limit(item(1, cents=licensed)) == limit


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (((1, 10, 1_000_00),), None),
        (((1, 9, 1_100_00),), None),
        (((1, 10, 1_100_00),), None),
        (((1, 1, 1_100_01),), LicenseRefusal.VALUE_EXCEEDED),
        (((1, 10, 1_100_01),), LicenseRefusal.VALUE_EXCEEDED),
        (((1, 11, 1),), LicenseRefusal.QUANTITY_EXCEEDED),
        (((1, 11, 1_100_00),), LicenseRefusal.QUANTITY_EXCEEDED),
        (((1, 1, 1), (2, 11, 1)), LicenseRefusal.QUANTITY_EXCEEDED),
        (((1, 1, 1_000_00), (2, 1, 1_200_00)), LicenseRefusal.VALUE_EXCEEDED),
        (((3, 1, 1),), RefusalCode.UNKNOWN_ITEM),
    ],
    ids=[
        "all of it",
        "the tolerance while quantity remains",
        "the tolerance with the last shipment",
        "a cent beyond the tolerance",
        "a cent beyond it with the last shipment",
        "a piece too many",
        "no tolerance on the quantity",
        "a piece too many of another line",
        "one line does not lend its value to another",
        "a line that is not licensed",
    ],
)
def test_the_quantity_is_exact_and_the_value_has_a_tolerance(
    lines: tuple[tuple[int, int, int], ...], code: Code | None
) -> None:
    found = [refusal.code for refusal in objections(ITEMS, (), shipment(DAY, *lines))]
    assert found == ([code] if code else [])


@pytest.mark.parametrize("kind", ReportKind)
def test_there_is_no_tolerance_once_the_quantity_is_shipped(kind: ReportKind) -> None:
    full = (report(0, 10, 900_00),)
    quantity = 1 if kind is SINGLE else 11
    later = shipment(DAY + timedelta(days=1), (1, quantity, 1), kind=kind)
    assert [found.code for found in objections(ITEMS, full, later)] == [LicenseRefusal.QUANTITY_EXCEEDED]


def test_a_correction_is_held_against_the_license_in_place_of_the_earlier_report() -> None:
    reports = (report(0, 6), report(1, 4))
    assert list(objections(ITEMS, reports, shipment(DAY, (1, 6, 5)))) == []
    (refusal,) = objections(ITEMS, reports, shipment(DAY, (1, 7, 5)))
    assert refusal.code is LicenseRefusal.QUANTITY_EXCEEDED


def test_currencies_are_not_mixed() -> None:
    (refusal,) = objections(ITEMS, (), shipment(DAY, (1, 1, 1), currency="EUR"))
    assert refusal.code is LicenseRefusal.OTHER_CURRENCY


def test_a_refusal_names_the_line_and_not_the_amounts() -> None:
    (refusal,) = objections(ITEMS, (), shipment(DAY, (2, 4711, 1)))
    assert "line 2" in refusal.message
    assert "4711" not in refusal.message


def test_what_is_on_file_is_bounded() -> None:
    full = tuple(OnFile(itn(DAY, number), CUMULATIVE, ((1, 1, 1),)) for number in range(MAX_LINES_ON_FILE))
    assert _codes(full, shipment(DAY, (1, 1, 1), kind=CUMULATIVE, number=0)) == []
    one_more = shipment(DAY, (1, 1, 1), kind=CUMULATIVE, number=MAX_LINES_ON_FILE)
    assert _codes(full, one_more) == [LicenseRefusal.TOO_MANY_SHIPMENTS]


def _codes(reports: tuple[OnFile, ...], sent: Shipment) -> list[Code]:
    return [refusal.code for refusal in objections(ITEMS, reports, sent)]


def test_a_license_is_exhausted_once_all_of_every_line_is_shipped() -> None:
    assert not exhausted(ITEMS, ())
    assert not exhausted(ITEMS, (report(0, 10),))
    assert not exhausted(ITEMS, (report(0, 10), report(1, 9, 1_100_00, line=2)))
    assert exhausted(ITEMS, (report(0, 10), report(1, 10, line=2)))


@pytest.mark.parametrize(
    "wrong",
    ["X2026093100000", "X20260931000001", "X20261301000001", "Y20260930000001", "X202609300000011", "X2026"],
)
def test_an_itn_is_x_a_date_and_six_digits(wrong: str) -> None:
    good = shipment(DAY).model_dump()
    assert itn_day("X20260930000001") == date(2026, 9, 30)
    with pytest.raises(ValidationError, match="itn"):
        Shipment.model_validate(good | {"itn": wrong})


def test_a_report_names_a_line_once() -> None:
    with pytest.raises(ValidationError, match="distinct"):
        shipment(DAY, (1, 1, 1), (1, 2, 2))


def test_a_total_knows_of_no_later_shipment() -> None:
    later = DAY + timedelta(days=1)
    assert shipment(DAY, shipped_on=later).shipped_on == later
    with pytest.raises(ValidationError, match="total to date"):
        shipment(DAY, shipped_on=later, kind=CUMULATIVE)


@pytest.mark.parametrize("line", [(0, 1, 1), (101, 1, 1), (1, 0, 1), (1, -1, 1), (1, 1, 0)])
def test_a_shipment_has_something_in_it(line: tuple[int, int, int]) -> None:
    with pytest.raises(ValidationError):
        shipment(DAY, line)

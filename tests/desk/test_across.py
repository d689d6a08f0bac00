"""Checks across members say what they can before each member is right by itself."""

from typing import Annotated, Any, Self

from pydantic import AfterValidator, ValidationError, model_validator
from pydantic_core import to_json

from greenlight.desk.across import across
from greenlight.kernel.model import Model, PositiveInteger
from greenlight.kernel.problems import faults


class Row(Model):
    line: PositiveInteger
    count: PositiveInteger


def _distinct(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    if len({row.line for row in rows}) < len(rows):
        raise ValueError("lines are distinct")
    return rows


class Order(Model):
    rows: Annotated[tuple[Row, ...], AfterValidator(_distinct)]
    first: int
    last: int
    least: int = 0

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if self.last < self.first:
            raise ValueError("it ends before it begins")
        return self

    @model_validator(mode="after")
    def _enough(self) -> Self:
        if sum(row.count for row in self.rows) < self.least:
            raise ValueError("too few")
        return self


def told(content: dict[str, Any]) -> list[str]:
    try:
        Order.model_validate_json(to_json(content), strict=True)
    except ValidationError as error:
        faulty = frozenset(each["loc"] for each in faults(error))
        return [what for _, what in across(Order, content, faulty)]
    return []


GOOD = {"line": 1, "count": 2}


def test_a_check_that_needs_nothing_faulty_speaks() -> None:
    assert told({"rows": [GOOD], "first": 2, "last": 1, "least": "x"}) == ["it ends before it begins"]
    assert told({"rows": "x", "first": 2, "last": 1}) == ["it ends before it begins"]


def test_all_checks_speak_and_not_the_first_alone() -> None:
    assert told({"rows": [GOOD], "first": 2, "last": 1, "least": 9}) == [
        "it ends before it begins",
        "too few",
    ]


def test_a_check_that_looks_at_what_is_faulty_or_missing_is_silent() -> None:
    assert told({"rows": [GOOD], "first": 2, "last": "x", "least": 1}) == []
    assert told({"rows": [{"line": 1}], "first": 1, "last": 1, "least": 9}) == []
    assert told({"rows": [GOOD], "first": 1, "last": 1, "least": "x"}) == []


def test_rows_are_held_against_each_other_by_what_of_them_is_right() -> None:
    assert told({"rows": [GOOD, {"line": 1, "count": "x"}], "first": 1, "last": 1}) == ["lines are distinct"]
    assert told({"rows": [GOOD, {"line": "x", "count": 1}], "first": 1, "last": 1}) == []

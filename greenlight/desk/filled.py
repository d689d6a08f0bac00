"""A form that was filled in, and the command that it comes to; or what is wrong with it, field by field."""

from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, to_json

from greenlight.desk.across import across
from greenlight.desk.asked import Form
from greenlight.desk.fields import Field, Options, TypedError, every, said
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.problems import faults, told

M = TypeVar("M", bound=BaseModel)

ADD = "add"
"""The button that shows another row: what was typed stays, and nothing is sent."""


class Fault(NamedTuple):
    """``at``: the name of the field, empty where it is about all of them."""

    at: str
    label: str
    what: str


class Shown(NamedTuple):
    """Fields with what was typed, and what is wrong with it."""

    fields: tuple[Field, ...]
    form: Form
    faults: tuple[Fault, ...] = ()
    more: str = ""

    def rows(self, name: str) -> int:
        """The rows to show: those that were typed, one more where that was asked for."""
        return max(self.form.rows(name), 1) + (self.more == name)

    def fault(self, name: str) -> str:
        """The fault of a field; empty: none."""
        return next((each.what for each in self.faults if each.at == name), "")

    def typed(self, field: Field, part: str = "") -> str:
        """The text that stands in a field, or in a part of it."""
        name = f"{field.name}.{part}" if part else field.name
        return self.form.one(name) if self.form.pairs else ("" if part else field.default)

    def chosen_first(self, field: Field) -> Options:
        """The options of a field of which not all fit into sight: those chosen on top."""
        chosen = frozenset(self.form.all(field.name))
        return tuple(sorted(field.options, key=lambda option: option[0] not in chosen))

    def chosen(self, field: Field, value: str) -> bool:
        return value in self.form.all(field.name)


def filled(model: type[M], fields: tuple[Field, ...], form: Form) -> M | Shown:
    """The command; or the form once more, with all that is wrong, in the order of its fields."""
    if more := form.one(ADD):
        return Shown(fields, form, more=more)
    named = {each.name: each for each in every(fields, form)}
    wrong: list[Fault] = []
    try:
        content = said(fields, form)
    except TypedError as error:
        content = error.content
        wrong = [Fault(at, named[at].label, what) for at, what in error.problems.items()]
    unread = {each.at for each in wrong}
    try:
        command = model.model_validate_json(to_json(content), strict=True, context=ENTERED)
        if not wrong:
            return command
        by_itself: list[ErrorDetails] = []
    except ValidationError as error:
        by_itself = faults(error)
        found = (_fault(each["loc"], told(each), each["type"], named, form) for each in by_itself)
        # What cannot be read is not missing.
        wrong += [each for each in found if each.at not in unread]
    # What can be known of several fields together is told with what each has by itself.
    faulty = frozenset((*(each["loc"] for each in by_itself), *(_place(at, named, form) for at in unread)))
    beyond = across(model, content, faulty, ENTERED)
    told_of = {each.at for each in wrong if each.at}
    across_them = (_fault(at, what, "value_error", named, form) for at, what in beyond)
    wrong += [each for each in across_them if each.at not in told_of]
    places = {name: place for place, name in enumerate(("", *named))}
    return Shown(fields, form, tuple(sorted(dict.fromkeys(wrong), key=lambda each: places[each.at])))


def _place(at: str, named: dict[str, Field], form: Form) -> tuple[int | str, ...]:
    """The place in the command of what stands in a field: rows that were left empty count on the page
    alone."""
    steps: list[int | str] = []
    above = ""
    for step in at.split("."):
        rows = above in named and named[above].kind == "rows"
        steps.append(_rows_of(above, form).index(int(step)) if rows else step)
        above = f"{above}.{step}" if above else step
    return tuple(steps)


def _rows_of(name: str, form: Form) -> list[int]:
    """The rows in which something was typed, as the page counts them."""
    return [place for place in range(form.rows(name)) if form.has_any(f"{name}.{place}")]


def _fault(loc: tuple[int | str, ...], what: str, kind: str, named: dict[str, Field], form: Form) -> Fault:
    """At the innermost field that the place leads to. Rows that were left empty count on the page alone."""
    at = ""
    for step in loc:
        if isinstance(step, int) and at in named and named[at].kind == "rows":
            step = _rows_of(at, form)[step]
        inner = f"{at}.{step}" if at else str(step)
        if inner not in named and not any(name.startswith(f"{inner}.") for name in named):
            break
        at = inner
    if at not in named:
        return Fault("", "", what)
    if kind == "missing":
        what = "Choose one" if named[at].kind in {"choice", "choices", "yes_no"} else "Enter this"
    return Fault(at, named[at].label, what[:1].upper() + what[1:])

"""A form that was filled in, and the command that it comes to; or what is wrong with it, field by field."""

from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

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
    except ValidationError as error:
        found = (_fault(each["loc"], told(each), each["type"], named, form) for each in faults(error))
        # What cannot be read is not missing.
        wrong += [each for each in found if each.at not in unread]
    places = {name: place for place, name in enumerate(("", *named))}
    return Shown(fields, form, tuple(sorted(dict.fromkeys(wrong), key=lambda each: places[each.at])))


def _fault(loc: tuple[int | str, ...], what: str, kind: str, named: dict[str, Field], form: Form) -> Fault:
    """At the innermost field that the place leads to. Rows that were left empty count on the page alone."""
    at = ""
    for step in loc:
        if isinstance(step, int) and at in named and named[at].kind == "rows":
            places = [place for place in range(form.rows(at)) if form.has_any(f"{at}.{place}")]
            step = places[step]
        inner = f"{at}.{step}" if at else str(step)
        if inner not in named and not any(name.startswith(f"{inner}.") for name in named):
            break
        at = inner
    if at not in named:
        return Fault("", "", what)
    if kind == "missing":
        what = "Choose one" if named[at].kind in {"choice", "choices", "yes_no"} else "Enter this"
    return Fault(at, named[at].label, what[:1].upper() + what[1:])

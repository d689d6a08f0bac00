"""Fields of a form, made from the body that it sends: of which kind each is, and how it is read.

A field is known by the path of its member: ``parties.0.name``. What was left empty is not said at all.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from greenlight.desk.asked import Form
from greenlight.desk.pages import sentence
from greenlight.kernel.codes.countries import COUNTRIES
from greenlight.kernel.codes.currencies import CURRENCIES
from greenlight.kernel.model import Country, Text
from greenlight.kernel.option import Option
from greenlight.kernel.time.calendar import AGENCY_ZONE, end_of_day
from greenlight.law.application.dossier import Money
from greenlight.law.application.ownership import Share
from greenlight.law.reprieve.told import value_of
from greenlight.letters.words import decimals_of

Kind = Literal[
    "line", "text", "number", "day", "choice", "choices", "check", "yes_no", "lines", "numbers", "money",
    "percent",
    "group", "rows", "fact",
]  # fmt: skip

Options = tuple[tuple[str, str], ...]

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,16}")
_AMOUNT: Final = re.compile(r"[0-9]{1,16}(\.[0-9]{0,6})?|\.[0-9]{1,6}")
_PERCENT: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?")
_MOST_TYPED: Final = 40
"""Characters of an amount, with its commas."""


@dataclass(frozen=True, slots=True)
class Field:
    """``end``: a day that is typed means its end, and not its first moment; ``inside``: the parts of a group,
    or of each row. ``default``: what is there before anything is typed."""

    name: str
    label: str
    hint: str
    kind: Kind
    needed: bool
    options: Options = ()
    end: bool = False
    of_instants: bool = False
    inside: tuple["Field", ...] = ()
    default: str = ""

    def at(self, prefix: str) -> "Field":
        """The same in a row or group of that name."""
        return replace(self, name=f"{prefix}.{self.name}")

    def row(self, place: int | str) -> tuple["Field", ...]:
        """The parts of the row at a place, from 0."""
        return tuple(_under(each, f"{self.name}.{place}") for each in self.inside)

    @property
    def parts(self) -> tuple["Field", ...]:
        """The parts of a group."""
        return tuple(_under(each, self.name) for each in self.inside)


def _under(field: Field, prefix: str) -> Field:
    return field.at(prefix)


def fields_of(model: type[BaseModel], *, choices: Mapping[str, Options] | None = None) -> tuple[Field, ...]:
    """The fields of a body. ``choices``: by its name, what can be chosen for one that takes any text."""
    given = choices or {}
    found = (_field(name, info) for name, info in model.model_fields.items())
    return tuple(
        replace(each, kind="choice", options=given[each.name]) if each.name in given else each
        for each in found
    )


def _field(name: str, info: FieldInfo) -> Field:
    said = next((each for each in info.metadata if isinstance(each, Option)), Option())
    needed = info.is_required()
    field = Field(
        name=name,
        label=sentence(name),
        hint=info.description or "",
        kind="line",
        needed=needed,
        end=said.end,
        default=str(info.default.value) if isinstance(info.default, Enum) else "",
    )
    if isinstance(info.default, int) and not isinstance(info.default, bool):
        field = replace(field, default=str(info.default))
    return _typed(field, info.annotation, tuple(info.metadata))


def _typed(field: Field, annotation: Any, metadata: tuple[object, ...]) -> Field:
    """The field with the kind that its type asks for."""
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _typed(field, inner[0], (*metadata, *inner[1:]))
    if origin in (Union, UnionType):
        if set(inner) == _FACT:
            hint = f"{field.hint} true, false, a whole number, a word, or unknown.".strip()
            return replace(field, kind="fact", hint=hint[:1].upper() + hint[1:])
        some = [each for each in inner if each is not NoneType]
        if NoneType in inner and _bare(some[0]) is bool:
            return replace(field, kind="yes_no", needed=False)
        return _typed(replace(field, needed=field.needed and NoneType not in inner), some[0], metadata)
    if origin is Literal:
        return replace(field, kind="choice", options=tuple((str(each), sentence(each)) for each in inner))
    if origin in (tuple, frozenset):
        return _several(field, inner[0])
    if annotation is bool:
        # What has to be said is asked with both answers; nobody agrees by leaving a box as it was.
        return replace(field, kind="yes_no" if field.needed else "check")
    if metadata_has(Share, metadata):
        hint = "In per cent, such as 50 or 33.33. Left empty: it could not be found out."
        return replace(field, kind="percent", hint=hint)
    if annotation is int:
        return replace(field, kind="number")
    if annotation is AwareDatetime or annotation is date:
        return replace(field, kind="day", of_instants=annotation is AwareDatetime)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return replace(field, kind="choice", options=tuple((str(m.value), _choice(m)) for m in annotation))
    if annotation is Money:
        return replace(field, kind="money", options=tuple((each, each) for each in sorted(CURRENCIES)))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return replace(field, kind="group", inside=fields_of(annotation))
    if metadata_has(Country, metadata):
        return replace(field, kind="choice", options=tuple((c, f"{n} ({c})") for c, n in COUNTRIES.items()))
    return replace(field, kind="text" if metadata_has(Text, metadata) else "line")


_FACT: Final = {bool, int, str, NoneType}
"""A fact of a decision table; that it is unknown is said, and not left out."""
UNKNOWN: Final = object()


def _several(field: Field, item: Any) -> Field:
    one = _typed(replace(field, needed=True), item, ())
    match one.kind:
        case "group":
            return replace(one, kind="rows", needed=field.needed)
        case "choice":
            return replace(one, kind="choices", needed=field.needed)
        case "number":
            return replace(
                one, kind="numbers", needed=field.needed, hint=f"{field.hint} With commas.".strip()
            )
        case _:
            return replace(
                one, kind="lines", needed=field.needed, hint=f"{field.hint} One on each line.".strip()
            )


def _bare(annotation: Any) -> Any:
    return _bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def metadata_has(alias: Any, metadata: tuple[object, ...]) -> bool:
    """Tell whether a type was written as that alias: by the constraint that the alias alone has."""
    constraint = get_args(alias)[1]
    return constraint in metadata


def _choice(member: Enum) -> str:
    citation = getattr(member, "citation", "")
    return sentence(member.value) + (f" ({citation})" if citation else "")


class TypedError(Exception):
    """Something typed is not what its field takes: by the field's name, what is wrong. ``content``: the
    members of the body without it."""

    def __init__(self, problems: Mapping[str, str], content: dict[str, Any]) -> None:
        super().__init__("not what the form takes")
        self.problems = dict(problems)
        self.content = content


def said(fields: tuple[Field, ...], form: Form) -> dict[str, Any]:
    """The members of the body, without those that were left empty.

    :raises TypedError: a number, a sum or a day cannot be read.
    """
    problems: dict[str, str] = {}
    found = _said(fields, form, problems)
    if problems:
        raise TypedError(problems, found)
    return found


def _said(fields: tuple[Field, ...], form: Form, problems: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for field in fields:
        value = _value(field, form, problems)
        if value is not None:
            found[field.name.rpartition(".")[2]] = None if value is UNKNOWN else value
    return found


def _value(field: Field, form: Form, problems: dict[str, str]) -> Any:
    """The value that was typed; None: nothing."""
    match field.kind:
        case "group":
            return _said(field.parts, form, problems) if field.needed or form.has_any(field.name) else None
        case "rows":
            rows = [
                _said(field.row(place), form, problems)
                for place in range(form.rows(field.name))
                if form.has_any(f"{field.name}.{place}")
            ]
            return rows or None
        case "choices":
            return form.all(field.name) or None
        case "check":
            return True if form.one(field.name) else None
        case _:
            pass
    read = _READ.get(field.kind)
    typed = form.one(f"{field.name}.amount" if field.kind == "money" else field.name).strip()
    if not typed:
        return None
    if read is None:
        return typed
    try:
        return read(field, typed, form)
    except (ValueError, KeyError, ArithmeticError):
        problems[field.name] = _WRONG[field.kind]
        return None


def _yes_no(field: Field, typed: str, form: Form) -> bool:
    return {"yes": True, "no": False}[typed]


def _fact(field: Field, typed: str, form: Form) -> object:
    value = value_of(typed)
    return UNKNOWN if value is None else value


def _number(field: Field, typed: str, form: Form) -> int:
    return _whole(typed)


def _numbers(field: Field, typed: str, form: Form) -> list[int]:
    return [_whole(each) for each in typed.replace(",", " ").split()]


def _whole(typed: str) -> int:
    if _NUMBER.fullmatch(typed) is None:
        raise ValueError("no whole number that a command may have")
    return int(typed)


def _lines(field: Field, typed: str, form: Form) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _day(field: Field, typed: str, form: Form) -> str:
    given = date.fromisoformat(typed)
    if not field.of_instants:
        return given.isoformat()
    from datetime import datetime, time

    first = datetime.combine(given, time.min, tzinfo=AGENCY_ZONE)
    return (end_of_day(given) if field.end else first).isoformat()


def _percent(field: Field, typed: str, form: Form) -> int:
    share = typed.removesuffix("%").strip()
    if _PERCENT.fullmatch(share) is None:
        raise ValueError("no share as people write one")
    return int(Decimal(share).scaleb(2))


def _money(field: Field, typed: str, form: Form) -> dict[str, Any]:
    currency = form.one(f"{field.name}.currency")
    if not currency:
        raise ValueError("a sum is in some currency")
    amount = typed[:_MOST_TYPED].replace(",", "")
    # Before anything is reckoned with it: 1e400000 is a number, too.
    if len(typed) > _MOST_TYPED or _AMOUNT.fullmatch(amount) is None:
        raise ValueError("no amount as people write one")
    minor = Decimal(amount).scaleb(decimals_of(currency))
    if minor != minor.to_integral_value():
        raise ValueError("more decimals than the currency has")
    return {"minor_units": int(minor), "currency": currency}


_READ: Final[Mapping[str, Callable[[Field, str, Form], Any]]] = {
    "yes_no": _yes_no,
    "number": _number,
    "fact": _fact,
    "numbers": _numbers,
    "lines": _lines,
    "day": _day,
    "money": _money,
    "percent": _percent,
}
_WRONG: Final = {
    "yes_no": "Choose yes or no",
    "number": "Enter a whole number",
    "numbers": "Enter whole numbers, with commas between them",
    "lines": "Enter text",
    "day": "Enter a day",
    "percent": "Enter a share of at most 100 %, with at most two decimals, such as 33.33",
    "money": "Enter an amount such as 1200.00, with no more decimals than its currency has, and choose that",
}


def every(fields: tuple[Field, ...], form: Form) -> Iterator[Field]:
    """All fields as they are shown, those in groups and rows, too."""
    for field in fields:
        yield field
        if field.kind == "group":
            yield from every(field.parts, form)
        elif field.kind == "rows":
            for place in range(max(form.rows(field.name), 1)):
                yield from every(field.row(place), form)

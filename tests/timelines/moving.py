"""A timeline moved by whole days: what has a date in it comes so much later, at its local time of day."""

import re
from datetime import date, datetime, timedelta
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter

from greenlight.kernel.model import Model
from greenlight.kernel.time.calendar import AGENCY_ZONE

M = TypeVar("M", bound=Model)

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_INSTANTS = TypeAdapter(datetime)


def moved(instant: datetime, by: timedelta) -> datetime:
    local = instant.astimezone(AGENCY_ZONE)
    at = datetime.combine(local.date() + by, local.time(), tzinfo=AGENCY_ZONE)
    return at.astimezone(instant.tzinfo)


def moved_json(value: JsonValue, by: timedelta) -> JsonValue:
    """With every text that is a day or an instant moved."""
    match value:
        case dict():
            return {name: moved_json(each, by) for name, each in value.items()}
        case list():
            return [moved_json(each, by) for each in value]
        case str() if _DAY.fullmatch(value):
            return (date.fromisoformat(value) + by).isoformat()
        case str() if _INSTANT.fullmatch(value):
            return shown(moved(datetime.fromisoformat(value), by))
        case _:
            return value


def moved_model(model: M, by: timedelta) -> M:
    content: JsonValue = model.model_dump(mode="json")
    after = moved_json(content, by)
    return model if after == content else type(model).model_validate(after)


def shown(instant: datetime) -> str:
    """An instant as a record has it."""
    return str(_INSTANTS.dump_python(instant, mode="json"))

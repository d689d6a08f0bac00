"""The parts that every message, event and state is made of: one strict model base and the bounded scalars."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    PlainSerializer,
    StringConstraints,
    ValidationInfo,
)

from greenlight.kernel.codes.entered import (
    ENTERED,
    FIRST_YEAR,
    LAST_YEAR,
    OUT_OF_REACH,
    classification_problem,
    country_problem,
    in_reach,
    looked_up,
)
from greenlight.kernel.legible import is_blank, unix_lines

JsonObject = dict[str, JsonValue]


class Model(BaseModel):
    """Immutable, and closed: a field nobody declared is an error, not something to lose silently.

    Its errors say where a fault is and of what kind, and never what was there (15 CFR 748.1(c)).
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


@dataclass(frozen=True, slots=True)
class Added:
    """Marks a member that came to a body that programs sent before, and that is left out where it says
    nothing: see ``greenlight.kernel.written``. ``turn``: programs know the members of it and of those before,
    or none of it."""

    turn: int


ADDED = Added(1)
ADDED_SECOND = Added(2)

# Unicode's categories Cc and Cs, but for line feed and tab. Every text of every event is held against it.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def _printable(text: str, info: ValidationInfo) -> str:
    lines = unix_lines(text)
    if _CONTROL.search(lines):
        raise ValueError("control characters are not allowed")
    if info.context is ENTERED and is_blank(lines):
        raise ValueError("says nothing: write something that can be seen, or leave it out")
    return lines


def _utc(instant: datetime) -> datetime:
    # Far from both ends of datetime, so that no later addition can fall off one. In UTC, too: so it is read.
    if FIRST_YEAR <= instant.year <= LAST_YEAR:
        utc = instant.astimezone(UTC)
        if FIRST_YEAR <= utc.year <= LAST_YEAR:
            return utc
    raise ValueError(OUT_OF_REACH)


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A moment in UTC, in the years 1970 to 2999. On the wire: RFC 3339 with an offset."""

Day = Annotated[date, AfterValidator(in_reach)]
"""A day in Washington; where it is entered, one whose end is an instant."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_printable)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(_printable)]
KEY = r"[a-z0-9][a-z0-9._-]{0,63}"
"""The pattern of an identifier, without its ends."""

IDENTIFIER_PATTERN = rf"^{KEY}$"
Identifier = Annotated[str, StringConstraints(pattern=IDENTIFIER_PATTERN)]
"""An opaque public id: of an officer, a person, an organisation."""

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$"), looked_up(country_problem)]
"""ISO 3166-1 alpha-2; where it is entered, one that there is."""

Classification = Annotated[
    str, StringConstraints(pattern=r"^([0-9][A-E][0-9]{3}|EAR99)$"), looked_up(classification_problem)
]
"""An ECCN of five characters, or the literal ``EAR99``."""

ACN_PATTERN = r"^[A-Z][0-9]{6}$"
Acn = Annotated[str, StringConstraints(pattern=ACN_PATTERN)]
"""Application control number: a letter and six digits."""

LicenseNumber = Annotated[str, StringConstraints(pattern=r"^D[0-9]{6}$")]
"""``D`` and six digits (unverified: not checked against a published source)."""

Names = Annotated[frozenset[str], PlainSerializer(sorted, return_type=list[str], when_used="json")]
"""A set of names, in one order on the wire: Python's own differs from process to process."""

Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]

MAX_INTEGER = 2**53 - 1
"""The largest integer every JSON implementation keeps exact (RFC 8259, section 6)."""

PositiveInteger = Annotated[int, Field(gt=0, le=MAX_INTEGER)]

"""Conditions that must hold elsewhere in the log for an event to be recorded, as data that the log can check.

Templates name what an event says in braces: ``{by_license}``. Beside its own members stand ``{stream}`` and
``{key}`` of the stream it is for, ``{own.…}`` of the row that shows this stream, ``{shown.…}`` of the one
that the commit brings for it, and ``{together}``: what the events of the commit say that are for others.
"""

from collections.abc import Mapping

from pydantic import Field, JsonValue

from greenlight.kernel.model import Model
from greenlight.kernel.refusal import Code, RefusalCode

Templates = Mapping[str, str]


class Condition(Model):
    """One question to the log, under its lock, and the refusal if it is answered with no.

    - ``table``: a row there must exist, or must not, in which all columns of ``where`` (of texts) are equal,
      ``contains`` says what JSON columns contain and ``lacks`` which key they do not have.
    - ``says``: what the event itself must contain instead; under ``before`` the one before it in the commit.
    - ``when``: asked only of events of which this SQL/JSON path predicate is true.
    """

    table: str | None = None
    exists: bool = True
    where: dict[str, str] = Field(default_factory=dict[str, str])
    contains: dict[str, dict[str, str]] = Field(default_factory=dict[str, dict[str, str]])
    lacks: dict[str, str] = Field(default_factory=dict[str, str])
    says: dict[str, JsonValue] | None = None
    when: str | None = None
    code: Code = RefusalCode.UNSIGNED
    message: str


def exists(
    table: str,
    where: Templates,
    *,
    message: str,
    otherwise: Code = RefusalCode.UNSIGNED,
    contains: Mapping[str, Templates] | None = None,
    lacks: Templates | None = None,
    when: str | None = None,
) -> Condition:
    """There is such a row: an event, a command, or a row of a read model."""
    return Condition(
        table=table,
        where=dict(where),
        contains={column: dict(each) for column, each in (contains or {}).items()},
        lacks=dict(lacks or {}),
        when=when,
        code=otherwise,
        message=message,
    )


def absent(
    table: str, where: Templates, *, message: str, otherwise: Code = RefusalCode.UNSIGNED
) -> Condition:
    """There is no such row."""
    return Condition(table=table, exists=False, where=dict(where), code=otherwise, message=message)


def says(
    content: dict[str, JsonValue],
    *,
    message: str,
    otherwise: Code = RefusalCode.UNSIGNED,
    when: str | None = None,
) -> Condition:
    """The event contains this."""
    return Condition(says=content, when=when, code=otherwise, message=message)


def never(when: str, *, message: str) -> Condition:
    """It is not so that the event satisfies this SQL/JSON path predicate."""
    # No event is of that type, which the log says and not the record.
    return Condition(says={"type": "never"}, when=when, message=message)


NAMES_NOBODY = says({"by": None}, message="whom an event names has to have signed")
"""Of events that others may bring about as well: without a command they name nobody."""

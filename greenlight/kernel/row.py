"""The base of read models: the classes of their rows, from which tables and their upkeep are derived.

A field is a column; its type says that of the column, and whether it may be empty. What else is to be said
of it stands in its annotation:

    due: Instant | None
    cents: Annotated[int | None, Column("bigint", note="NULL: not all in USD")]
    tasks: Annotated[tuple[Task, ...], Child("task", key=("acn", "number"), copied=True)]
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from types import UnionType
from typing import Any, ClassVar, Literal, TypedDict, Union, get_args, get_origin

from pydantic import AwareDatetime, BaseModel
from pydantic.fields import FieldInfo

from greenlight.kernel.commit import View
from greenlight.kernel.model import Instant, Model
from greenlight.kernel.refusal import Code
from greenlight.kernel.roles import Role

_TYPES = {bool: "boolean", int: "integer", AwareDatetime: "timestamptz", date: "date"}


@dataclass(frozen=True, slots=True)
class Taken:
    """The refusal of a row that claims what another stream has; ``message`` is a template over its row."""

    code: Code
    message: str


@dataclass(frozen=True, slots=True)
class Column:
    """``type``: that of PostgreSQL where Python's says less; ``note``: a comment. ``taken``: no two streams
    have the same in it. ``counted``: what is decided elsewhere rests on it, and is decided again when it
    changes."""

    type: str | None = None
    note: str | None = None
    taken: Taken | None = None
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Child:
    """A field with many rows, which have a table of their own, with the parent's key, and ``number`` if the
    key names it. ``copied``: the parent has them, too, and only when they change are they written. ``kept``:
    none is ever taken back. ``taken``: a row has one owner. ``indexes``: as in ``Table``."""

    table: str
    key: tuple[str, ...]
    copied: bool = False
    kept: bool = False
    taken: Taken | None = None
    indexes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is where ``when`` holds, in expressions over the row; ``expedited``: it comes before
    others; ``stands_until``: until when at the latest it stands still by a directive; ``source``: the row and
    what is joined to it."""

    role: str = "waiting_for"
    organisation: str = "NULL::text"
    assigned_to: str = "NULL::text"
    due: str = "due"
    deadline: str = "NULL::text"
    parties: str = "NULL::text"
    expedited: str = "false"
    stands_until: str = "NULL::timestamptz"
    source: str | None = None
    when: str = "waiting_for <> 'nobody'"


@dataclass(frozen=True, slots=True)
class Privy:
    """Organisations in whose matter a stream is: it is open to who acts for one of them in one of ``roles``.
    ``organisation`` is an expression over the row; ``source``: the row and what is joined to it."""

    roles: frozenset[Role]
    organisation: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """``key`` is the column with the stream's key; ``indexes`` are as they follow ``CREATE INDEX … ON`` it;
    ``turns`` say of whom a stream waits, ``case`` to the stream of which application a row belongs; ``privy``
    to whom it is open beside those to whom every stream of its kind is (15 CFR 748.1(c))."""

    name: str
    key: str = "key"
    indexes: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = (Turn(),)
    case: str = "NULL::text"
    privy: tuple[Privy, ...] = ()


class Row(Model):
    """A row of a read model. Its class says in which table."""

    table: ClassVar[Table]

    def __init_subclass__(cls, *, table: Table | None = None) -> None:
        super().__init_subclass__()
        if table is not None:
            cls.table = table

    version: int

    def view(self) -> View:
        """The row as a commit has it."""
        return View(model=self.table.name, row=self.model_dump(mode="json"))


class Shown(TypedDict):
    """The part of its status that a stream shows."""

    stage: str
    waiting_for: str
    closed: bool
    due: Instant | None
    version: int


class StreamRow(Row):
    """The row of a stream that has a status: what every one of them shows."""

    stage: str
    waiting_for: str
    closed: bool
    due: Instant | None


def said_of(field: FieldInfo) -> Column | Child:
    """The ``Column`` or ``Child`` that the annotation of a field says it is."""
    return next((each for each in field.metadata if isinstance(each, Column | Child)), Column())


def children(row: type[Row]) -> Iterable[tuple[str, FieldInfo, Child]]:
    """The fields whose rows have a table of their own."""
    for name, field in row.model_fields.items():
        if isinstance(said := said_of(field), Child):
            yield name, field, said


def columns(row: type[BaseModel]) -> dict[str, str]:
    """The columns of a model in PostgreSQL's words: a type, and ``NOT NULL`` where it is never empty."""
    found: dict[str, str] = {}
    for name, field in row.model_fields.items():
        said = said_of(field)
        if isinstance(said, Column) or said.copied:
            found[name] = _column(field.annotation, said.type if isinstance(said, Column) else None)
    return found


def item(field: FieldInfo) -> type[BaseModel]:
    """The class of a child's rows."""
    return get_args(field.annotation)[0]


def _column(annotation: Any, given: str | None) -> str:
    members = get_args(annotation) if get_origin(annotation) in {Union, UnionType} else (annotation,)
    filled = [each for each in members if each is not type(None)]
    empty = "" if len(filled) < len(members) else " NOT NULL"
    return (given or _type(filled[0])) + empty


def _type(annotation: Any) -> str:
    while hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if annotation in _TYPES:
        return _TYPES[annotation]
    text = isinstance(annotation, type) and issubclass(annotation, str)
    return "text" if text or get_origin(annotation) is Literal else "jsonb"

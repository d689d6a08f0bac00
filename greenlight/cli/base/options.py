"""Options that commands share, so that each has one name, one meaning and one help text."""

import re
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, NamedTuple, Never, TypeVar, cast

import typer
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from greenlight.cli.base.output import fail
from greenlight.files import NoFileError, opened, whole
from greenlight.kernel.authority import CommandId as Jti
from greenlight.kernel.codes.entered import ENTERED, OUT_OF_REACH, is_reached
from greenlight.kernel.forms import FORMS
from greenlight.kernel.model import Digest, Instant, JsonObject, Model
from greenlight.kernel.problems import every_problem
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.registry import AnyAggregate, aggregate_of

M = TypeVar("M", bound=Model)
T = TypeVar("T")

USAGE = 2


def _usage(message: str) -> Never:
    raise fail(USAGE, message)


def day_of(text: str) -> date | None:
    """The day that a text says, if it may be entered; None: it says something else."""
    day = _date(text)
    return day if day is not None and is_reached(day) else None


def no_day(text: str) -> str:
    """Say what is wrong with a text that is no day that may be entered."""
    return f"{text}: {OUT_OF_REACH}" if _date(text) else f"{text or 'missing'}: give a day (2026-09-02)"


def instant(text: str) -> datetime:
    """An RFC 3339 instant with its offset, or a day in Washington, meaning its end."""
    day = day_of(text)
    try:
        return TypeAdapter[datetime](Instant).validate_python(end_of_day(day) if day else text)
    except ValidationError as error:
        if _date(text) or error.errors()[0]["type"] == "value_error":
            _usage(f"{text}: {OUT_OF_REACH}")
        _usage(f"{text}: give a day (2026-09-01) or an instant with its offset (…T12:00Z)")


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def last_moment(text: str) -> datetime:
    """As ``instant``, a day meaning its last moment and not the first of the next."""
    return instant(text) - timedelta(microseconds=1 if day_of(text) else 0)


def beginning(text: str) -> datetime:
    """As ``instant``, a day meaning its first moment: that is when a notice of that day takes effect."""
    day = day_of(text)
    return end_of_day(day - timedelta(days=1)) if day else instant(text)


class Key(NamedTuple):
    """The way people name a stream: its parameter with help, an example, and what is said of a wrong one."""

    name: str
    argument: object
    example: str
    form: str


Acn = Annotated[str, typer.Argument(metavar="ACN", help="Application control number, such as A123456.")]
Number = Annotated[str, typer.Argument(metavar="LICENSE", help="License number, such as D000001.")]
_NUMBERED: Final = {
    "application": Key("acn", Acn, "A123456", "a control number is a letter and six digits"),
    "license": Key("number", Number, "D000001", "a license number is D and six digits"),
}
_EXAMPLES: Final = {
    "reprieve": "rural",
    "directive": "green-light-2019",
    "batch": "spring",
    "entity": "huawei-technologies",
    "rule": "affiliates",
}
"""Of other keys."""
As = Annotated[str, typer.Option("--as", metavar="OFFICER", help="Sign as this officer, with their key.")]
AsOf = Annotated[
    datetime | None,
    typer.Option(
        parser=instant,
        metavar="DAY|INSTANT",
        help="As it stood at this instant, or at the end of this day in Washington.",
    ),
]
OnRecordAt = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="DAY|INSTANT", help="Only what was on record at this instant."),
]
KnownAt = Annotated[
    datetime | None,
    typer.Option(
        parser=last_moment,
        metavar="DAY|INSTANT",
        help="As known then, a day meaning its last moment. Default: now.",
    ),
]
DueBefore = Annotated[
    datetime | None,
    typer.Option(parser=instant, metavar="DAY|INSTANT", help="Only cases due before this day or instant."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print the table as CSV, with all its columns.")]


def faulty(error: ValidationError, what: str = "") -> typer.Exit:
    """Say everything that is wrong with what was given, one a line; the end of the command."""
    faults = every_problem(error)
    named = f"{what}: " if what else ""
    if len(faults) == 1 or not what:
        return fail(USAGE, "\n".join(f"{named}{fault}" for fault in faults))
    return fail(USAGE, "\n  ".join((f"{what}:", *faults)))


def read_each(read: Callable[[str], T], texts: Iterable[str]) -> tuple[T, ...]:
    """All that was given for an option that may be repeated, as it is read; where ``read`` ends the command,
    that is only after it has said what is wrong with the others, too."""
    found: list[T] = []
    end: typer.Exit | None = None
    for text in texts:
        try:
            found.append(read(text))
        except typer.Exit as wrong:
            end = wrong
    if end is not None:
        raise end
    return tuple(found)


def valid(form: Any, name: str) -> Callable[[str | None], str | None]:
    """A check of what was given for the option or argument ``name``, of a type that holds it to a form."""

    def check(text: str | None) -> str | None:
        if text is None:
            return None
        try:
            return TypeAdapter[str](form).validate_python(text, context=ENTERED)
        except ValidationError as error:
            raise fail(USAGE, f"{name}: {text}: {'; '.join(every_problem(error))}") from None

    return check


Dossier = Annotated[
    str | None,
    typer.Option(
        help="Digest of the dossier that you have read, as `show` prints it. Without it you are shown the"
        " essentials, and asked, which takes a terminal.",
        callback=valid(Digest, "--dossier"),
    ),
]
CommandId = Annotated[
    str | None,
    typer.Option(
        help="Sending an accepted command again under its id is harmless. Default: a new id.",
        callback=valid(Jti, "--command-id"),
    ),
]
Dossiers = Annotated[
    list[str] | None,
    typer.Option(
        "--dossier",
        help="Digest of a dossier that you have read, as `show` prints it: one for each license. Repeat."
        " Without it you are shown the essentials, and asked, which takes a terminal.",
    ),
]
Reasons = Annotated[str, typer.Option(help="Why.")]
ToldReasons = Annotated[str, typer.Option(help="Why. A letter that tells of it quotes this.")]


def key_of(aggregate: AnyAggregate) -> Key:
    """By what the streams of an aggregate are named."""
    what = aggregate.title.lower()
    example = _EXAMPLES.get(aggregate.kind)
    form = f"a key is {FORMS.get(f'^{aggregate.key}$', f'of the form {aggregate.key}')}"
    told = typer.Argument(
        metavar="KEY", help=f"Key of the {what}{f', such as {example}' if example else ''}."
    )
    return _NUMBERED.get(aggregate.kind, Key("key", Annotated[str, told], example or "KEY", form))


def stream_named(aggregate: AnyAggregate, key: str) -> str:
    """The stream of a key, after a look at it. Numbers are read in capital and in small letters."""
    if not re.fullmatch(aggregate.key, key) and re.fullmatch(aggregate.key, key.upper()):
        key = key.upper()
    if not re.fullmatch(aggregate.key, key):
        _usage(f"{key}: {key_of(aggregate).form}")
    return aggregate.stream(key)


def stream_of(number: str) -> str:
    """The stream of an application or a license, by its number, and of anything by its workflow id, which is
    needed for a control number that begins with D, as license numbers do."""
    _, dash, _ = number.partition("-")
    if dash and _has_workflow(number):
        return number
    kind = "license-" if number.upper().startswith("D") else "application-"
    return stream_named(aggregate_of(kind), number)


def _has_workflow(stream: str) -> bool:
    try:
        return aggregate_of(stream).workflow is not None
    except ValueError:
        return False


def body(model: type[M], **fields: object) -> M:
    """A command's body, or a question, from options; what was not given stays out of it."""
    try:
        said = {name: value for name, value in fields.items() if value is not None}
        return model.model_validate(said, context=ENTERED)
    except ValidationError as error:
        raise faulty(error) from None


def read_content(path: Path) -> bytes:
    """A regular file's content, or that of standard input for ``-``; the end of the command where it is
    neither, or cannot be read."""
    with open_content(path) as file:
        try:
            return whole(file, str(path))
        except OSError as error:
            raise unread(error) from None


def open_content(path: Path) -> AbstractContextManager[BinaryIO]:
    """A regular file, open for reading, or standard input for ``-``; otherwise as ``read_content``."""
    try:
        return nullcontext(sys.stdin.buffer) if str(path) == "-" else opened(path)
    except OSError as error:
        raise unread(error, "; name one, or give - and pipe it in") from None


def unread(error: OSError, otherwise: str = "") -> typer.Exit:
    """The end of a command over a file that cannot be read; it says which, and what to do ``otherwise``."""
    if isinstance(error, NoFileError):
        return fail(USAGE, f"{error.filename} {error.strerror}{otherwise}")
    return fail(USAGE, f"{error.filename} cannot be read: {error.strerror}")


def read_text(path: Path) -> str:
    """A file's content, or standard input for ``-``: UTF-8, with or without a byte order mark."""
    try:
        return read_content(path).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        line, byte = before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1
        _usage(f"{path} is not UTF-8 text: line {line}, byte {byte} cannot be read")


def read_json(form: TypeAdapter[T], path: Path, **more: object) -> T:
    """Read a file of JSON, or standard input for ``-``; ``more`` are members that it leaves out.

    A file that says something else ends the command with every fault of it, one a line.
    """
    try:
        content = cast(object, from_json(read_text(path), allow_inf_nan=False))
    except ValueError as error:
        _usage(f"{path} is not JSON: {error}")
    try:
        whole = {**cast(JsonObject, content), **more} if more and isinstance(content, dict) else content
        return form.validate_json(to_json(whole), context=ENTERED)
    except ValidationError as error:
        raise faulty(error, str(path)) from None

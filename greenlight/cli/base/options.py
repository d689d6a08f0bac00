"""Options that commands share, so that each has one name, one meaning and one help text."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Never, TypeVar, cast

import typer
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json, to_json

from greenlight.cli.base.output import fail
from greenlight.kernel.authority import CommandId as Jti
from greenlight.kernel.codes.entered import ENTERED
from greenlight.kernel.model import (
    ACN_PATTERN,
    IDENTIFIER_PATTERN,
    Digest,
    Instant,
    JsonObject,
    Model,
)
from greenlight.kernel.refusal import every_problem
from greenlight.kernel.streams import application_stream, license_stream, reprieve_stream
from greenlight.law.application.validity import Validity

M = TypeVar("M", bound=Model)
T = TypeVar("T")

USAGE = 2

Acn = Annotated[str, typer.Argument(metavar="ACN", help="Application control number, such as A123456.")]
Number = Annotated[str, typer.Argument(metavar="LICENSE", help="License number, such as D000001.")]
Key = Annotated[str, typer.Argument(metavar="KEY", help="The reprieve's key, such as rural.")]
As = Annotated[str, typer.Option("--as", metavar="OFFICER", help="Sign as this officer, with their key.")]
At = Annotated[
    str | None,
    typer.Option(
        metavar="INSTANT",
        help="In a rehearsal: when the command that follows comes, such as 2019-10-09T12:00-04:00.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def valid(form: TypeAdapter[str], name: str) -> Callable[[str | None], str | None]:
    """A check of what was given for the option or argument ``name``."""

    def check(text: str | None) -> str | None:
        if text is None:
            return None
        try:
            return form.validate_python(text, context=ENTERED)
        except ValidationError as error:
            raise fail(USAGE, f"{name}: {text}: {'; '.join(every_problem(error))}") from None

    return check


Dossier = Annotated[
    str | None,
    typer.Option(
        help="Digest of the case as it was read, as `show` prints it. Default: as it stands now.",
        callback=valid(TypeAdapter(Digest), "--dossier"),
    ),
]
CommandId = Annotated[
    str | None,
    typer.Option(
        help="Sending an accepted command again under its id is harmless. Default: a new id.",
        callback=valid(TypeAdapter(Jti), "--command-id"),
    ),
]
Lines = Annotated[list[int] | None, typer.Option("--line", help="Item to grant; repeat. Default: all.")]
Conditions = Annotated[list[str] | None, typer.Option("--condition", help="Binding condition; repeat.")]
Riders = Annotated[list[str] | None, typer.Option("--rider", help="Explanation on the license; repeat.")]
Reasons = Annotated[str, typer.Option(help="Why.")]
ToldReasons = Annotated[str, typer.Option(help="Why. A letter that tells of it quotes this.")]
ValidFor = Annotated[
    Validity, typer.Option("--validity", help="For how long the license is issued (15 CFR 750.7(g)).")
]
Modifications = Annotated[
    str | None,
    typer.Option(help="With a denial: what would let the application be considered again."),
]
ConfirmEccn = Annotated[
    list[int] | None,
    typer.Option(
        "--confirm-eccn",
        metavar="LINE",
        help="Item to grant whose ECCN is right, though on no entry of the control tables; repeat.",
    ),
]
Comment = Annotated[str | None, typer.Option(help="A remark for the record.")]


def application(acn: str) -> str:
    """The stream of an application, after a look at the number."""
    return application_stream(_matching(ACN_PATTERN, acn, "a control number is a letter and six digits"))


def license_of(number: str) -> str:
    return license_stream(_matching(r"^D[0-9]{6}$", number, "a license number is D and six digits"))


_STREAMS = frozenset({"application", "license", "reprieve", "directive", "entity", "batch", "list"})


def stream_of(number: str) -> str:
    """The stream of an application or a license. For a control number that begins with D, as license
    numbers do, for a reprieve, a directive, a listed entity, a batch or the list, give the whole workflow
    id."""
    if number.partition("-")[0] in _STREAMS and "-" in number:
        return number
    return license_of(number) if number.startswith("D") else application(number)


def instant(text: str) -> datetime:
    """An RFC 3339 instant with its offset, or a day in Washington, meaning its end."""
    from datetime import date

    from greenlight.kernel.time.calendar import end_of_day

    try:
        return end_of_day(date.fromisoformat(text))
    except ValueError:
        pass
    try:
        return TypeAdapter[datetime](Instant).validate_python(text)
    except ValidationError:
        raise fail(
            USAGE, f"{text}: give a day (2026-09-01) or an instant with its offset (…T12:00Z)"
        ) from None


def last_moment(text: str) -> datetime:
    """As ``instant``, a day meaning its last moment and not the first of the next."""
    from datetime import date, timedelta

    try:
        date.fromisoformat(text)
    except ValueError:
        return instant(text)
    return instant(text) - timedelta(microseconds=1)


def beginning(text: str) -> datetime:
    """As ``instant``, a day meaning its first moment: that is when a notice of that day takes effect."""
    from datetime import date, timedelta

    try:
        day = date.fromisoformat(text)
    except ValueError:
        return instant(text)
    return instant((day - timedelta(days=1)).isoformat())


def reprieve_of(key: str) -> str:
    """The stream of a reprieve, after a look at its key."""
    otherwise = "a reprieve's key is at most 64 of a-z 0-9 . _ -; `reprieve list` shows those that there are"
    return reprieve_stream(_matching(IDENTIFIER_PATTERN, key, otherwise))


def body(model: type[M], **fields: object) -> M:
    """A command's body, or a question, from options; what was not given stays out of it."""
    try:
        said = {name: value for name, value in fields.items() if value is not None}
        return model.model_validate(said, context=ENTERED)
    except ValidationError as error:
        _usage("\n".join(every_problem(error)))


def read_text(path: Path) -> str:
    """A file's content, or standard input for ``-``: UTF-8, with or without a byte order mark."""
    import sys

    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        _usage(f"{path} cannot be read as UTF-8 text: {error}")


def read_json(form: TypeAdapter[T], path: Path, **more: object) -> T:
    """What a file of JSON says, or standard input for ``-``; ``more`` are members that it leaves out.

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
        faults = every_problem(error)
        _usage(f"{path}: {faults[0]}" if len(faults) == 1 else "\n  ".join((f"{path}:", *faults)))


def _matching(pattern: str, text: str, otherwise: str) -> str:
    import re

    if not re.fullmatch(pattern, text):
        _usage(f"{text}: {otherwise}")
    return text


def _usage(message: str) -> Never:
    raise fail(USAGE, message)

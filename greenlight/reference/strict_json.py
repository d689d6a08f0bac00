"""Reads JSON as reference data: every byte of it counts, or the file is refused."""

import hashlib
import json
from pathlib import Path
from typing import Never

from pydantic import ValidationError

from greenlight.files import content_of
from greenlight.reference.errors import ReferenceDataError


def read(file: Path) -> str:
    try:
        return text_in(file, content_of(file))
    except OSError as error:
        raise _unreadable(file, error) from error


def text_in(file: Path, content: bytes) -> str:
    """The text in what was read of a file."""
    try:
        # A byte order mark is forgiven: editors put it there unasked.
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise _unreadable(file, error) from error


def _unreadable(file: Path, error: Exception) -> ReferenceDataError:
    return ReferenceDataError(file, "(file)", f"cannot be read as UTF-8 text: {error}")


def version_of(file: Path, content: str) -> str:
    try:
        document = json.loads(
            content, object_pairs_hook=_without_repeats, parse_float=_no_number, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise ReferenceDataError(file, "(file)", f"is not the JSON of a list: {error}") from error
    # Sorted keys and no spaces: with neither fractions nor keys outside ASCII this is RFC 8785, so that
    # another program can check the version, and laying the file out anew does not change it.
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # The last of two equal keys would win in silence, and the digest would not see the first.
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError(f"a key is repeated among {', '.join(sorted(key for key, _ in pairs))}")
    return fields


def _no_number(text: str) -> Never:
    raise ValueError(f"{text} is not a value that a list may hold")


MAX_TOLD = 20
"""Faults of one file that are told at once."""


def refusal(file: Path, error: ValidationError, where: str = "") -> ReferenceDataError:
    """Every fault of the file, the first under its field, the others after it with theirs."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    first, *others = ((_field(where, each["loc"]), each["msg"]) for each in problems)
    told = [first[1], *(f"{field}: {problem}" for field, problem in others[: MAX_TOLD - 1])]
    if len(problems) > MAX_TOLD:
        told.append(f"and {len(problems) - MAX_TOLD} more")
    return ReferenceDataError(file, first[0], "; ".join(told))


def _field(where: str, steps: tuple[int | str, ...]) -> str:
    return ".".join(filter(None, (where, *map(str, steps)))) or "(file)"

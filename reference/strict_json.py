"""Reads JSON as reference data: every byte of it counts, or the file is refused."""

import hashlib
import json
from pathlib import Path
from typing import Never

from pydantic import ValidationError

from reference.errors import ReferenceDataError


def read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReferenceDataError(file, "(file)", f"cannot be read as UTF-8 text: {error}") from error


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


def refusal(file: Path, error: ValidationError, where: str = "") -> ReferenceDataError:
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    first = problems[0]
    field = ".".join(filter(None, (where, *map(str, first["loc"])))) or "(file)"
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return ReferenceDataError(file, field, f"{first['msg']}{more}")

"""What is told of an error that nobody foresaw: its types and where it came about, and none of its words.

The message of such an error may quote a filing (15 CFR 748.1(c)); the lines of code that it passed do not.
"""

import traceback
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
MOST = 12
"""Places told of one error: the innermost."""


def name(error: BaseException) -> str:
    """The type of an error, with the SQL state where the database told one."""
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} ({state})" if isinstance(state, str) else type(error).__name__


def places(error: BaseException) -> tuple[str, ...]:
    """The places that an error passed, the innermost first, and after them those of what led to it."""
    found: list[str] = []
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        if each is not error:
            found.append(f"after {name(each)}")
        frames = traceback.extract_tb(each.__traceback__)
        found += [f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames[::-1][:MOST]]
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return tuple(found)


def _short(path: str) -> str:
    try:
        return Path(path).resolve().relative_to(_ROOT).as_posix()
    except ValueError:
        return "/".join(Path(path).parts[-2:])

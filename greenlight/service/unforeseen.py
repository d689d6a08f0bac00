"""The account of an error that nobody foresaw: its types and where it came about, and none of its words.

The message of such an error may quote a filing (15 CFR 748.1(c)); the lines of code that it passed do not.
"""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_ROOT = Path(__file__).resolve().parents[2]
MOST = 12
"""Places told of one error: the innermost."""


class LawFailedError(Exception):
    """The law failed over what it was asked, by an error of its own, and would again. ``of`` is the type of
    that error, ``where`` the places that it passed."""

    def __init__(self, error: Exception) -> None:
        self.of = name(error)
        self.where = places(error)
        super().__init__(f"{self.of} at {next(iter(self.where), 'an unknown place')}")


def lawfully(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of work that only computes.

    :raises LawFailedError: it failed. The error itself goes no further, with what it quotes.
    """
    try:
        return work(*args, **kwargs)
    except Exception as error:  # noqa: BLE001 - whatever it is: there is nothing that a second try would meet
        raise LawFailedError(error) from None


def name(error: BaseException) -> str:
    """The type of an error, with the SQL state where the database told one, and the law's own."""
    if isinstance(error, LawFailedError):
        return f"{type(error).__name__} ({error.of})"
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} ({state})" if isinstance(state, str) else type(error).__name__


def places(error: BaseException) -> tuple[str, ...]:
    """The places that an error passed, the innermost first, and after them those of what led to it."""
    found: list[str] = [*error.where] if isinstance(error, LawFailedError) else []
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

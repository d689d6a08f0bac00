"""Yes, no, and not known: what is not known is None, and is never taken for no."""

from collections.abc import Iterable


def both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def some(each: Iterable[bool | None]) -> bool | None:
    """Tell whether any is so."""
    found: bool | None = False
    for one in each:
        if one:
            return True
        if one is None:
            found = None
    return found


def opposite(one: bool | None) -> bool | None:
    return None if one is None else not one

"""Tell from an item's classification how strictly it is controlled (Supplement No. 1 to 15 CFR Part 774)."""

import re
from enum import IntEnum

from greenlight.law.application.dossier import Item

EAR99 = "EAR99"

_AT_ONLY = re.compile(r"[0-9][A-E]99[0-9]")
"""ECCNs controlled for anti-terrorism reasons only: the numbers 990 to 999 (unverified: the list gives some
of them a further reason)."""


class Control(IntEnum):
    """The greater, the stricter."""

    NONE = 0
    AT_ONLY = 1
    CONTROLLED = 2


def control(item: Item) -> Control:
    """Of one item, by its classification alone."""
    if item.classification == EAR99:
        return Control.NONE
    return Control.AT_ONLY if _AT_ONLY.fullmatch(item.classification) else Control.CONTROLLED

"""Reasons: for a license, for leaving it open, and those that were looked at and are neither."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from greenlight.law.review import Posture
from greenlight.law.rule.acts import Certainty


class Outcome(StrEnum):
    """``cannot_determine``: something that matters is not known, by the tables or by who asks."""

    REQUIRED = "required"
    NOT_REQUIRED = "not_required"
    CANNOT_DETERMINE = "cannot_determine"


Effect = Literal["required", "open", "clear"]
"""``required``: a license is, for this reason alone. ``open``: it may be. ``clear``: not for this reason."""

Kind = Literal["control", "footnote", "embargo", "listing", "affiliate", "prohibition"]


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which the law may stand where it is open: whether a license is required then, and why."""

    required: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One thing that was looked at. ``item``: as classified, None if it is about the transaction.

    Of a control: ``control`` as printed, ``refers`` what stands beside it, and ``cells``, the columns with
    what the destination's row has there: "X", or "–" for none. ``prohibition``: the number of the General
    Prohibition (15 CFR 736.2(b)). ``no_exception``: License Exceptions do not overcome it; what else the
    entry of a listed party says of them is in ``text``. ``only_exception``: the one that may.
    ``bars_exceptions``: they are suspended for the transaction, whatever else requires a license.
    ``settled_by``: of a reason that is open since the law itself is, what would decide it; ``readings`` has
    every way it may stand, where nothing else leaves the reason open. ``waived_by``: the
    general license under which no other is needed for this reason, if all its terms are met. ``waived_if``:
    the one that may waive it, and if what is so, which nobody has said; ``settled_by`` tells what would.
    """

    effect: Effect
    kind: Kind
    text: str
    citation: str
    item: str | None = None
    control: str | None = None
    refers: str | None = None
    cells: tuple[str, ...] = ()
    listing: str | None = None
    prohibition: int | None = None
    no_exception: bool = False
    bars_exceptions: bool = False
    only_exception: str | None = None
    settled_by: str | None = None
    readings: tuple[Way, ...] = ()
    waived_by: str | None = None
    waived_if: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A review policy as printed; ``posture`` in one word, None if the text was not understood.

    Of one that a rule adopts ``rule`` is its key, ``certainty`` that of the source that was read, ``certify``
    what the applicant has to certify. ``readings``: of one of which it is open whether applications are
    reviewed under it, each way it may be; ``settled_by`` is what would decide between them.
    """

    text: str
    posture: Posture | None
    citation: str
    rule: str | None = None
    certainty: Certainty | None = None
    certify: str | None = None
    readings: tuple[str, ...] = ()
    settled_by: str | None = None


def effect_of(required: bool | None) -> Effect:
    if required is None:
        return "open"
    return "required" if required else "clear"

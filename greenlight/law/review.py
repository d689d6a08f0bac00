"""Review policies: the way in which applications are looked at, by an entry of a list or by a rule."""

from enum import StrEnum

from greenlight.kernel.model import Model, Text


class Posture(StrEnum):
    """A review policy in one word; of one that differs from item to item, what goes for most items."""

    DENY = "deny"
    PRESUMPTION_OF_DENIAL = "presumption_of_denial"
    CASE_BY_CASE = "case_by_case"
    PRESUMPTION_OF_APPROVAL = "presumption_of_approval"


class ReviewPolicy(Model):
    """The way to review the applications that it is about: as printed, and in one word."""

    text: Text
    posture: Posture

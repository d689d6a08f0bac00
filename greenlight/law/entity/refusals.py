"""The reasons for which a command to a listed entity is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class EntityRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    NOT_CARRIED = "not_carried", "The committee's votes do not carry it."
    NO_OPEN_MOTION = "no_open_motion", "The committee has no motion before it."
    MOTION_OPEN = "motion_open", "The committee has a motion before it; it is decided or withdrawn first."
    UNKNOWN_AFFILIATE = "unknown_affiliate", "The entry has no affiliate of that key then.", 422

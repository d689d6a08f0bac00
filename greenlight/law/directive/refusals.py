"""The reasons for which a command to a directive is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class DirectiveRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    OWN_DIRECTIVE = (
        "own_directive",
        "Who issued the directive does not attest the event that it waits for.",
        403,
    )
    NOT_ATTESTED = "not_attested", "No event is attested that the directive depends on."
    NO_FAN_OUT = "no_fan_out", "The directive has no fan-out of which this could be asked."
    UNKNOWN_DIRECTIVE = (
        "unknown_directive",
        "There is no directive of that key that could be superseded.",
        422,
    )

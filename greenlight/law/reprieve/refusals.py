"""The reasons for which a command to a reprieve is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class ReprieveRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    NO_SUCH_TERM = "no_such_term", "The reprieve has no term of that number.", 422
    PUBLISHED_EARLY = "published_early", "Nothing is published on a day before it was ordered."
    ALREADY_PUBLISHED = "already_published", "The term's publication is on record; it can be corrected."
    UNKNOWN_FACT = "unknown_fact", "The policy does not ask for that fact, or not in that value.", 422
    POLICY_UNSOUND = "policy_unsound", "The policy's table has a fault; a check names it.", 422

"""The reasons for which a command to the register of officers is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class OfficerRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    NOTHING_TO_REVOKE = "nothing_to_revoke", "The officer does not hold what was to be revoked."
    OWN_REGISTRATION = (
        "own_registration",
        "No registrar adds anything to what they hold themselves, under whatever account.",
        403,
    )
    OWN_PROPOSAL = "own_proposal", "Who proposed a change of the register does not confirm it.", 403
    NO_SUCH_CHANGE = "no_such_change", "No change of that digest waits for a second registrar.", 422

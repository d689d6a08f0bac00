"""The reasons for which a command to an application is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class ApplicationRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    DUPLICATE_TRANSACTION = (
        "duplicate_transaction",
        "Another application for the same transaction is pending (15 CFR 748.4(f)); the message names it.",
    )
    NO_SUCH_MATCH = "no_such_match", "Screening found no match of that party with that listing.", 422
    NOTHING_TO_CONFIRM = (
        "nothing_to_confirm",
        "No officer said in this case that a match of that party with that listing is false.",
    )
    OWN_RESOLUTION = (
        "own_resolution",
        "Who said that a match is false does not confirm it for other cases.",
        403,
    )
    CLOCK_STOPPED = "clock_stopped", "The applicant owes an answer; the case waits for it."
    EXPEDITE_PENDING = (
        "expedite_pending",
        "That the case come before others is asked for and not decided yet.",
    )
    ALREADY_EXPEDITED = "already_expedited", "The case comes before others already."
    NOTHING_FLIPPED = "nothing_flipped", "No answer became another one that waits for an officer."
    NO_EXPEDITE_REQUESTED = "no_expedite_requested", "No request that the case come before others is open."
    NO_OPEN_REQUEST = "no_open_request", "No request for information is open."
    ASSIGNED_TO_ANOTHER = "assigned_to_another", "Another licensing officer has the case.", 403
    ECCN_UNCONFIRMED = (
        "eccn_unconfirmed",
        "An item's ECCN is on no entry of the control tables; who proposes to grant it must confirm it.",
    )
    UNKNOWN_ECCN = (
        "unknown_eccn",
        "An item's ECCN is on no entry of the control tables of the day. The message says which are alike;"
        " who files it all the same names its line in confirmed_eccns.",
        422,
    )
    OTHER_NAME = (
        "other_name",
        "The name is not that under which the register has the sender's organisation; the message says it.",
        422,
    )
    ALL_OR_NOTHING = "all_or_nothing", "The applicant asked for all items or none (15 CFR 748.6(c))."
    NO_SUCH_HOLD = (
        "no_such_hold",
        "No open hold has that number, or only the applicant's answer or the end of a freeze lifts it.",
        422,
    )
    AGENCIES_PENDING = "agencies_pending", "An agency's recommendation is still to come (15 CFR 750.4(d))."
    ALREADY_REFERRED = "already_referred", "The case was referred to that agency before."
    NOT_REFERRED = "not_referred", "The case does not wait for the sender's agency.", 403
    UNKNOWN_CONDITION = (
        "unknown_condition",
        "No agency asked for the condition that is to be reworded, in these words.",
        422,
    )
    BASIS_MISSING = (
        "basis_missing",
        "A recommendation to deny gives reasons, a statutory and a regulatory basis (15 CFR 750.4(e)).",
        422,
    )
    ALREADY_RESPONDED = "already_responded", "The notice of the intent to deny was responded to."
    NO_MODIFICATIONS = (
        "no_modifications",
        "The notice of the intent to deny offers no modifications that could be accepted.",
    )
    OUTCOME_CHANGED = "outcome_changed", "The outcome that is proposed is not the one that was signed."
    FROZEN = "frozen", "By a directive the case stands, and nothing is decided in it meanwhile."
    CANNOT_WORK_CASE = "cannot_work_case", "Only who is a licensing officer now can be given a case."

"""The reasons for which a command to a license is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class LicenseRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    NO_CONDITIONS = "no_conditions", "The license has no conditions to accept, or they are accepted."
    CONDITIONS_NOT_ACCEPTED = (
        "conditions_not_accepted",
        "The licensee must accept the conditions before the license is used (15 CFR 750.7(d)).",
    )
    SUSPENDED = "suspended", "The license is suspended (15 CFR 750.8)."
    NOT_SUSPENDED = "not_suspended", "The license is not suspended."
    EXHAUSTED = "exhausted", "The full quantity of the license is shipped (15 CFR 750.11(a))."
    ALREADY_REPORTED = "already_reported", "A shipment is on file under that ITN; it can be corrected."
    UNKNOWN_SHIPMENT = "unknown_shipment", "No shipment is on file under that ITN.", 422
    NOT_SHIPPED_YET = "not_shipped_yet", "A shipment is reported once it is made; the date lies ahead."
    NOT_VALID_THEN = (
        "not_valid_then",
        "The license could not be used on the day of the shipment: not yet, no longer, or suspended; or the"
        " ITN is older than the license.",
    )
    OTHER_CURRENCY = "other_currency", "A line is reported in the currency in which it is licensed."
    QUANTITY_EXCEEDED = (
        "quantity_exceeded",
        "More than the licensed quantity would be shipped; there is no tolerance on it (15 CFR 750.11).",
    )
    VALUE_EXCEEDED = (
        "value_exceeded",
        "More than the licensed value and 10 % would be shipped (15 CFR 750.11).",
    )
    TOO_MANY_SHIPMENTS = "too_many_shipments", "The license has as many reports as the service can keep."
    ALREADY_TRANSFERRED = "already_transferred", "A license is transferred once at most (15 CFR 750.10(a))."
    TRANSFER_PENDING = "transfer_pending", "A transfer of the license is asked for and not decided yet."
    NO_TRANSFER_REQUESTED = "no_transfer_requested", "No transfer of the license is asked for."
    TRANSFER_NOT_ACCEPTED = (
        "transfer_not_accepted",
        "Whoever is to have the license has not accepted it, by a registered applicant (15 CFR 750.10(b)).",
    )
    TRANSFEREE_LISTED = (
        "transferee_listed",
        "Whoever is to have the license counts as listed (15 CFR 744.11(a), 750.10(a)).",
    )
    UNFIT_REPLACEMENT = (
        "unfit_replacement",
        "There is no license of that number, or it is another licensee's (15 CFR 750.7(h)(4)).",
    )

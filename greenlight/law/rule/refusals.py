"""The reasons for which a command to a rule is refused, beside those of every case."""

from greenlight.kernel.refusal import Code


class RuleRefusal(Code):
    """As ``RefusalCode``: value, meaning, and the status by which HTTP tells it."""

    ATTESTATION_HELD = (
        "attestation_held",
        "An attestation waits for a second officer: confirm or discard it first.",
    )
    NOTHING_ATTESTED = "nothing_attested", "No attestation waits for a second officer."
    OWN_ATTESTATION = "own_attestation", "Who attested an act does not confirm it.", 403
    UNKNOWN_ATTESTATION = "unknown_attestation", "No such attestation counts, or waits.", 422
    TOO_CONTRADICTORY = (
        "too_contradictory",
        "Too much of what is attested contradicts itself already: correct that first.",
    )
    TOO_MANY_ATTESTED = "too_many_attested", "The rule has as many attestations as can be told apart in time."
    NOT_PUBLIC_YET = (
        "not_public_yet",
        "An act is attested once it is filed for public inspection, or printed: until then it has no effect"
        " on anybody (44 U.S.C. 1507).",
    )
    TABLES_OTHERWISE = (
        "tables_otherwise",
        "A version of the control tables, and nothing else, has the key that its day and digest give; it is"
        " adopted, with no last day, or taken back.",
        422,
    )
    AFFILIATES_OTHERWISE = (
        "affiliates_otherwise",
        "The rule about affiliates, and no other, has the key `affiliates`: attest what is new of it on the"
        " rule of that key; a rule about something else takes another key.",
        422,
    )

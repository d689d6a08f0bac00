"""The letters that there are."""

from enum import StrEnum


class LetterKind(StrEnum):
    """Each is the name of its template; the event that calls for one says so on its class."""

    GRANT = "grant"
    CONDITIONS = "conditions"
    INTENT_TO_DENY = "intent_to_deny"
    DENIAL = "denial"
    RETURN_WITHOUT_ACTION = "return_without_action"
    WITHDRAWAL = "withdrawal"
    REVOCATION = "revocation"
    USAGE = "usage"
    NOTICE_TO_LICENSEE = "notice_to_licensee"
    NOTICE_OF_TERM = "notice_of_term"
    NOTICE_OF_AMENDMENT = "notice_of_amendment"
    NOTICE_OF_ATTESTATION = "notice_of_attestation"
    NOTICE_BEFORE_END = "notice_before_end"
    NOTICE_OF_END = "notice_of_end"
    MEMORANDUM = "memorandum"
    NOTICE_OF_FLIPS = "notice_of_flips"


NOTICES = frozenset(
    {
        LetterKind.NOTICE_OF_TERM,
        LetterKind.NOTICE_OF_AMENDMENT,
        LetterKind.NOTICE_OF_ATTESTATION,
        LetterKind.NOTICE_BEFORE_END,
        LetterKind.NOTICE_OF_END,
        LetterKind.MEMORANDUM,
        LetterKind.NOTICE_OF_FLIPS,
    }
)
"""Letters that tell of the law and of what it changes: to the public, or to those who decide in this office.
They go out on the day of their event."""

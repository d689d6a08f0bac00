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
    NOTICE_OF_TERM = "notice_of_term"
    NOTICE_OF_AMENDMENT = "notice_of_amendment"
    NOTICE_OF_END = "notice_of_end"
    MEMORANDUM = "memorandum"

"""The complete procedure as data: for every stage and every command, where it may lead or why it may not.

``decide`` asks this table before anything else, and a test walks every cell of it.
"""

from collections.abc import Mapping

from licensing.application.state import CLOSED, Stage
from licensing.refusal import RefusalCode

Cell = frozenset[Stage] | RefusalCode

_WRONG = RefusalCode.WRONG_STAGE


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_OPEN: Mapping[Stage, Mapping[str, Cell]] = {
    Stage.TRIAGE: {
        "submit": RefusalCode.ALREADY_SUBMITTED,
        "record_screening": _to(Stage.TRIAGE, Stage.REVIEW),
        "assign": _to(Stage.TRIAGE),
        "request_information": _to(Stage.AWAITING_ANSWER),
        "answer": RefusalCode.NO_OPEN_REQUEST,
        "recommend": RefusalCode.SCREENING_INCOMPLETE,
        "countersign": _WRONG,
        "sign_off": _WRONG,
        "return_without_action": _to(Stage.RETURNED),
        "withdraw": _to(Stage.WITHDRAWN),
    },
    Stage.REVIEW: {
        "submit": RefusalCode.ALREADY_SUBMITTED,
        "record_screening": _WRONG,
        "assign": _to(Stage.REVIEW),
        "request_information": _to(Stage.AWAITING_ANSWER),
        "answer": RefusalCode.NO_OPEN_REQUEST,
        "recommend": _to(Stage.COUNTERSIGNATURE),
        "countersign": _WRONG,
        "sign_off": _WRONG,
        "return_without_action": _to(Stage.RETURNED),
        "withdraw": _to(Stage.WITHDRAWN),
    },
    Stage.AWAITING_ANSWER: {
        "submit": RefusalCode.ALREADY_SUBMITTED,
        "record_screening": _to(Stage.AWAITING_ANSWER),
        "assign": _to(Stage.AWAITING_ANSWER),
        "request_information": RefusalCode.CLOCK_STOPPED,
        "answer": _to(Stage.TRIAGE, Stage.REVIEW),
        "recommend": RefusalCode.CLOCK_STOPPED,
        "countersign": _WRONG,
        "sign_off": _WRONG,
        "return_without_action": _to(Stage.RETURNED),
        "withdraw": _to(Stage.WITHDRAWN),
    },
    Stage.COUNTERSIGNATURE: {
        "submit": RefusalCode.ALREADY_SUBMITTED,
        "record_screening": _WRONG,
        "assign": _to(Stage.COUNTERSIGNATURE),
        "request_information": _WRONG,
        "answer": RefusalCode.NO_OPEN_REQUEST,
        "recommend": _WRONG,
        # No intent to deny: a denial always goes up (row "denial" of the table executive-sign-off).
        "countersign": _to(Stage.REVIEW, Stage.SIGN_OFF, Stage.GRANTED),
        "sign_off": _WRONG,
        "return_without_action": _WRONG,
        "withdraw": _to(Stage.WITHDRAWN),
    },
    Stage.SIGN_OFF: {
        "submit": RefusalCode.ALREADY_SUBMITTED,
        "record_screening": _WRONG,
        "assign": _to(Stage.SIGN_OFF),
        "request_information": _WRONG,
        "answer": RefusalCode.NO_OPEN_REQUEST,
        "recommend": _WRONG,
        "countersign": _WRONG,
        "sign_off": _to(Stage.REVIEW, Stage.GRANTED, Stage.INTENT_TO_DENY),
        "return_without_action": _WRONG,
        "withdraw": _to(Stage.WITHDRAWN),
    },
}

_NO_CASE: Mapping[str, Cell] = {
    # To review at once if the parties could be screened as they came.
    command: _to(Stage.TRIAGE, Stage.REVIEW) if command == "submit" else RefusalCode.NO_SUCH_CASE
    for command in _OPEN[Stage.TRIAGE]
}

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: _NO_CASE,
    **_OPEN,
    **{stage: dict.fromkeys(_NO_CASE, RefusalCode.CASE_CLOSED) for stage in Stage if stage in CLOSED},
}
"""From stage (None: no case yet) and command to the stages it may lead to, or the code of its refusal."""

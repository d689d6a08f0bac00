"""The complete procedure as data: for every stage and every command, where it may lead or why it may not.

``decide`` asks this table before anything else, and a test walks every cell of it.
"""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.application.commands import COMMANDS, INTERNAL
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.state import CLOSED, Stage

Cell = frozenset[Stage] | Code

_WRONG = RefusalCode.WRONG_STAGE


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_EXPEDITE = ("request_expedite", "grant_expedite", "refuse_expedite")
_COMMANDS = ("submit", *INTERNAL, *(name for name in COMMANDS if name != "submit"))


def _open(stage: Stage, cells: Mapping[str, Cell]) -> Mapping[str, Cell]:
    """The row of an open stage: what is possible at every one, ``cells``, and nothing else."""
    row: dict[str, Cell] = dict.fromkeys(_COMMANDS, _WRONG)
    return row | {
        "submit": RefusalCode.ALREADY_SUBMITTED,
        # Back to triage where it finds a possible match that nobody has resolved.
        "record_screening": _to(stage, Stage.TRIAGE),
        # Whatever becomes of the case, the answer is another one.
        "record_flip": _to(stage),
        "note_flip": _to(stage),
        "assign": _to(stage),
        "answer": ApplicationRefusal.NO_OPEN_REQUEST,
        "place_hold": _to(stage),
        "lift_hold": _to(stage),
        # It says something of other cases, and nothing of this one.
        "confirm_match": _to(stage),
        "withdraw": _to(Stage.WITHDRAWN),
        **dict.fromkeys(_EXPEDITE, _to(stage)),
        **cells,
    }


_OPEN: Mapping[Stage, Mapping[str, Cell]] = {
    stage: _open(stage, cells)
    for stage, cells in {
        Stage.TRIAGE: {
            "record_screening": _to(Stage.TRIAGE, Stage.REVIEW, Stage.INTERAGENCY),
            "resolve_match": _to(Stage.TRIAGE, Stage.REVIEW, Stage.INTERAGENCY),
            "request_information": _to(Stage.AWAITING_ANSWER),
            "answer": _to(Stage.TRIAGE),
            "recommend": RefusalCode.SCREENING_INCOMPLETE,
            "refer": RefusalCode.SCREENING_INCOMPLETE,
            # Agencies that had the case before keep it, and their time runs.
            "advise": _to(Stage.TRIAGE),
            "ask_applicant": _to(Stage.TRIAGE),
            "delegate_back": _to(Stage.TRIAGE),
            "return_without_action": _to(Stage.RETURNED),
        },
        Stage.REVIEW: {
            "resolve_match": _to(Stage.REVIEW),
            "request_information": _to(Stage.AWAITING_ANSWER),
            "refer": _to(Stage.INTERAGENCY),
            "recommend": _to(Stage.COUNTERSIGNATURE),
            "return_without_action": _to(Stage.RETURNED),
        },
        Stage.AWAITING_ANSWER: {
            "record_screening": _to(Stage.AWAITING_ANSWER),
            "resolve_match": _to(Stage.AWAITING_ANSWER),
            "request_information": ApplicationRefusal.CLOCK_STOPPED,
            "answer": _to(Stage.TRIAGE, Stage.REVIEW, Stage.INTERAGENCY, Stage.AWAITING_ANSWER),
            "refer": ApplicationRefusal.CLOCK_STOPPED,
            "recommend": ApplicationRefusal.CLOCK_STOPPED,
            "advise": _to(Stage.AWAITING_ANSWER),
            "ask_applicant": _to(Stage.AWAITING_ANSWER),
            "delegate_back": _to(Stage.AWAITING_ANSWER),
            "return_without_action": _to(Stage.RETURNED),
        },
        Stage.INTERAGENCY: {
            "resolve_match": _to(Stage.INTERAGENCY),
            "request_information": _to(Stage.AWAITING_ANSWER),
            "answer": _to(Stage.INTERAGENCY),
            "refer": _to(Stage.INTERAGENCY),
            "recommend": ApplicationRefusal.AGENCIES_PENDING,
            "advise": _to(Stage.INTERAGENCY, Stage.REVIEW),
            "ask_applicant": _to(Stage.INTERAGENCY),
            "delegate_back": _to(Stage.INTERAGENCY, Stage.REVIEW),
            "return_without_action": _to(Stage.RETURNED),
        },
        Stage.COUNTERSIGNATURE: {
            # No intent to deny: a denial always goes up (row "denial" of the table executive-sign-off).
            "countersign": _to(Stage.REVIEW, Stage.SIGN_OFF, Stage.GRANTED, Stage.OPERATING_COMMITTEE),
            "answer_wording": _to(Stage.COUNTERSIGNATURE),
        },
        Stage.OPERATING_COMMITTEE: {"decide_dispute": _to(Stage.ESCALATION)},
        Stage.ESCALATION: {"escalate": _to(Stage.ACEP, Stage.EARB, Stage.PRESIDENT)},
        Stage.ACEP: {"vote": _to(Stage.ACEP, Stage.ESCALATION)},
        Stage.EARB: {"vote": _to(Stage.EARB, Stage.ESCALATION)},
        Stage.PRESIDENT: {"decide_dispute": _to(Stage.GRANTED, Stage.INTENT_TO_DENY)},
        Stage.SIGN_OFF: {"sign_off": _to(Stage.REVIEW, Stage.GRANTED, Stage.INTENT_TO_DENY)},
        Stage.INTENT_TO_DENY: {
            "record_screening": _WRONG,
            "place_hold": _WRONG,
            "respond": _to(Stage.INTENT_TO_DENY, Stage.REVIEW),
            "reconsider": _to(Stage.REVIEW),
        },
        # What is decided is not expedited.
        Stage.DENIED: {
            **dict.fromkeys(_EXPEDITE, _WRONG),
            "record_screening": _WRONG,
            "place_hold": _WRONG,
            "withdraw": _WRONG,
            "appeal": _to(Stage.APPEAL),
        },
        Stage.APPEAL: {
            **dict.fromkeys(_EXPEDITE, _WRONG),
            "record_screening": _WRONG,
            "place_hold": _WRONG,
            "withdraw": _WRONG,
            "decide_appeal": _to(Stage.REVIEW, Stage.FINALLY_DENIED),
        },
    }.items()
}

_NO_CASE: Mapping[str, Cell] = {
    # To review at once if the parties could be screened as they came.
    command: _to(Stage.TRIAGE, Stage.REVIEW) if command == "submit" else RefusalCode.NO_SUCH_CASE
    for command in _COMMANDS
}

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: _NO_CASE,
    **_OPEN,
    **{stage: dict.fromkeys(_NO_CASE, RefusalCode.CASE_CLOSED) for stage in Stage if stage in CLOSED},
}
"""From stage (None: no case yet) and command to the stages it may lead to, or the code of its refusal."""

BY_TIME: Mapping[Stage, frozenset[Stage]] = {
    Stage.INTERAGENCY: _to(Stage.REVIEW),
    Stage.ESCALATION: _to(Stage.SIGN_OFF),
    Stage.ACEP: _to(Stage.ESCALATION),
    Stage.EARB: _to(Stage.ESCALATION),
    Stage.INTENT_TO_DENY: _to(Stage.DENIED),
    Stage.DENIED: _to(Stage.FINALLY_DENIED),
}
"""The stages to which a deadline leads by itself; at every other stage it is recorded and the stage stays."""

BY_DIRECTIVE: Mapping[Stage, frozenset[Stage]] = {
    stage: _to(Stage.SIGN_OFF, Stage.INTENT_TO_DENY)
    for stage in (Stage.REVIEW, Stage.COUNTERSIGNATURE, Stage.SIGN_OFF)
}
"""The stages to which a directive in force may lead; at every other stage it leaves the case where it is."""

"""The complete procedure as data: for every stage and every command, where it may lead or why it may not.

``decide`` asks this table before anything else, and a test walks every cell of it.

What is on record can be corrected and published at any time, after the end too. Evidence is taken until then.
An executive who wants a term while a decision is open replaces its outcome, so that nothing else takes effect
beside it; once the time to object is over, only termination is left.
"""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.reprieve.commands import COMMANDS, INTERNAL
from greenlight.law.reprieve.state import Stage

Cell = frozenset[Stage] | Code

_WRONG = RefusalCode.WRONG_STAGE


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


def _open(stage: Stage, **cells: Cell) -> Mapping[str, Cell]:
    """A stage of an open reprieve; ``cells`` are those that differ from stage to stage."""
    always: Mapping[str, Cell] = {
        "open_reprieve": RefusalCode.ALREADY_SUBMITTED,
        "submit_evidence": _to(stage),
        "confirm_outcome": _WRONG,
        "replace_outcome": _WRONG,
        "stop_outcome": _WRONG,
        "issue_term": _WRONG,
        "correct_term": _to(stage),
        "record_publication": _to(stage),
        "terminate_term": _to(stage),
        "add_entities": _to(stage),
        "remove_entities": _to(stage),
        "adopt_policy": _to(stage),
        "end_reprieve": _to(Stage.ENDED),
        "record_facts": _WRONG,
        "take_effect": _WRONG,
    }
    return {**always, **cells}


_TERMINATED = _to(Stage.RUNNING, Stage.LAPSING)

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: {
        **dict.fromkeys((*COMMANDS, *sorted(INTERNAL)), RefusalCode.NO_SUCH_CASE),
        "open_reprieve": _to(Stage.RUNNING),
    },
    Stage.RUNNING: _open(
        Stage.RUNNING,
        issue_term=_to(Stage.RUNNING),
        correct_term=_to(Stage.RUNNING, Stage.LAPSING),
        terminate_term=_TERMINATED,
    ),
    Stage.GATHERING: _open(
        Stage.GATHERING,
        record_facts=_to(Stage.PROPOSED, Stage.REFERRED, Stage.LAPSED),
        replace_outcome=_to(Stage.RUNNING),
        stop_outcome=_to(Stage.LAPSING, Stage.LAPSED),
        terminate_term=_to(Stage.GATHERING, Stage.RUNNING, Stage.LAPSING),
    ),
    Stage.PROPOSED: _open(
        Stage.PROPOSED,
        confirm_outcome=_to(Stage.RUNNING, Stage.LAPSING, Stage.LAPSED),
        replace_outcome=_to(Stage.RUNNING),
        stop_outcome=_to(Stage.LAPSING, Stage.LAPSED),
        terminate_term=_to(Stage.PROPOSED, Stage.RUNNING, Stage.LAPSING),
    ),
    Stage.TAKING_EFFECT: _open(
        Stage.TAKING_EFFECT,
        take_effect=_to(Stage.RUNNING, Stage.LAPSING, Stage.LAPSED),
        confirm_outcome=RefusalCode.TOO_LATE,
        replace_outcome=RefusalCode.TOO_LATE,
        stop_outcome=RefusalCode.TOO_LATE,
        terminate_term=_to(Stage.TAKING_EFFECT, Stage.RUNNING, Stage.LAPSING),
    ),
    Stage.REFERRED: _open(
        Stage.REFERRED,
        replace_outcome=_to(Stage.RUNNING),
        stop_outcome=_to(Stage.LAPSING),
        terminate_term=_to(Stage.REFERRED, Stage.RUNNING, Stage.LAPSING),
    ),
    Stage.LAPSING: _open(
        Stage.LAPSING,
        issue_term=_to(Stage.RUNNING, Stage.LAPSING),
        correct_term=_to(Stage.RUNNING, Stage.LAPSING),
        terminate_term=_TERMINATED,
    ),
    Stage.LAPSED: _open(
        Stage.LAPSED,
        issue_term=_to(Stage.RUNNING),
        terminate_term=RefusalCode.TOO_LATE,
    ),
    Stage.ENDED: {
        **dict.fromkeys((*COMMANDS, *sorted(INTERNAL)), RefusalCode.CASE_CLOSED),
        "correct_term": _to(Stage.ENDED),
        "record_publication": _to(Stage.ENDED),
    },
}
"""From stage (None: no reprieve of that key) and command to the stages it may lead to, or a refusal."""

"""The complete procedure as data: for every stage and every command, where it may lead or why it may not.

``decide`` asks this table before anything else, and a test walks every cell of it.
"""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.directive.commands import COMMANDS, INTERNAL
from greenlight.law.directive.state import CLOSED, Stage

Cell = frozenset[Stage] | Code

_WRONG = RefusalCode.WRONG_STAGE
_NAMES = (*COMMANDS, *INTERNAL)


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


def _open(**cells: Cell) -> Mapping[str, Cell]:
    """A stage of a directive that has not ended; ``cells`` are those that differ."""
    row: dict[str, Cell] = dict.fromkeys(_NAMES, _WRONG)
    return row | {
        "issue_directive": RefusalCode.ALREADY_SUBMITTED,
        "rescind_directive": _to(Stage.RESCINDED),
        # At whatever stage it is when the one that supersedes it comes in force.
        "record_superseded": _to(Stage.SUPERSEDED),
        **cells,
    }


TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: {
        **dict.fromkeys(_NAMES, RefusalCode.NO_SUCH_CASE),
        "issue_directive": _to(Stage.ISSUED, Stage.AWAITING_EVENT, Stage.IN_FORCE),
    },
    Stage.ISSUED: _open(withdraw_attestation=_to(Stage.AWAITING_EVENT)),
    Stage.AWAITING_EVENT: _open(attest_event=_to(Stage.ISSUED, Stage.IN_FORCE)),
    Stage.IN_FORCE: _open(
        withdraw_attestation=_to(Stage.AWAITING_EVENT),
        stop_fan_out=_to(Stage.IN_FORCE),
        resume_fan_out=_to(Stage.IN_FORCE),
        retry_fan_out=_to(Stage.IN_FORCE),
        begin_fan_out=_to(Stage.IN_FORCE),
        record_progress=_to(Stage.IN_FORCE),
    ),
    **{stage: dict.fromkeys(_NAMES, RefusalCode.CASE_CLOSED) for stage in Stage if stage in CLOSED},
}
"""From stage (None: no directive of that key) and command to the stages it may lead to, or a refusal."""

BY_TIME: Mapping[Stage, frozenset[Stage]] = {
    Stage.ISSUED: _to(Stage.IN_FORCE, Stage.EXPIRED),
    Stage.AWAITING_EVENT: _to(Stage.EXPIRED),
    Stage.IN_FORCE: _to(Stage.EXPIRED),
}
"""The stages to which a deadline leads by itself."""

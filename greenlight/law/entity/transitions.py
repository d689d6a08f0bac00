"""The complete procedure as data: for every stage and every command, where it may lead or why it may not.

``decide`` asks this table before anything else, and a test walks every cell of it. A listing to come can be
amended and removed, too: one that is removed before it takes effect never counted.
"""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.entity.commands import COMMANDS, INTERNAL
from greenlight.law.entity.refusals import EntityRefusal
from greenlight.law.entity.state import Stage

Cell = frozenset[Stage] | Code


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: {
        **dict.fromkeys((*COMMANDS, *INTERNAL), RefusalCode.NO_SUCH_CASE),
        "list_entity": _to(Stage.PROPOSED),
    },
    Stage.PROPOSED: {
        "list_entity": RefusalCode.ALREADY_SUBMITTED,
        "amend_listing": EntityRefusal.MOTION_OPEN,
        "remove_listing": EntityRefusal.MOTION_OPEN,
        "cast_vote": _to(Stage.PROPOSED, Stage.TO_BE_LISTED, Stage.LISTED, Stage.NOT_LISTED),
        "withdraw_motion": _to(Stage.NOT_LISTED),
        "complete_rescreening": RefusalCode.WRONG_STAGE,
    },
    Stage.TO_BE_LISTED: {
        "list_entity": RefusalCode.ALREADY_SUBMITTED,
        "amend_listing": _to(Stage.TO_BE_LISTED),
        "remove_listing": _to(Stage.TO_BE_LISTED),
        "cast_vote": _to(Stage.TO_BE_LISTED, Stage.REMOVED),
        "withdraw_motion": _to(Stage.TO_BE_LISTED),
        # Nothing counts yet.
        "complete_rescreening": RefusalCode.WRONG_STAGE,
    },
    Stage.LISTED: {
        "list_entity": RefusalCode.ALREADY_SUBMITTED,
        "amend_listing": _to(Stage.LISTED),
        "remove_listing": _to(Stage.LISTED),
        "cast_vote": _to(Stage.LISTED, Stage.REMOVED),
        "withdraw_motion": _to(Stage.LISTED),
        "complete_rescreening": _to(Stage.LISTED),
    },
    Stage.REMOVED: {
        **dict.fromkeys(COMMANDS, RefusalCode.CASE_CLOSED),
        "complete_rescreening": _to(Stage.REMOVED),
    },
    Stage.NOT_LISTED: dict.fromkeys((*COMMANDS, *INTERNAL), RefusalCode.CASE_CLOSED),
}
"""From stage (None: no entity of that key) and command to the stages it may lead to, or a refusal."""

"""The complete procedure as data: for every stage and every command, where it may lead or why it may not."""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.screening_list.commands import COMMANDS, INTERNAL
from greenlight.law.screening_list.refusals import ListRefusal
from greenlight.law.screening_list.state import Stage

Cell = frozenset[Stage] | Code


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_NOTHING_HELD = {"confirm_list": ListRefusal.NOTHING_HELD, "discard_list": ListRefusal.NOTHING_HELD}


def _goes_on(stage: Stage) -> Mapping[str, Cell]:
    same = dict.fromkeys((*INTERNAL, "propose_age_limit", "confirm_age_limit"), _to(stage))
    return {"open_list": RefusalCode.ALREADY_SUBMITTED, **same}


TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: {
        **dict.fromkeys((*COMMANDS, *INTERNAL), RefusalCode.NO_SUCH_CASE),
        "open_list": _to(Stage.EMPTY),
    },
    Stage.EMPTY: {
        **_goes_on(Stage.EMPTY),
        **_NOTHING_HELD,
        **dict.fromkeys(INTERNAL, RefusalCode.WRONG_STAGE),
        "load_list": _to(Stage.HELD),
    },
    Stage.CURRENT: {
        **_goes_on(Stage.CURRENT),
        **_NOTHING_HELD,
        "load_list": _to(Stage.CURRENT, Stage.HELD),
    },
    Stage.HELD: {
        **_goes_on(Stage.HELD),
        "load_list": ListRefusal.VERSION_HELD,
        "confirm_list": _to(Stage.CURRENT),
        "discard_list": _to(Stage.EMPTY, Stage.CURRENT, Stage.OLD),
    },
    Stage.OLD: {
        **_goes_on(Stage.OLD),
        **_NOTHING_HELD,
        **dict.fromkeys(INTERNAL, RefusalCode.WRONG_STAGE),
        "load_list": _to(Stage.CURRENT, Stage.HELD),
        # A longer limit has it say something again.
        "confirm_age_limit": _to(Stage.CURRENT, Stage.OLD),
    },
}
"""From stage (None: the list is not kept here) and command to the stages it may lead to, or a refusal."""

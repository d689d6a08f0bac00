"""The complete procedure as data: for every stage and every command, where it may lead or why it may not."""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.batch.commands import COMMANDS, INTERNAL
from greenlight.law.batch.state import Stage

Cell = frozenset[Stage] | Code

_EVERY = (*COMMANDS, *sorted(INTERNAL))
_WRONG = RefusalCode.WRONG_STAGE

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: {
        **dict.fromkeys(_EVERY, RefusalCode.NO_SUCH_CASE),
        "open_batch": frozenset({Stage.PREPARED}),
    },
    Stage.PREPARED: {
        "open_batch": RefusalCode.ALREADY_SUBMITTED,
        "sign_batch": frozenset({Stage.DELIVERING}),
        "discard_batch": frozenset({Stage.DISCARDED}),
        "settle_cases": _WRONG,
    },
    Stage.DELIVERING: {
        "open_batch": RefusalCode.ALREADY_SUBMITTED,
        "sign_batch": _WRONG,
        "discard_batch": _WRONG,
        "settle_cases": frozenset({Stage.DELIVERING, Stage.DELIVERED}),
    },
    Stage.DELIVERED: dict.fromkeys(_EVERY, RefusalCode.CASE_CLOSED),
    Stage.DISCARDED: dict.fromkeys(_EVERY, RefusalCode.CASE_CLOSED),
}
"""From stage (None: no batch of that key) and command to the stages it may lead to, or a refusal."""

"""The complete procedure as data: for every stage and every command, where it may lead or why it may not."""

from collections.abc import Mapping

from licensing.license.state import Stage
from licensing.refusal import RefusalCode

Cell = frozenset[Stage] | RefusalCode

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: {"accept_conditions": RefusalCode.NO_SUCH_CASE},
    Stage.AWAITING_ACCEPTANCE: {"accept_conditions": frozenset({Stage.ACTIVE})},
    Stage.ACTIVE: {"accept_conditions": RefusalCode.NO_CONDITIONS},
    Stage.EXPIRED: {"accept_conditions": RefusalCode.CASE_CLOSED},
}
"""From stage (None: no license of that number) and command to the stages it may lead to, or a refusal."""

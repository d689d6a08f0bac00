"""The complete procedure as data: for every stage and every command, where it may lead or why it may not."""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.officer.commands import COMMANDS
from greenlight.law.officer.state import Stage

Cell = frozenset[Stage] | Code

_PROPOSED, _REGISTERED = frozenset({Stage.PROPOSED}), frozenset({Stage.REGISTERED})

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: dict.fromkeys(COMMANDS, RefusalCode.UNKNOWN_OFFICER) | {"add_officer": _PROPOSED},
    Stage.PROPOSED: dict.fromkeys(COMMANDS, RefusalCode.UNKNOWN_OFFICER)
    | {"add_officer": _PROPOSED, "confirm_change": _REGISTERED, "discard_change": _PROPOSED},
    Stage.REGISTERED: dict.fromkeys(COMMANDS, _REGISTERED) | {"add_officer": RefusalCode.OFFICER_EXISTS},
}
"""From stage (None: no officer of that id) and command to the stages it may lead to, or a refusal."""

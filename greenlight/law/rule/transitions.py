"""The complete procedure as data: for every stage and every command, where it may lead or why it may not."""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.rule.commands import COMMANDS
from greenlight.law.rule.refusals import RuleRefusal
from greenlight.law.rule.state import Stage

Cell = frozenset[Stage] | Code

_ATTESTED = frozenset({Stage.ATTESTED})
_EITHER = frozenset({Stage.SETTLED, Stage.UNSETTLED})

_KEPT: Mapping[str, Cell] = {
    "open_rule": RefusalCode.ALREADY_SUBMITTED,
    "attest_act": _ATTESTED,
    "take_back_attestation": _ATTESTED,
    "confirm_attestation": RuleRefusal.NOTHING_ATTESTED,
    "discard_attestation": RuleRefusal.NOTHING_ATTESTED,
}

TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: {**dict.fromkeys(COMMANDS, RefusalCode.NO_SUCH_CASE), "open_rule": _ATTESTED},
    Stage.ATTESTED: {
        "open_rule": RefusalCode.ALREADY_SUBMITTED,
        "attest_act": RuleRefusal.ATTESTATION_HELD,
        "take_back_attestation": RuleRefusal.ATTESTATION_HELD,
        "confirm_attestation": _EITHER,
        "discard_attestation": _EITHER,
    },
    Stage.SETTLED: _KEPT,
    Stage.UNSETTLED: _KEPT,
}
"""From stage (None: the rule is not kept here) and command to the stages it may lead to, or a refusal."""

BY_TIME: Mapping[Stage, frozenset[Stage]] = {
    Stage.ATTESTED: _ATTESTED,
    Stage.SETTLED: _EITHER,
    Stage.UNSETTLED: _EITHER,
}
"""From stage to those to which an instant leads that was attested beforehand."""

"""The complete procedure as data: for every stage and every command, where it may lead or why it may not.

``decide`` asks this table before anything else, and a test walks every cell of it.

An ended license still takes reports of what was shipped while it could be used, and corrections of them; it
does not come back by them. A void license never held, so nothing was shipped under it. A false statement may
come to light at any time, after the end too (15 CFR 750.7(a)).
"""

from collections.abc import Mapping

from greenlight.kernel.refusal import Code, RefusalCode
from greenlight.law.license.commands import COMMANDS, INTERNAL
from greenlight.law.license.refusals import LicenseRefusal
from greenlight.law.license.state import CLOSED, Stage

Cell = frozenset[Stage] | Code

_CLOSED = RefusalCode.CASE_CLOSED
_EVERY = (*COMMANDS, *INTERNAL)


def _to(*stages: Stage) -> frozenset[Stage]:
    return frozenset(stages)


_OPEN: Mapping[Stage, Mapping[str, Cell]] = {
    Stage.AWAITING_ACCEPTANCE: {
        "record_listed": _to(Stage.AWAITING_ACCEPTANCE),
        "resolve_listing": _to(Stage.AWAITING_ACCEPTANCE),
        "record_license_flip": _to(Stage.AWAITING_ACCEPTANCE),
        "note_license_flip": _to(Stage.AWAITING_ACCEPTANCE),
        "confirm_listing": _to(Stage.AWAITING_ACCEPTANCE),
        "accept_conditions": _to(Stage.ACTIVE),
        "report_shipment": LicenseRefusal.CONDITIONS_NOT_ACCEPTED,
        "correct_shipment": LicenseRefusal.CONDITIONS_NOT_ACCEPTED,
        "request_transfer": _to(Stage.AWAITING_ACCEPTANCE),
        "accept_transfer": _to(Stage.AWAITING_ACCEPTANCE),
        "approve_transfer": _to(Stage.AWAITING_ACCEPTANCE),
        "refuse_transfer": _to(Stage.AWAITING_ACCEPTANCE),
        "suspend": _to(Stage.SUSPENDED),
        "reinstate": LicenseRefusal.NOT_SUSPENDED,
        "revoke": _to(Stage.REVOKED),
        "void": _to(Stage.VOID),
        "replace": _to(Stage.REPLACED),
    },
    Stage.ACTIVE: {
        "record_listed": _to(Stage.ACTIVE),
        "resolve_listing": _to(Stage.ACTIVE),
        "record_license_flip": _to(Stage.ACTIVE),
        "note_license_flip": _to(Stage.ACTIVE),
        "confirm_listing": _to(Stage.ACTIVE),
        "accept_conditions": LicenseRefusal.NO_CONDITIONS,
        "report_shipment": _to(Stage.ACTIVE, Stage.EXHAUSTED),
        "correct_shipment": _to(Stage.ACTIVE, Stage.EXHAUSTED),
        "request_transfer": _to(Stage.ACTIVE),
        "accept_transfer": _to(Stage.ACTIVE),
        "approve_transfer": _to(Stage.ACTIVE),
        "refuse_transfer": _to(Stage.ACTIVE),
        "suspend": _to(Stage.SUSPENDED),
        "reinstate": LicenseRefusal.NOT_SUSPENDED,
        "revoke": _to(Stage.REVOKED),
        "void": _to(Stage.VOID),
        "replace": _to(Stage.REPLACED),
    },
    Stage.SUSPENDED: {
        "record_listed": _to(Stage.SUSPENDED),
        "resolve_listing": _to(Stage.SUSPENDED),
        "record_license_flip": _to(Stage.SUSPENDED),
        "note_license_flip": _to(Stage.SUSPENDED),
        "confirm_listing": _to(Stage.SUSPENDED),
        "accept_conditions": LicenseRefusal.SUSPENDED,
        # What was shipped before the suspension.
        "report_shipment": _to(Stage.SUSPENDED),
        "correct_shipment": _to(Stage.SUSPENDED),
        "request_transfer": LicenseRefusal.SUSPENDED,
        "accept_transfer": LicenseRefusal.SUSPENDED,
        "approve_transfer": LicenseRefusal.SUSPENDED,
        "refuse_transfer": _to(Stage.SUSPENDED),
        "suspend": LicenseRefusal.SUSPENDED,
        "reinstate": _to(Stage.AWAITING_ACCEPTANCE, Stage.ACTIVE, Stage.EXHAUSTED),
        "revoke": _to(Stage.REVOKED),
        "void": _to(Stage.VOID),
        "replace": LicenseRefusal.SUSPENDED,
    },
    Stage.EXHAUSTED: {
        "record_listed": _to(Stage.EXHAUSTED),
        "resolve_listing": _to(Stage.EXHAUSTED),
        "record_license_flip": _to(Stage.EXHAUSTED),
        "note_license_flip": _to(Stage.EXHAUSTED),
        "confirm_listing": _to(Stage.EXHAUSTED),
        "accept_conditions": LicenseRefusal.NO_CONDITIONS,
        # A single one that a cumulative report has covered already, say.
        "report_shipment": _to(Stage.EXHAUSTED),
        "correct_shipment": _to(Stage.ACTIVE, Stage.EXHAUSTED),
        "request_transfer": LicenseRefusal.EXHAUSTED,
        "accept_transfer": LicenseRefusal.EXHAUSTED,
        "approve_transfer": LicenseRefusal.EXHAUSTED,
        "refuse_transfer": _to(Stage.EXHAUSTED),
        "suspend": _to(Stage.SUSPENDED),
        "reinstate": LicenseRefusal.NOT_SUSPENDED,
        "revoke": _to(Stage.REVOKED),
        "void": _to(Stage.VOID),
        "replace": LicenseRefusal.EXHAUSTED,
    },
}


def _ended(stage: Stage) -> Mapping[str, Cell]:
    later: Mapping[str, Cell] = {
        "report_shipment": _to(stage),
        "correct_shipment": _to(stage),
        "void": _to(Stage.VOID),
    }
    return dict.fromkeys(_EVERY, _CLOSED) | (later if stage is not Stage.VOID else {})


TRANSITIONS: Mapping[Stage | None, Mapping[str, Cell]] = {
    None: dict.fromkeys(_EVERY, RefusalCode.NO_SUCH_CASE),
    **_OPEN,
    **{stage: _ended(stage) for stage in Stage if stage in CLOSED},
}
"""From stage (None: no license of that number) and command to the stages it may lead to, or a refusal."""

LATE = frozenset(
    name for stage in CLOSED for name, cell in TRANSITIONS[stage].items() if not isinstance(cell, Code)
)
"""Commands that some license takes after its end."""

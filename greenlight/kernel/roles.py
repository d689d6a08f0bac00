"""The actors, and in which capacity they act."""

from enum import StrEnum

from greenlight.kernel.model import Identifier, Model


class Role(StrEnum):
    """The capacities of rules on who may do what; the registrar keeps the register of officers itself."""

    APPLICANT = "applicant"
    LICENSING_OFFICER = "licensing_officer"
    COUNTERSIGNER = "countersigner"
    AGENCY_REVIEWER = "agency_reviewer"
    AGENCY_HEAD = "agency_head"
    OC_CHAIR = "oc_chair"
    ACEP_MEMBER = "acep_member"
    EARB_MEMBER = "earb_member"
    ERC_MEMBER = "erc_member"
    EXECUTIVE = "executive"
    AUDITOR = "auditor"
    REGISTRAR = "registrar"


LICENSING = frozenset(
    {
        Role.LICENSING_OFFICER,
        Role.COUNTERSIGNER,
        Role.OC_CHAIR,
        Role.EXECUTIVE,
        Role.AUDITOR,
    }
)
"""Those to whom every case is open: the licensing agency, the executive above it, and who audits both."""

REVIEWING = frozenset({Role.AGENCY_REVIEWER, Role.AGENCY_HEAD, Role.ACEP_MEMBER, Role.EARB_MEMBER})
"""Those who act for a department to which a case is referred, or which has a seat where it is disputed."""


class Actor(Model):
    """Somebody who acted: an account, the human being behind it, whom they act for, and in which capacity."""

    officer: Identifier
    person: Identifier
    organisation: Identifier
    role: Role

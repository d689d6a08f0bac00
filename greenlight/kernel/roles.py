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


class Actor(Model):
    """Who acted: an account, the human being behind it, whom they act for, and in which capacity."""

    officer: Identifier
    person: Identifier
    organisation: Identifier
    role: Role

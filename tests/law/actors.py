"""The people of the sample cases. An officer is an account; one person may have several."""

from greenlight.kernel.roles import Actor, Role


def _actor(officer: str, person: str, organisation: str, role: Role) -> Actor:
    return Actor(officer=officer, person=person, organisation=organisation, role=role)


APPLICANT = _actor("rivera", "p-rivera", "example-networks", Role.APPLICANT)
APPLICANTS_COLLEAGUE = _actor("osei", "p-osei", "example-networks", Role.APPLICANT)
OTHER_APPLICANT = _actor("novak", "p-novak", "rival-networks", Role.APPLICANT)

OFFICER = _actor("lee", "p-lee", "bis", Role.LICENSING_OFFICER)
OTHER_OFFICER = _actor("marsh", "p-marsh", "bis", Role.LICENSING_OFFICER)
COUNTERSIGNER = _actor("quill", "p-quill", "bis", Role.COUNTERSIGNER)
EXECUTIVE = _actor("stone", "p-stone", "bis", Role.EXECUTIVE)
AUDITOR = _actor("audit", "p-audit", "bis", Role.AUDITOR)
REGISTRAR = _actor("registry", "p-registry", "bis", Role.REGISTRAR)
DEPUTY = _actor("registry2", "p-registry2", "bis", Role.REGISTRAR)

OFFICER_AS_COUNTERSIGNER = _actor("lee2", OFFICER.person, "bis", Role.COUNTERSIGNER)
OFFICER_AS_EXECUTIVE = _actor("lee3", OFFICER.person, "bis", Role.EXECUTIVE)

APPLICANT_AS_OFFICER = _actor("rivera2", APPLICANT.person, "bis", Role.LICENSING_OFFICER)
APPLICANT_AS_COUNTERSIGNER = _actor("rivera3", APPLICANT.person, "bis", Role.COUNTERSIGNER)
COLLEAGUE_AS_OFFICER = _actor("osei2", APPLICANTS_COLLEAGUE.person, "bis", Role.LICENSING_OFFICER)
COLLEAGUE_AS_EXECUTIVE = _actor("osei3", APPLICANTS_COLLEAGUE.person, "bis", Role.EXECUTIVE)
APPLICANTS_OWN_OFFICER = _actor("insider", "p-insider", "example-networks", Role.LICENSING_OFFICER)

REVIEWERS = {
    agency: _actor(f"{agency}1", f"p-{agency}1", agency, Role.AGENCY_REVIEWER)
    for agency in ("defense", "energy", "justice", "state")
}
HEADS = {agency: _actor(f"{agency}9", f"p-{agency}9", agency, Role.AGENCY_HEAD) for agency in REVIEWERS}
OC_CHAIR = _actor("chair", "p-chair", "commerce", Role.OC_CHAIR)
SEATS = ("commerce", "defense", "energy", "state")
ACEP = {seat: _actor(f"{seat}2", f"p-{seat}2", seat, Role.ACEP_MEMBER) for seat in SEATS}
EARB = {seat: _actor(f"{seat}3", f"p-{seat}3", seat, Role.EARB_MEMBER) for seat in SEATS}
ERC = {
    seat: _actor(f"{seat}4", f"p-{seat}4", seat, Role.ERC_MEMBER)
    for seat in ("commerce", "defense", "state", "energy")
}
OFFICER_AS_CHAIR = _actor("lee4", OFFICER.person, "commerce", Role.OC_CHAIR)
NOBODYS_MEMBER = _actor("guest", "p-guest", "treasury", Role.ACEP_MEMBER)

EVERYONE = (
    APPLICANT,
    APPLICANTS_COLLEAGUE,
    OTHER_APPLICANT,
    OFFICER,
    OTHER_OFFICER,
    COUNTERSIGNER,
    EXECUTIVE,
    AUDITOR,
    REGISTRAR,
    DEPUTY,
    OFFICER_AS_COUNTERSIGNER,
    OFFICER_AS_EXECUTIVE,
    APPLICANT_AS_OFFICER,
    APPLICANT_AS_COUNTERSIGNER,
    COLLEAGUE_AS_OFFICER,
    COLLEAGUE_AS_EXECUTIVE,
    APPLICANTS_OWN_OFFICER,
    *REVIEWERS.values(),
    *HEADS.values(),
    OC_CHAIR,
    *ACEP.values(),
    *EARB.values(),
    *ERC.values(),
    OFFICER_AS_CHAIR,
    NOBODYS_MEMBER,
)

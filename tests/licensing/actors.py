"""The people of the sample cases. An officer is an account; one person may have several."""

from licensing.authority import Actor, Role


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

OFFICER_AS_COUNTERSIGNER = _actor("lee2", OFFICER.person, "bis", Role.COUNTERSIGNER)
OFFICER_AS_EXECUTIVE = _actor("lee3", OFFICER.person, "bis", Role.EXECUTIVE)

APPLICANT_AS_OFFICER = _actor("rivera2", APPLICANT.person, "bis", Role.LICENSING_OFFICER)
APPLICANT_AS_COUNTERSIGNER = _actor("rivera3", APPLICANT.person, "bis", Role.COUNTERSIGNER)
COLLEAGUE_AS_OFFICER = _actor("osei2", APPLICANTS_COLLEAGUE.person, "bis", Role.LICENSING_OFFICER)
COLLEAGUE_AS_EXECUTIVE = _actor("osei3", APPLICANTS_COLLEAGUE.person, "bis", Role.EXECUTIVE)
APPLICANTS_OWN_OFFICER = _actor("insider", "p-insider", "example-networks", Role.LICENSING_OFFICER)

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
    OFFICER_AS_COUNTERSIGNER,
    OFFICER_AS_EXECUTIVE,
    APPLICANT_AS_OFFICER,
    APPLICANT_AS_COUNTERSIGNER,
    COLLEAGUE_AS_OFFICER,
    COLLEAGUE_AS_EXECUTIVE,
    APPLICANTS_OWN_OFFICER,
)

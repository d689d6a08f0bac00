"""The roles in which somebody may ask to be registered."""

from greenlight.eventlog.read import Reader
from greenlight.kernel.roles import LICENSING, REVIEWING, Role
from greenlight.law.application.dispute.language import LADDER
from greenlight.law.application.interagency.agency import Agency


async def given_in(reader: Reader, organisation: str) -> tuple[Role, ...]:
    """The roles that a registrar would give to somebody who acts for an organisation: in a department those
    of departments, in that of a registrar those of the licensing agency, and those that its officers have;
    in any other the applicant's. What is said of a stranger's is so the same as of an applicant's.
    """
    roles = {
        held.role
        for row in await reader.officers()
        if row.organisation == organisation
        for held in row.roles
        if held.valid_until is None
    }
    if Role.REGISTRAR in roles:
        roles |= LICENSING
    if organisation in _DEPARTMENTS:
        roles |= REVIEWING | {Role.ERC_MEMBER}
    return tuple(role for role in Role if role in (roles or {Role.APPLICANT}))


_DEPARTMENTS = frozenset(Agency).union(*(each.seats for each in LADDER.values()))
"""Those that review applications, or vote where these are disputed."""

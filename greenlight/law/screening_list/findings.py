"""What a later version of the list tells of parties that were screened before."""

from greenlight.law.application.directed import OPEN
from greenlight.law.application.dossier import Finding, Screening
from greenlight.law.application.state import ApplicationState


def tells_otherwise(state: ApplicationState, screening: Screening) -> bool:
    """Whether a screening of an open application's parties has other findings than the one on record.

    One that could not be carried out tells nothing. That the list has another version alone changes nothing.
    """
    if state.stage not in OPEN or not screening.complete:
        return False
    return state.screening is None or screening.findings != state.screening.findings


def listed_since(granted: ApplicationState, screening: Screening) -> tuple[Finding, ...]:
    """Of a licensed application's parties, those with listings that were not met at the grant; these
    alone."""
    known = {
        (finding.party, match.listing)
        for finding in (granted.screening.findings if granted.screening else ())
        for match in finding.matches
    }
    found: list[Finding] = []
    for finding in screening.findings:
        new = tuple(match for match in finding.matches if (finding.party, match.listing) not in known)
        if new:
            found.append(finding.model_copy(update={"matches": new}))
    return tuple(found)

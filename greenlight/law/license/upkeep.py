"""Do what the service owes a license: hold its parties against later versions of the list."""

from datetime import datetime

from greenlight.kernel.need import Facts
from greenlight.law.application.dossier import Finding, Screening, named
from greenlight.law.application.needs import ScreeningOf
from greenlight.law.application.previous import CaseOf
from greenlight.law.application.state import ApplicationState
from greenlight.law.directive.standing import StandingNow
from greenlight.law.license.commands import RecordListed
from greenlight.law.license.state import LicenseState


def rescreen(state: LicenseState, facts: Facts, now: datetime) -> RecordListed | None:
    """Record what the list and the record have of the parties beyond what was known at the grant."""
    if state.stage.closed or not facts.told(StandingNow()).tells_of_parties:
        return None
    granted = facts.told(CaseOf(state.acn))
    assert granted is not None, "a license is granted in a case"
    asked = state.transfer
    taker = () if asked is None or asked.party is None or asked.approved is False else (asked.party,)
    screening = facts.told(ScreeningOf((*named(granted.parties), *taker)))
    if not screening.complete or not screening.list_version:
        return None
    return RecordListed(
        list_version=screening.list_version,
        record_version=screening.record_version,
        findings=listed_since(granted, screening),
    )


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


UPKEEP = {"directives": rescreen}

"""The finding whether an application needs a license at all, as the service finds it when it is filed.

It goes by what the applicant certifies. The officer who follows the proposal, or does not, decides.
"""

from collections.abc import Callable
from datetime import datetime

from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.dossier import Submission, destinations, owners_of
from greenlight.law.application.screening.language import Hit, Screened
from greenlight.law.application.screening.returning import Proposed
from greenlight.law.authorisation.answer import UnderReprieve
from greenlight.law.authorisation.waiver import entities_of, waived
from greenlight.law.determination.affiliates import owned_by_listed
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.filed import asked_owners
from greenlight.law.determination.question import AskedParty, Classified, Listed, Met, Question, met
from greenlight.law.determination.reason import Outcome
from greenlight.law.determination.tables import Tables
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.rules import Rules

ListingOf = Callable[[Hit], Listed | None]
"""The listing of a hit with what it asks; None if it is not on the list as it was any more."""

_MOST = 3
"""Items and destinations, reprieves and gaps that a reason names one by one."""


def asked_parties(
    application: Submission, found: Screened, listing_of: ListingOf
) -> tuple[AskedParty, ...] | None:
    """The parties with the listings that they and their owners met.

    None while it is not settled who they are; or whether listed ones own them for the half or more. What that
    means hangs on a rule that may be suspended, and those that come with the service, by which a return is
    proposed, need not be those on record.
    """
    if not found.settled:
        return None
    parties: list[AskedParty] = []
    for place, party in enumerate(application.parties):
        known = _met(found, place, listing_of)
        owners = None
        if party.owners is not None:
            places = owners_of(application.parties, place)
            owners = asked_owners(party.owners, [_met(found, each, listing_of) for each in places])
            if owned_by_listed(owners) is not False:
                return None
        parties.append(AskedParty.of(party, known, owners))
    return tuple(parties)


def _met(found: Screened, place: int, listing_of: ListingOf) -> Met | None:
    """The match of the name at a place; None if an entry is not there any more as it was."""
    of_name = [hit for hit in found.hits if hit.party == place]
    # One true match settles a name; the same name alone leaves open who else it may be.
    settled = any(hit.listed and hit.resolution for hit in of_name)
    hits = [hit for hit in of_name if hit.listed or (hit.open and not settled)]
    listings = {hit.match.listing: listing_of(hit) for hit in hits}
    same = [listings[hit.match.listing] for hit in hits if hit.listed]
    alike = [listings[hit.match.listing] for hit in hits if not hit.listed]
    return None if None in listings.values() else met(_known(same), _known(alike))


def _known(listings: list[Listed | None]) -> tuple[Listed, ...]:
    return tuple(filter(None, listings))


def determined(
    application: Submission, parties: tuple[AskedParty, ...], at: datetime, tables: Tables, rules: Rules
) -> dict[str, Determination]:
    """Determine for each destination of the application."""
    items = tuple(dict.fromkeys(map(Classified.of, application.items)))
    return {
        destination: determine(
            Question(
                items=items,
                destination=destination,
                parties=parties,
                circumstances=application.circumstances or Circumstances(),
                at=at,
                known_at=at,
            ),
            tables,
            rules,
        )
        for destination in sorted(destinations(application.parties))
    }


def not_required(application: Submission, found: dict[str, Determination]) -> Proposed | None:
    """The proposal where no license is required for any destination. Nothing is proposed by what is open, nor
    by tables that are known not to print what counts."""
    if any(each.outcome is not Outcome.NOT_REQUIRED or each.warnings for each in found.values()):
        return None
    items = sorted({str(Classified.of(item)) for item in application.items})
    first = next(iter(found.values()))
    reason = (
        f"No license is required for {_few(items)} to {_few(sorted(found))}: no control, listing or"
        f" prohibition asks for one, by the tables of {first.tables_of} and what the applicant certifies."
    )
    gaps = list(dict.fromkeys(gap for each in found.values() for gap in each.not_asked))
    if gaps:
        reason += f" Not asked: {_few(gaps)}."
    return Proposed(reason=reason, citation="15 CFR 736.2(b), 738.4, 750.4(c)")


def under_reprieve(
    application: Submission,
    parties: tuple[AskedParty, ...],
    found: dict[str, Determination],
    terms: Terms,
    at: datetime,
) -> Proposed | None:
    """The proposal where the Entity List alone asks for a license, and reprieves in force waive that.

    A reprieve authorises activities: without the one that the applicant means nothing is proposed.
    """
    entities = entities_of(listed for party in parties for listed in party.listings or ())
    activity = application.reprieve_activity
    if not entities or activity is None:
        return None
    by: list[UnderReprieve] = []
    for destination, each in found.items():
        waivers = waived(terms, entities, each, activity, at, destination)
        if not isinstance(waivers, tuple):
            return None
        by += waivers
    told = dict.fromkeys(f"term {each.term} of {each.reprieve} ({each.certifier} certifies)" for each in by)
    printed = "; ".join(dict.fromkeys(each.citation for each in by if each.citation))
    return Proposed(
        reason=f"The Entity List alone requires a license for {_few(list(entities))}, and that is waived for"
        f" the activity {activity}: {_few(list(told))}.",
        citation=f"15 CFR 744.11, 750.4(c){'; ' + printed if printed else ''}",
    )


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return ", ".join(names[:_MOST]) + more

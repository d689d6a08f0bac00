"""The waiver of a reprieve: the Entity List's requirements for the entities that it covers, and no more."""

from collections.abc import Iterable
from datetime import datetime

from greenlight.law.authorisation.answer import Miss, UnderReprieve
from greenlight.law.authorisation.covers import NEW
from greenlight.law.determination.determine import Determination
from greenlight.law.determination.question import Listed
from greenlight.law.reprieve.coverage import Coverage, Terms, covered
from greenlight.law.sources import ENTITY_LIST


def entities_of(listings: Iterable[Listed]) -> tuple[str, ...]:
    """The listed entities whose requirement a reprieve can waive."""
    return tuple(dict.fromkeys(each.listing for each in listings if each.source_list == ENTITY_LIST))


TERMS_MET = "All terms of the general license are met"


def general_licenses(found: Determination) -> tuple[str, ...]:
    """The general licenses that waive something of what was found."""
    return tuple(dict.fromkeys(r.waived_by for r in found.reasons if r.waived_by and r.effect != "clear"))


def waived(
    terms: Terms,
    entities: tuple[str, ...],
    found: Determination,
    activity: str,
    at: datetime,
    destination: str,
    known_at: datetime | None = None,
) -> tuple[UnderReprieve, ...] | Miss:
    """For each of ``entities``, one at least, the term that waives its requirement; else why that does not
    do. Nothing else that was ``found`` may require a license, or be open."""
    by: list[UnderReprieve] = []
    for entity in entities:
        coverage = covered(terms, entity, activity, at, destination, known_at)
        if not coverage.covered:
            return Miss(f"a reprieve for {entity}", coverage.reason, NEW)
        by.append(_waived(entity, coverage))
    for reason in found.reasons:
        listed = reason.kind == "listing" and reason.listing in entities
        if reason.effect != "clear" and not listed and not reason.waived_by:
            why = f"waives what the Entity List requires and nothing else; there is also: {reason.text}"
            return Miss(f"reprieve {by[0].reprieve}", why, NEW)
    return tuple(by)


def _waived(entity: str, coverage: Coverage) -> UnderReprieve:
    term, activity = coverage.term, coverage.activity
    assert term is not None, "it is covered"
    assert activity is not None, "it is covered"
    return UnderReprieve(
        entity=entity,
        reprieve=coverage.reprieve or "",
        term=term.number,
        activity=activity.key,
        citation=coverage.citation,
        certifier=activity.certifier,
        certification=activity.certification,
    )

"""The waiver of a reprieve: the Entity List's requirements for the entities that it covers, and no more."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from greenlight.law.authorisation.answer import Miss, UnderReprieve, Verdict, VerdictReading
from greenlight.law.authorisation.covers import NEW
from greenlight.law.determination.determine import Determination
from greenlight.law.determination.question import Listed
from greenlight.law.determination.reason import Reason
from greenlight.law.reprieve.coverage import Coverage, Terms, covered
from greenlight.law.sources import ENTITY_LIST


def entities_of(listings: Iterable[Listed]) -> tuple[str, ...]:
    """The listed entities whose requirement a reprieve can waive."""
    return tuple(dict.fromkeys(each.listing for each in listings if each.source_list == ENTITY_LIST))


TERMS_MET = "All terms of the general license are met"


def general_licenses(found: Determination) -> tuple[str, ...]:
    """The general licenses that waive something of what was found."""
    return tuple(dict.fromkeys(r.waived_by for r in found.reasons if r.waived_by and r.effect != "clear"))


def waived_generally(found: Determination) -> bool:
    """Tell whether general licenses waive all that was found."""
    return all(reason.effect == "clear" or reason.waived_by for reason in found.reasons)


@dataclass(frozen=True, slots=True)
class Undecided:
    """Waived if something is so that nobody knows: a reprieve is extended, for some of the entities, or a
    general license is for the parties. ``reason``: as the answer says it."""

    reason: str
    miss: Miss
    readings: tuple[VerdictReading, ...]
    settled_by: str


def generally_undecided(found: Determination) -> Undecided | None:
    """What general licenses waive if something is so that is not said; None: they do not waive all of it, or
    it hangs on something else."""
    asking = [reason for reason in found.reasons if reason.effect != "clear" and not reason.waived_by]
    if not asking or not all(reason.effect == "required" and reason.waived_if for reason in asking):
        return None
    conditions = "; ".join(dict.fromkeys(each.waived_if for each in asking if each.waived_if))
    settled = "; ".join(dict.fromkeys(each.settled_by for each in asking if each.settled_by))
    return Undecided(
        reason=f"A license is required and none covers it, but for {conditions}: {asking[0].text}",
        miss=Miss(
            "a general license",
            f"may waive what the rule on affiliates requires: {conditions}",
            f"{NEW}; {settled} settles it",
        ),
        readings=(
            VerdictReading(Verdict.GENERAL_LICENSE, f"waived by {conditions}"),
            VerdictReading(Verdict.NOT_AUTHORISED, "not waived, if that is not so: a license is required"),
        ),
        settled_by=settled,
    )


def undecided_law(opened: Sequence[Reason]) -> tuple[VerdictReading, ...]:
    """Both readings of what is open since the law itself is; none where something else leaves it open."""
    if not all(reason.readings for reason in opened):
        return ()
    ways = dict.fromkeys(way for reason in opened for way in reason.readings)
    required = "; or ".join(way.text for way in ways if way.required)
    clear = "; and ".join(way.text for way in ways if not way.required)
    waivers = [reason.waived_by or reason.waived_if for reason in opened]
    generally = "; ".join(dict.fromkeys(filter(None, waivers))) if all(waivers) else ""
    unless = f", unless {generally}" if generally else ""
    return (
        VerdictReading(
            Verdict.NOT_AUTHORISED, f"a license is required, and none covers it{unless}: {required}"
        ),
        VerdictReading(Verdict.NOT_REQUIRED, f"no license is required: {clear}"),
    )


def waived(
    terms: Terms,
    entities: tuple[str, ...],
    found: Determination,
    activity: str,
    at: datetime,
    destination: str,
    known_at: datetime | None = None,
) -> tuple[UnderReprieve, ...] | Undecided | Miss:
    """For each of ``entities``, one at least, the term that waives its requirement; else why that does not
    do, or why nobody knows. Nothing else that was ``found`` may require a license, or be open."""
    by = {entity: covered(terms, entity, activity, at, destination, known_at) for entity in entities}
    for entity, coverage in by.items():
        if not (coverage.covered or coverage.open):
            return Miss(f"a reprieve for {entity}", coverage.reason, NEW)
    for reason in found.reasons:
        listed = reason.kind == "listing" and reason.listing in entities
        if reason.effect != "clear" and not listed and not reason.waived_by:
            why = f"waives what the Entity List requires and nothing else; there is also: {reason.text}"
            return Miss(f"reprieve {by[entities[0]].reprieve}", why, NEW)
    open_ = {entity: coverage for entity, coverage in by.items() if coverage.open}
    return _undecided(open_) if open_ else tuple(_waived(*each) for each in by.items())


def _undecided(by: Mapping[str, Coverage]) -> Undecided:
    entity, coverage = next(iter(by.items()))
    settled = "; ".join(dict.fromkeys(each.settled_by for each in by.values() if each.settled_by))
    said = (
        VerdictReading(Verdict.REPRIEVE if each.covered else Verdict.NOT_AUTHORISED, f"{of}: {each.text}")
        for of, found in by.items()
        for each in found.readings
    )
    remedy = f"{NEW}; {settled} settles it"
    reason = f"{coverage.reason}; nothing else covers it"
    return Undecided(reason, Miss(f"a reprieve for {entity}", coverage.reason, remedy), tuple(said), settled)


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

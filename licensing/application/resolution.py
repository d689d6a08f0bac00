"""What officers say of hits (15 CFR 744.11(a)), of applications and of licenses."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Literal

from licensing.application.commands import ResolveMatch
from licensing.application.dossier import Finding
from licensing.application.matches import Hit, Resolution, Verdict
from licensing.authority import Actor
from licensing.commit import Event
from licensing.model import Acn, Digest, Instant, LicenseNumber, Name, Text
from licensing.refusal import Refusal, RefusalCode


class MatchResolved(Event):
    """An officer said whether the party at ``party`` is the listed one. It holds for that ``pair`` alone."""

    type: Literal["MatchResolved"] = "MatchResolved"
    by: Actor
    party: int
    listing: Name
    pair: Digest
    verdict: Verdict
    reason: Text


class ResolutionRemembered(Event):
    """What an officer said of the same pair in another case, ``remembered_from``, holds here as well.

    ``license``: it was said on that license, which was granted in that case.
    """

    type: Literal["ResolutionRemembered"] = "ResolutionRemembered"
    listing: Name
    pair: Digest
    verdict: Verdict
    resolved_by: Actor
    resolved_at: Instant
    remembered_from: Acn
    license: LicenseNumber | None = None


def said_of(hits: Iterable[Hit], body: ResolveMatch, by: Actor, now: datetime) -> MatchResolved | Refusal:
    """An officer's word on one of the hits."""
    for hit in hits:
        if (hit.party, hit.match.listing) == (body.party, body.listing) and hit.match.pair is not None:
            return MatchResolved(
                at=now,
                by=by,
                party=body.party,
                listing=body.listing,
                pair=hit.match.pair,
                verdict=body.verdict,
                reason=body.reason,
            )
    return Refusal(RefusalCode.NO_SUCH_MATCH, f"party {body.party}: {RefusalCode.NO_SUCH_MATCH.meaning}")


def remembered_of(
    findings: Iterable[Finding],
    offered: Iterable[Resolution],
    known: tuple[Resolution, ...],
    partial: Callable[[Actor], bool],
    now: datetime,
) -> tuple[ResolutionRemembered, ...]:
    """What of the ``offered`` words of other cases is news here, where ``known`` was said.

    Officers of the case come first, and a ``partial`` one is not heard, wherever they said it.
    """
    met = {match.pair: match.listing for finding in findings for match in finding.matches}
    here = {resolution.pair: resolution for resolution in known}
    return tuple(
        ResolutionRemembered(
            at=now,
            listing=met[each.pair],
            pair=each.pair,
            verdict=each.verdict,
            resolved_by=each.resolved_by,
            resolved_at=each.resolved_at,
            remembered_from=each.remembered_from,
            license=each.license,
        )
        for each in offered
        if each.pair in met
        and each.remembered_from is not None
        and each != here.get(each.pair)
        and not _said_here(here.get(each.pair))
        and not partial(each.resolved_by)
    )


def _said_here(resolution: Resolution | None) -> bool:
    """An officer of the case has spoken, and nobody else speaks for them."""
    return resolution is not None and resolution.remembered_from is None


def resolutions_after(
    known: tuple[Resolution, ...], event: MatchResolved | ResolutionRemembered
) -> tuple[Resolution, ...]:
    """The last word on a pair is the one that holds."""
    return (*(each for each in known if each.pair != event.pair), resolution_of(event))


def resolution_of(event: MatchResolved | ResolutionRemembered) -> Resolution:
    match event:
        case MatchResolved(by=by, reason=reason):
            return Resolution(
                pair=event.pair, verdict=event.verdict, resolved_by=by, resolved_at=event.at, reason=reason
            )
        case ResolutionRemembered():
            return Resolution(
                pair=event.pair,
                verdict=event.verdict,
                resolved_by=event.resolved_by,
                resolved_at=event.resolved_at,
                remembered_from=event.remembered_from,
                license=event.license,
            )

"""What officers say of hits, as events (15 CFR 744.11(a)). ``by`` is None where the service acted."""

from typing import Literal

from licensing.application.matches import Resolution, Verdict
from licensing.authority import Actor
from licensing.commit import Event
from licensing.model import Acn, Digest, Instant, Name, Text


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
    """What an officer said of the same pair in another case, ``remembered_from``, holds here as well."""

    type: Literal["ResolutionRemembered"] = "ResolutionRemembered"
    listing: Name
    pair: Digest
    verdict: Verdict
    resolved_by: Actor
    resolved_at: Instant
    remembered_from: Acn


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
            )

"""The words of officers on hits (15 CFR 744.11(a)), of applications and of licenses."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from greenlight.kernel.body import SERVICE, Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import exists
from greenlight.kernel.model import Acn, Digest, Instant, LicenseNumber, Name, Text
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.law.application.commands import ResolveMatch
from greenlight.law.application.dossier import Finding, Match
from greenlight.law.application.needs import RememberedOf
from greenlight.law.application.screening.language import Resolution, Screened, Verdict


class MatchResolved(Event):
    """An officer said whether the party at ``party`` is the listed one. It holds for that ``pair`` alone.

    Where it was looked up by hand, ``match`` is the entry that it is, and without ``listing`` it is on no
    list.
    """

    type: Literal["MatchResolved"] = "MatchResolved"
    by: Actor
    party: int
    listing: Name | None
    pair: Digest
    verdict: Verdict
    reason: Text
    match: Annotated[Match | None, Field(exclude_if=lambda match: match is None)] = None


_THIS = {"record": {"pair": "{pair}", "verdict": "{verdict}", "by": "{resolved_by}", "at": "{resolved_at}"}}
_NOBODY_SAID = "no officer said that of the pair in the other case"
_ON_A_LICENSE = "$.license != null"

# An officer has to have said so there, or on a license that was granted in it.
_SAID = (
    exists(
        "event",
        {"stream": "application-{remembered_from}", "type": MatchResolved.__name__},
        contains=_THIS,
        when="!exists($.license ? (@ != null))",
        message=_NOBODY_SAID,
    ),
    exists(
        "event",
        {"stream": "license-{license}", "type": MatchResolved.__name__},
        contains=_THIS,
        when=_ON_A_LICENSE,
        message=_NOBODY_SAID,
    ),
    exists(
        "license",
        {"number": "{license}", "acn": "{remembered_from}"},
        when=_ON_A_LICENSE,
        message=_NOBODY_SAID,
    ),
)


class ResolutionRemembered(Event, recorded_by=SERVICE, requires=_SAID):
    """An officer's word on the same pair in another case, ``remembered_from``, holds here as well.

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


def said_of(
    found: Screened, body: ResolveMatch, entry: Match | None, by: Actor, now: datetime
) -> tuple[MatchResolved, ...] | Refusal:
    """An officer's word on one of the hits, and on all others of the party if it is on those, too.

    ``entry``: the entry of that key, for a party that was looked up by hand.
    """
    met = {hit.match.listing: hit for hit in found.met if hit.party == body.party}
    hit = met.get(body.listing or "")
    by_hand = next((each.pair for each in found.findings if each.party == body.party), None)
    told: dict[str, object] = {"at": now, "by": by, "party": body.party, "reason": body.reason}
    if hit is not None and hit.match.pair is not None:
        told |= {"pair": hit.match.pair}
    elif by_hand is not None and (body.listing is None or _is_found(body, entry)):
        told |= {"pair": by_hand, "match": entry}
    else:
        return Refusal(RefusalCode.NO_SUCH_MATCH, f"party {body.party}: {RefusalCode.NO_SUCH_MATCH.meaning}")
    said = MatchResolved.model_validate(told | {"listing": body.listing, "verdict": body.verdict})
    others = [each.match for each in met.values() if body.others and each.open and each is not hit]
    return (
        said,
        *(
            said.model_copy(
                update={
                    "listing": each.listing,
                    "pair": each.pair,
                    "verdict": body.others,
                    "match": None,
                }
            )
            for each in others
        ),
    )


def _is_found(body: ResolveMatch, entry: Match | None) -> bool:
    """An entry that a party was found to be counts; of one that it is not, there is no end."""
    return body.verdict is Verdict.TRUE_MATCH and entry is not None


def remembered_of(
    command: Command[Body],
    findings: Iterable[Finding],
    known: tuple[Resolution, ...],
    partial: Callable[[Actor], bool],
    now: datetime,
) -> tuple[ResolutionRemembered, ...]:
    """Find what was said of the pairs in other cases and is news here, where ``known`` was said.

    Officers of the case come first, and a ``partial`` one is not heard, wherever they said it.
    """
    met = {match.pair: match.listing for finding in findings for match in finding.matches}
    pairs = frozenset(pair for pair in met if pair)
    offered = command.told(RememberedOf(pairs)) if pairs else ()
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
                pair=event.pair,
                verdict=event.verdict,
                resolved_by=by,
                resolved_at=event.at,
                reason=reason,
                match=event.match,
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

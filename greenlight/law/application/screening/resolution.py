"""The words of officers on hits (15 CFR 744.11(a)), of applications and of licenses."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Literal

from pydantic import Field

from greenlight.kernel.body import SERVICE, Body
from greenlight.kernel.command import Command
from greenlight.kernel.commit import Event
from greenlight.kernel.condition import exists, says
from greenlight.kernel.model import Acn, Digest, Instant, LicenseNumber, Name, Text
from greenlight.kernel.refusal import Refusal, RefusalCode
from greenlight.kernel.roles import Actor
from greenlight.kernel.time.calendar import agency_date, end_of_day
from greenlight.law.application.commands import ConfirmMatch, ResolveMatch
from greenlight.law.application.dossier import Finding, Match
from greenlight.law.application.needs import RememberedOf
from greenlight.law.application.refusals import ApplicationRefusal
from greenlight.law.application.screening.language import Confirmation, Resolution, Screened, Verdict


def _unsaid(value: object) -> bool:
    return value is None


class MatchResolved(Event, of={ResolveMatch, "resolve_listing"}):
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
    match: Annotated[Match | None, Field(exclude_if=_unsaid)] = None


_APART = (
    exists(
        "event",
        {"stream": "{stream}", "type": MatchResolved.__name__},
        contains={
            "record": {
                "pair": "{pair}",
                "verdict": Verdict.FALSE_MATCH.value,
                "by": "{resolved_by}",
                "at": "{resolved_at}",
            }
        },
        message="no officer said that of the pair here",
    ),
    says(
        {"resolved_by": {"person": None}},
        when="$.by.person == $.resolved_by.person",
        message="who resolved a match does not confirm it",
    ),
)


class MatchConfirmed(Event, of={ConfirmMatch, "confirm_listing"}, requires=_APART):
    """A second officer said, too, that the pair is a false match: it counts in other cases until ``until``.

    That is the end of a day in Washington. Cases that are screened from then on meet the entry again; what
    was decided by then stays. ``resolved_by`` and ``resolved_at`` tell which word on the pair it is of.
    """

    type: Literal["MatchConfirmed"] = "MatchConfirmed"
    by: Actor
    party: int
    listing: Name
    pair: Digest
    resolved_by: Actor
    resolved_at: Instant
    until: Instant


_THIS = {"record": {"pair": "{pair}", "verdict": "{verdict}", "by": "{resolved_by}", "at": "{resolved_at}"}}
_NOBODY_SAID = "no officer said that of the pair in the other case"
_ON_A_LICENSE = "$.license != null"

_CONFIRMED = {
    "record": {
        "pair": "{pair}",
        "resolved_by": "{resolved_by}",
        "resolved_at": "{resolved_at}",
        "by": "{confirmation.by}",
        "at": "{confirmation.at}",
        "until": "{confirmation.until}",
    }
}
_NOT_CONFIRMED = "no second officer let that count in other cases until then"

# An officer has to have said so there, or on a license that was granted in it; of a false match a second one
# too, and its time must not be over. Instants are texts of one form, and ends have no fractions of seconds.
_SAID = (
    says(
        {"verdict": Verdict.TRUE_MATCH},
        when="!($.at < $.confirmation.until)",
        message=_NOT_CONFIRMED,
    ),
    exists(
        "event",
        {"stream": "application-{remembered_from}", "type": MatchConfirmed.__name__},
        contains=_CONFIRMED,
        when='$.verdict == "false_match" && !exists($.license ? (@ != null))',
        message=_NOT_CONFIRMED,
    ),
    exists(
        "event",
        {"stream": "license-{license}", "type": MatchConfirmed.__name__},
        contains=_CONFIRMED,
        when='$.verdict == "false_match" && $.license != null',
        message=_NOT_CONFIRMED,
    ),
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

    ``license``: it was said on that license, which was granted in that case. ``confirmation``: whose second
    word lets a false match count here; None of those on record from before there was one.
    """

    type: Literal["ResolutionRemembered"] = "ResolutionRemembered"
    listing: Name
    pair: Digest
    verdict: Verdict
    resolved_by: Actor
    resolved_at: Instant
    remembered_from: Acn
    license: LicenseNumber | None = None
    confirmation: Annotated[Confirmation | None, Field(exclude_if=_unsaid)] = None


class ResolutionLapsed(Event, recorded_by=SERVICE):
    """A word remembered of the pair from another case counts here no more, at another screening: its time
    was over, or no second officer had confirmed it. The entry is met again."""

    type: Literal["ResolutionLapsed"] = "ResolutionLapsed"
    listing: Name
    pair: Digest


Word = MatchResolved | MatchConfirmed | ResolutionRemembered | ResolutionLapsed
"""The events by which words on pairs come, count elsewhere, and go."""


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
        return Refusal(
            ApplicationRefusal.NO_SUCH_MATCH,
            f"party {body.party}: {ApplicationRefusal.NO_SUCH_MATCH.meaning}",
        )
    said = MatchResolved.model_validate(told | {"listing": body.listing, "verdict": body.verdict})
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
            for each in others_of(found, body)
        ),
    )


def others_of(found: Screened, body: ResolveMatch) -> tuple[Match, ...]:
    """The other matches of the party, open by now, of which an officer says the same at once."""
    if body.others is None:
        return ()
    met = {hit.match.listing: hit for hit in found.met if hit.party == body.party}
    return tuple(hit.match for key, hit in met.items() if hit.open and key != body.listing)


def _is_found(body: ResolveMatch, entry: Match | None) -> bool:
    """An entry that a party was found to be counts; of one that it is not, there is no end."""
    return body.verdict is Verdict.TRUE_MATCH and entry is not None


def confirmed_of(
    found: Screened, body: ConfirmMatch, partial: Callable[[Actor], bool], by: Actor, now: datetime
) -> tuple[MatchConfirmed, ...] | Refusal:
    """A second officer's word on false matches of a party that were said here, and are not hearsay.

    ``partial``: who acts for the applicant, and whose word counts nowhere else.
    """
    said = [
        (hit.match.listing, hit.resolution)
        for hit in found.met
        if hit.party == body.party
        and body.listing in {None, hit.match.listing}
        and hit.resolution is not None
        and hit.resolution.verdict is Verdict.FALSE_MATCH
        and hit.resolution.remembered_from is None
    ]
    if not said:
        problem = f"party {body.party}: {ApplicationRefusal.NOTHING_TO_CONFIRM.meaning}"
        return Refusal(ApplicationRefusal.NOTHING_TO_CONFIRM, problem)
    for _, word in said:
        if word.resolved_by.person == by.person:
            problem = f"{by.officer} and {word.resolved_by.officer}, who resolved it, are one person"
            return Refusal(ApplicationRefusal.OWN_RESOLUTION, problem)
        if partial(word.resolved_by):
            problem = f"{word.resolved_by.officer}, who resolved it, acts for the applicant in this case"
            return Refusal(RefusalCode.OWN_APPLICATION, problem)
    return tuple(
        MatchConfirmed(
            at=now,
            by=by,
            party=body.party,
            listing=listing,
            pair=word.pair,
            resolved_by=word.resolved_by,
            resolved_at=word.resolved_at,
            until=end_of_day(agency_date(now) + timedelta(days=body.days)),
        )
        for listing, word in said
    )


def remembered_of(
    command: Command[Body],
    findings: Iterable[Finding],
    known: tuple[Resolution, ...],
    partial: Callable[[Actor], bool],
    now: datetime,
) -> tuple[ResolutionRemembered | ResolutionLapsed, ...]:
    """Find what was said of the pairs in other cases and is news here, where ``known`` was said, and what
    counts no more.

    Officers of the case come first, and a ``partial`` one is not heard, wherever they said it.
    """
    met = {match.pair: match.listing for finding in findings for match in finding.matches if match.pair}
    offered = {
        each.pair: each
        for each in (command.told(RememberedOf(frozenset(met))) if met else ())
        if each.remembered_from is not None and each.counts_elsewhere(now) and not _by(each, partial)
    }
    here = {resolution.pair: resolution for resolution in known if not resolution.lapsed}
    events: list[ResolutionRemembered | ResolutionLapsed] = []
    for pair, listing in met.items():
        word, before = offered.get(pair), here.get(pair)
        if before is not None and before.remembered_from is None:
            # An officer of the case has spoken, and nobody else speaks for them.
            continue
        if word is not None and word != before:
            events.append(_remembered(word, listing, now))
        elif word is None and before is not None:
            events.append(ResolutionLapsed(at=now, listing=listing, pair=pair))
    return tuple(events)


def _by(word: Resolution, partial: Callable[[Actor], bool]) -> bool:
    return partial(word.resolved_by) or (word.confirmation is not None and partial(word.confirmation.by))


def _remembered(word: Resolution, listing: str, now: datetime) -> ResolutionRemembered:
    assert word.remembered_from is not None, "what was said in a case is remembered from it"
    return ResolutionRemembered(
        at=now,
        listing=listing,
        pair=word.pair,
        verdict=word.verdict,
        resolved_by=word.resolved_by,
        resolved_at=word.resolved_at,
        remembered_from=word.remembered_from,
        license=word.license,
        confirmation=word.confirmation,
    )


def resolutions_after(known: tuple[Resolution, ...], event: Word) -> tuple[Resolution, ...]:
    """The last word on a pair is the one that holds."""
    match event:
        case MatchConfirmed():
            said = Confirmation(by=event.by, at=event.at, until=event.until)
            return tuple(
                each.model_copy(update={"confirmation": said}) if each.pair == event.pair else each
                for each in known
            )
        case ResolutionLapsed():
            return tuple(
                each.model_copy(update={"lapsed": True}) if each.pair == event.pair else each
                for each in known
            )
        case MatchResolved() | ResolutionRemembered():
            return (*(each for each in known if each.pair != event.pair), resolution_of(event))


def resolution_of(event: MatchResolved | ResolutionRemembered) -> Resolution:
    """The word that an event tells of."""
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
                confirmation=event.confirmation,
            )

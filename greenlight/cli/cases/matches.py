"""What screening found of a case's parties, as people read it, and the command that resolves a match."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from greenlight.cli.base.options import (
    Acn,
    As,
    CommandId,
    Dossier,
    Json,
    Number,
    Reasons,
    application,
    body,
    license_of,
)
from greenlight.cli.base.output import words
from greenlight.cli.base.send import send
from greenlight.law.application.commands import ResolveMatch
from greenlight.law.application.dossier import Finding
from greenlight.law.application.screening.language import Hit, Verdict
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.commands import ResolveListing
from greenlight.law.license.state import LicenseState
from greenlight.law.sources import source_of_entry


class Denial(StrEnum):
    """What may be said of several matches at once."""

    FALSE_MATCH = Verdict.FALSE_MATCH.value


Place = Annotated[int, typer.Argument(metavar="PARTY", min=0, help="The party's place, from 0, as in show.")]
NO_LIST = "none"
Listing = Annotated[
    str,
    typer.Argument(
        metavar=f"KEY|{NO_LIST}",
        help="The listing that its name met, as in show. Of a party that was looked up by hand the entry that"
        f" it is, or {NO_LIST}.",
    ),
]
Others = Annotated[
    Denial | None,
    typer.Option("--all-others", help="What holds of all other open matches of the party, too."),
]


def resolve_match(
    acn: Acn,
    party: Place,
    listing: Listing,
    verdict: Verdict,
    as_: As,
    reason: Reasons,
    all_others: Others = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Say whether a party is the listed one. It is remembered until the party or the entry changes.

    Who could not be screened for good is looked up by hand: none false_match, or the entry's key true_match.

    Example: starter.py resolve-match A123456 1 huawei-france false_match --as olga --reason "Founded in 1952"
    """
    said = _said(ResolveMatch, party, listing, verdict, reason, all_others)
    send(application(acn), said, as_, command_id, json, dossier)


def resolve_listing(
    number: Number,
    party: Place,
    listing: Listing,
    verdict: Verdict,
    as_: As,
    reason: Reasons,
    all_others: Others = None,
    dossier: Dossier = None,
    command_id: CommandId = None,
    json: Json = False,
) -> None:
    """Say whether a license's party is the one that a later list has. A false match is not raised again.

    A true match leaves the license waiting until that is decided on, or the party is listed no more.

    Example: starter.py resolve-listing D000001 1 huawei-france false_match --as olga --reason "A namesake"
    """
    said = _said(ResolveListing, party, listing, verdict, reason, all_others)
    send(license_of(number), said, as_, command_id, json, dossier)


def _said(
    command: type[ResolveMatch],
    party: int,
    listing: str,
    verdict: Verdict,
    reason: str,
    others: Denial | None,
) -> ResolveMatch:
    key = None if listing == NO_LIST else listing
    return body(command, party=party, listing=key, verdict=verdict, reason=reason, others=others)


def findings(state: ApplicationState) -> Iterator[str]:
    """A line for each party by its place, and under it one for each listing by its key."""
    for found in state.screening.findings if state.screening else ():
        reason = f" – {found.reason}" if found.reason else ""
        yield f"{found.party} {state.parties[found.party].name}: {words(found.outcome)}{reason}"
        for hit in state.hits:
            if hit.party == found.party:
                yield f"  {_hit(hit, waits=hit.party in state.possible_parties)}"
        if found.left_out:
            yield f"  and {found.left_out} more"
        yield from _by_hand(state, found)


def _by_hand(state: ApplicationState, found: Finding) -> Iterator[str]:
    """What is to be said of a party as a whole, or was."""
    if found.party in state.by_hand & state.possible_parties:
        yield "  to be looked up by hand"
    for said in state.resolutions:
        if said.pair == found.pair and said.match is None:
            reason = f": {said.reason}" if said.reason else ""
            yield f"  on no list, looked up by {said.resolved_by.officer}{reason}"


def later(state: LicenseState) -> Iterator[str]:
    """A line for each match of a later list than that of the grant: is the party listed, or may it be?"""
    for hit in state.found.hits:
        word = "listed" if hit.listed else "possible match" if hit.open else "not listed"
        yield f"{hit.party} {word}: {_hit(hit, waits=hit.party in state.found.possible_parties)}"


def _hit(hit: Hit, *, waits: bool) -> str:
    """``waits``: it is open which of such names the party has. It is not where the party is listed anyhow."""
    match, said = hit.match, hit.resolution
    alike = "" if hit.exact else f"; alike, score {match.score}"
    if alike and (waits or said):
        alike += f" ({'; '.join(match.explanation)})"
    source = source_of_entry(match.source_list, match.listing)
    on = f"{source.title} ({source.rules}), {match.citation}"
    shown = f"{match.listing}: {match.name}, {on}, {source.policy(match.review_policy)}{alike}"
    if said is None:
        return f"{shown}; to be resolved" if hit.open and waits else shown
    case = f" in {said.license or said.remembered_from}" if said.remembered_from else ""
    return f"{shown}; {words(said.verdict)} by {said.resolved_by.officer}{case}" + (
        f": {said.reason}" if said.reason else ""
    )

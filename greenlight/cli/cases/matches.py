"""Findings of the screening of a case's parties, as people read them."""

from collections.abc import Iterator

from greenlight.cli.base.output import words
from greenlight.law.application.dossier import Finding
from greenlight.law.application.screening.language import Hit
from greenlight.law.application.state import ApplicationState
from greenlight.law.license.state import LicenseState
from greenlight.law.sources import source_of_entry


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

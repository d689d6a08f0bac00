"""The hits of a screening: what counts as listed, what is open, and what officers said of it.

A hit is a pair: a party as it was written, and an entry of the list as it stood. What an officer says of it
holds for exactly that pair. When either side changes, so does the pair's digest, and the hit is open again.
"""

from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field

from licensing.application.dossier import FULL_SCORE, Match, Party, Screening
from licensing.authority import Actor
from licensing.canonical import digest
from licensing.model import Acn, Digest, Instant, LicenseNumber, Model, Text


class Verdict(StrEnum):
    """Whether the party is the one that is listed."""

    TRUE_MATCH = "true_match"
    FALSE_MATCH = "false_match"


class Resolution(Model):
    """An officer's word on a pair. ``remembered_from``: it was given in that case, which has the reason; if
    ``license``, on that license which was granted in it."""

    pair: Digest
    verdict: Verdict
    resolved_by: Actor
    resolved_at: Instant
    reason: Text | None = None
    remembered_from: Acn | None = None
    license: Annotated[LicenseNumber | None, Field(exclude_if=lambda license: license is None)] = None


class Hit(NamedTuple):
    """A match of the party at ``party``; ``exact`` if the names are the same, and not only alike."""

    party: int
    match: Match
    exact: bool
    resolution: Resolution | None

    @property
    def listed(self) -> bool:
        """Whether the party counts as listed. The same name does, until an officer says that it is not."""
        if self.resolution is None:
            return self.exact
        return self.resolution.verdict is Verdict.TRUE_MATCH

    @property
    def open(self) -> bool:
        """Whether nothing may be decided before an officer has resolved it."""
        return self.resolution is None and not self.exact


def pair_of(party: Party, entry: str) -> str:
    """The digest of a pair, by the party as written, whatever its role, and the digest of the entry."""
    written = party.model_dump(mode="json", exclude={"role"}, exclude_none=True)
    return digest({"party": written, "entry": entry})


class Screened(Model):
    """What is known of the parties: the last screening, and what officers said of its hits and of others."""

    screening: Screening | None = None
    resolutions: tuple[Resolution, ...] = ()

    @property
    def screened(self) -> bool:
        return self.screening is not None and self.screening.complete

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Every match of the screening, with what was said of its pair."""
        said = {resolution.pair: resolution for resolution in self.resolutions}
        return tuple(
            Hit(
                party=finding.party,
                match=match,
                exact=finding.outcome == "listed" and match.score == FULL_SCORE,
                resolution=said.get(match.pair) if match.pair else None,
            )
            for finding in (self.screening.findings if self.screening else ())
            for match in finding.matches
        )

    @property
    def listed_parties(self) -> frozenset[int]:
        """The places of the parties that count as listed."""
        return frozenset(hit.party for hit in self.hits if hit.listed)

    @property
    def possible_parties(self) -> frozenset[int]:
        """Those with a possible match that an officer has to resolve, or more than can be shown.

        Of a party that counts as listed nothing is open: names alike are those of its affiliates.
        """
        findings = self.screening.findings if self.screening else ()
        alike = {hit.party for hit in self.hits if hit.open} | {f.party for f in findings if f.left_out}
        return frozenset(alike) - self.listed_parties

    @property
    def unresolved(self) -> bool:
        """Whether of a party it is not known if it is listed."""
        return bool(self.possible_parties)

    @property
    def settled(self) -> bool:
        """Every party was held against the list, and no possible match is open."""
        return self.screened and not self.unresolved

    @property
    def listings(self) -> frozenset[str]:
        """The listings of which a party counts as the one that is meant."""
        return frozenset(hit.match.listing for hit in self.hits if hit.listed)

    @property
    def listed(self) -> bool | None:
        """Whether a listed entity is a party; None while that is not known."""
        return True if self.listings else (False if self.settled else None)

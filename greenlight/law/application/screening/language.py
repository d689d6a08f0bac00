"""The hits of a screening: what counts as listed, what is open, and what officers said of it.

A hit is a pair: a party as it was written, and an entry of the list as it stood. What an officer says of it
holds for exactly that pair. When either side changes, so does the pair's digest, and the hit is open again.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field

from greenlight.kernel.canonical import digest
from greenlight.kernel.model import Acn, Digest, Instant, JsonObject, LicenseNumber, Model, Text
from greenlight.kernel.once import OncePerObject, once_per_object
from greenlight.kernel.roles import Actor
from greenlight.law.application.dossier import FULL_SCORE, Finding, Match, Party, Screening


class Verdict(StrEnum):
    """The officer's word on whether the party is the one that is listed."""

    TRUE_MATCH = "true_match"
    FALSE_MATCH = "false_match"


COUNTS_DAYS = 365
"""For which a confirmed false match counts in other cases, where its second officer says nothing else.

The pair forgets by itself when the party is written otherwise, or the entry changes. It cannot see that the
company became another one: that it was bought, moved, or came to act for the entry that it was told apart
from. So somebody looks again at least once a year."""

MAX_COUNTS_DAYS = 4 * 365 + 1
"""The longest for which a second officer can let it count: as long as a license lasts (15 CFR 750.7(g))."""


class Confirmation(Model):
    """A second officer's word that a false match is one, which lets it count in other cases, until ``until``.

    Both are instants in UTC; ``until`` is the end of a day in Washington.
    """

    by: Actor
    at: Instant
    until: Instant


def _unsaid(value: object) -> bool:
    return value is None


class Resolution(Model):
    """An officer's word on a pair. ``remembered_from``: it was given in that case, which has the reason; if
    ``license``, on that license which was granted in it. ``match``: the entry that the party is, where an
    officer found it and no screener did.

    ``confirmation``: of a false match, that it counts in other cases. ``lapsed``: it was remembered here from
    another case, and counts no more.
    """

    pair: Digest
    verdict: Verdict
    resolved_by: Actor
    resolved_at: Instant
    reason: Text | None = None
    remembered_from: Acn | None = None
    license: Annotated[LicenseNumber | None, Field(exclude_if=_unsaid)] = None
    match: Annotated[Match | None, Field(exclude_if=_unsaid)] = None
    confirmation: Annotated[Confirmation | None, Field(exclude_if=_unsaid)] = None
    lapsed: Annotated[bool, Field(exclude_if=lambda lapsed: not lapsed)] = False

    def counts_elsewhere(self, at: datetime) -> bool:
        """Tell whether it counts in cases screened at ``at`` in which it was not said.

        A true match does at once: it only makes people look. A false one lets a party through, so it takes
        two officers and has an end.
        """
        if self.verdict is Verdict.TRUE_MATCH:
            return True
        return self.confirmation is not None and at < self.confirmation.until

    def shown(self) -> JsonObject:
        """As a dossier has it. That a word counts in other cases changes nothing in this one."""
        here = self.remembered_from is None
        return self.model_dump(mode="json", exclude={"confirmation"} if here else None)


class Hit(NamedTuple):
    """A match of the party at ``party``; ``exact`` if the names are the same, and not only alike."""

    party: int
    match: Match
    exact: bool
    resolution: Resolution | None

    @property
    def listed(self) -> bool:
        """Tell whether the party counts as listed. The same name does, until an officer says it is not."""
        if self.resolution is None:
            return self.exact
        return self.resolution.verdict is Verdict.TRUE_MATCH

    @property
    def open(self) -> bool:
        """Tell whether nothing may be decided before an officer has resolved it."""
        return self.resolution is None and not self.exact


BY_HAND = "by hand"
"""In the place of an entry: the party as a whole, looked up by an officer."""


@once_per_object(kept=4_096)
def pair_of(party: Party, entry: str) -> str:
    """The digest of a pair, by the party's name and country as written, whatever its role, and the digest of
    the entry; or ``BY_HAND``."""
    written = party.model_dump(mode="json", include={"name", "country"})
    return digest({"party": written, "entry": entry})


class Screened(Model):
    """The knowledge of the parties: the last screening, and what officers said of its hits and of others."""

    screening: Screening | None = None
    resolutions: tuple[Resolution, ...] = ()

    @property
    def screened(self) -> bool:
        return self.screening is not None and self.screening.complete

    @property
    def findings(self) -> tuple[Finding, ...]:
        return self.screening.findings if self.screening else ()

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Every match of the screening, with what was said of its pair, and what officers found by hand."""
        return _hits(self.screening, self.resolutions)

    @property
    def met(self) -> tuple[Hit, ...]:
        """Every match of the screening alone."""
        return _met(self.screening, self.resolutions)

    @property
    def pairs(self) -> frozenset[str]:
        """Of which an officer may say something."""
        met = (match.pair for finding in self.findings for match in finding.matches)
        return frozenset(filter(None, (*met, *(finding.pair for finding in self.findings))))

    @property
    def by_hand(self) -> frozenset[int]:
        """The parties that an officer has to look up, and nobody has yet: their name cannot be compared, or
        more is met than can be shown."""
        said = _said(self.resolutions)
        return frozenset(
            finding.party
            for finding in self.findings
            if (finding.by_hand or finding.left_out) and finding.pair not in said
        )

    @property
    def listed_parties(self) -> frozenset[int]:
        """The places of the parties that count as listed."""
        return frozenset(hit.party for hit in self.hits if hit.listed)

    @property
    def possible_parties(self) -> frozenset[int]:
        """Those with a possible match that an officer has to resolve, or whom one has to look up by hand.

        Of a party that counts as listed nothing is open: names alike are those of its affiliates.
        """
        alike = frozenset(hit.party for hit in self.hits if hit.open)
        return (alike | self.by_hand) - self.listed_parties

    @property
    def unresolved(self) -> bool:
        """Tell whether there is a party of which it is not known if it is listed."""
        return bool(self.possible_parties)

    @property
    def settled(self) -> bool:
        """Every party was held against the list, and no possible match is open."""
        return self.screened and not self.unresolved

    @property
    def listings(self) -> frozenset[str]:
        """The listings of which a party counts as the one that is meant."""
        return _listings(self.screening, self.resolutions)

    @property
    def listed(self) -> bool | None:
        """Tell whether a listed entity is a party; None while that is not known."""
        return True if self.listings else (False if self.settled else None)


Resolutions = tuple[Resolution, ...]


def _said(resolutions: Resolutions) -> dict[str | None, Resolution]:
    return {resolution.pair: resolution for resolution in resolutions if not resolution.lapsed}


@OncePerObject
def _hits(screening: Screening | None, resolutions: Resolutions) -> tuple[Hit, ...]:
    said = _said(resolutions)
    findings = screening.findings if screening else ()
    by_hand = ((each.party, said.get(each.pair)) for each in findings if each.pair)
    return _met(screening, resolutions) + tuple(
        Hit(party=party, match=word.match, exact=False, resolution=word)
        for party, word in by_hand
        if word is not None and word.match is not None
    )


@OncePerObject
def _met(screening: Screening | None, resolutions: Resolutions) -> tuple[Hit, ...]:
    said = _said(resolutions)
    return tuple(
        Hit(
            party=finding.party,
            match=match,
            exact=finding.outcome == "listed" and match.score == FULL_SCORE,
            resolution=said.get(match.pair) if match.pair else None,
        )
        for finding in (screening.findings if screening else ())
        for match in finding.matches
    )


@OncePerObject
def _listings(screening: Screening | None, resolutions: Resolutions) -> frozenset[str]:
    return frozenset(hit.match.listing for hit in _hits(screening, resolutions) if hit.listed)

"""The matter of a case as a page tells it, made from its dossier and from nothing else.

What is shown where something is signed is in the dossier whose digest is signed. To an applicant the law
shows the members of it that they sent or were told; the others are not there.
"""

from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from greenlight.kernel.model import JsonObject
from greenlight.kernel.roles import Actor
from greenlight.law.application.clock.language import Inquiry, OpenHold
from greenlight.law.application.denial.language import Denial
from greenlight.law.application.dossier import (
    Finding,
    Party,
    Screening,
    Submission,
    Unclassified,
    named,
    owners_of,
)
from greenlight.law.application.events import (
    DisputeDecided,
    RecommendationCountersigned,
    RecommendationMade,
    VotesCounted,
)
from greenlight.law.application.interagency.agency import AskedWording, Referral
from greenlight.law.application.ownership import PartyOwner
from greenlight.law.application.screening.language import Hit, Resolution, Screened
from greenlight.law.registry import AnyAggregate
from greenlight.law.sources import source_of_entry


class ShownParty(NamedTuple):
    """A party, or an owner of one, at its place, what was found of it in a word, and each entry that its name
    met. ``owner``: of which party it owns a share, or of that one's owners, and what share."""

    place: int
    party: Party
    owner: tuple[Party, PartyOwner] | None
    found: str
    finding: Finding | None
    hits: tuple[Hit, ...]

    @property
    def open(self) -> int:
        """The number of entries of which nobody has said whether it is the party."""
        return sum(hit.open for hit in self.hits)


class ApplicationMatter(BaseModel):
    """The dossier of an application, read again. Members that a reader may not see are empty."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    acn: str
    submitted_by: Actor
    submission: Submission
    parties: tuple[Party, ...]
    inquiries: tuple[Inquiry, ...] = ()
    holds: tuple[OpenHold, ...] = ()
    denials: tuple[Denial, ...] = ()
    screening: Screening | None = None
    resolutions: tuple[Resolution, ...] = ()
    recommendation: RecommendationMade | None = None
    countersignature: RecommendationCountersigned | None = None
    sent_back: tuple[Any, ...] = ()
    referrals: tuple[Referral, ...] = ()
    wordings: tuple[AskedWording, ...] = ()
    decision: DisputeDecided | VotesCounted | None = None
    directive: JsonObject | None = None
    proposed: JsonObject | None = None
    return_proposed: JsonObject | None = None
    unclassified: Unclassified | None = None

    @property
    def screened(self) -> Screened:
        return Screened(screening=self.screening, resolutions=self.resolutions)

    @property
    def shown_parties(self) -> tuple[ShownParty, ...]:
        """Those first who are on a list, or may be."""
        screened = self.screened
        owners = {
            place: (party, owner)
            for at, party in enumerate(self.parties)
            for place, owner in zip(owners_of(self.parties, at), party.owners or (), strict=True)
        }
        findings = {finding.party: finding for finding in screened.findings}
        found = [
            ShownParty(
                place=place,
                party=party,
                owner=owners.get(place),
                found=_found(screened, place, findings.get(place)),
                finding=findings.get(place),
                hits=tuple(hit for hit in screened.hits if hit.party == place),
            )
            for place, party in enumerate((*self.parties, *named(self.parties)[len(self.parties) :]))
        ]
        marked = screened.listed_parties | screened.possible_parties
        return tuple(sorted(found, key=lambda each: each.place not in marked))


def _found(screened: Screened, place: int, finding: Finding | None) -> str:
    if place in screened.listed_parties:
        return "listed"
    if place in screened.possible_parties:
        return "possible match"
    if finding is None:
        return "not screened"
    if finding.outcome == "no_match":
        return "no match"
    return "not listed" if screened.screened else finding.outcome.replace("_", " ")


def source_title(source_list: str | None, listing: str) -> str:
    """The list that an entry is on, in words."""
    return source_of_entry(source_list, listing).title


class Matter(NamedTuple):
    """The content of a page on a case: ``dossier`` as it is open to the reader, ``digest`` that of the whole,
    ``application``: read again, where it is one."""

    kind: AnyAggregate
    dossier: JsonObject
    digest: str
    whole: bool
    application: ApplicationMatter | None


def matter_of(kind: AnyAggregate, state: Any, *, party: bool) -> Matter:
    """The matter of a case as it stands, as far as it is open to the reader."""
    whole = kind.dossier(state)
    shown = {name: each for name, each in whole.items() if name in kind.told_to_parties} if party else whole
    application = ApplicationMatter.model_validate(shown) if kind.kind == "application" else None
    return Matter(kind, shown, kind.dossier_digest(state), shown.keys() == whole.keys(), application)

"""The question: which items, to where, with which parties, for what, and when."""

from datetime import date
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator

from greenlight.kernel.model import Classification, Country, Instant, Model, Name, Text
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.dossier import (
    MAX_ITEMS,
    MAX_PARTIES,
    Item,
    StatedParty,
    Subparagraph,
)
from greenlight.law.application.ownership import MAX_DEPTH, MAX_OWNERS, Share
from greenlight.law.determination.footnotes import EAR99
from greenlight.law.sources import BY_SLUG, UNKNOWN, Source

MAX_LISTINGS = 50


class Classified(Model):
    """An item by its classification. Without ``subparagraph``, no more is known than the entry."""

    classification: Classification
    subparagraph: Subparagraph | None = None

    @classmethod
    def of(cls, item: Item) -> Self:
        return cls(classification=item.classification, subparagraph=item.subparagraph)

    @model_validator(mode="after")
    def _ear99_has_no_paragraphs(self) -> Self:
        if self.classification == EAR99 and self.subparagraph:
            raise ValueError("EAR99 has no subparagraphs")
        return self

    def __str__(self) -> str:
        return f"{self.classification}{self.subparagraph or ''}"


class Listed(Model):
    """A listing that a party met. ``source_list`` is the list's slug, such as ``entity-list`` or
    ``denied-persons``; requirement and policy as printed, None where the list prints none.

    ``seen``: of an entry of which the list does not print since when, asked about an earlier day, the day of
    the list; ``doubt``: why it may not have been there on the day that is asked about."""

    listing: Name
    source_list: Name = "entity-list"
    license_requirement: Text | None = None
    review_policy: Text | None = None
    citation: Text
    seen: date | None = None
    doubt: Text | None = None

    @property
    def source(self) -> Source:
        return BY_SLUG.get(self.source_list, UNKNOWN)


Listings = Annotated[tuple[Listed, ...], Field(max_length=MAX_LISTINGS)]


class Owner(Model):
    """An owner of a share. ``share`` is in hundredths of a per cent; None: it could not be found out.

    ``listings``: None if nobody held the name against the lists. ``owners`` are its own owners, as far as
    they are known: an owner that listed entities own for the half or more counts as they do.
    """

    name: Name
    share: Share | None = None
    listings: Listings | None = None
    owners: Annotated["tuple[Owner, ...]", Field(max_length=MAX_OWNERS)] = ()

    @model_validator(mode="after")
    def _not_too_deep(self) -> Self:
        if self.depth > MAX_DEPTH:
            raise ValueError(f"owners: at most {MAX_DEPTH} one above the other")
        return self

    @property
    def depth(self) -> int:
        return 1 + max((owner.depth for owner in self.owners), default=0)


class Met(NamedTuple):
    """The listings that a name meets. ``doubt``: why more may be met than ``listings``, which are None if
    nothing can be told. ``otherwise``: entries of that name that do not count at the instant, each by its
    key and with when it does."""

    listings: tuple[Listed, ...] | None
    doubt: str | None = None
    otherwise: tuple[tuple[str, str], ...] = ()


class AskedParty(StatedParty):
    """A party. ``listings``: None if nobody could hold it against the lists; ``doubt``: why it may be on more
    than those, ``otherwise`` which listings of its name count at another time, and when. ``owners``: None if
    nothing is given of its ownership, and then nothing is asked about it."""

    listings: Listings | None = None
    doubt: Text | None = None
    otherwise: Annotated[tuple[tuple[Name, Text], ...], Field(max_length=MAX_LISTINGS)] = ()
    owners: Annotated[tuple[Owner, ...], Field(max_length=MAX_OWNERS)] | None = None

    @classmethod
    def of(cls, party: StatedParty, met: Met | None, owners: tuple[Owner, ...] | None) -> Self:
        """Ask about a party with what its name meets on the lists, None if nobody can tell."""
        return cls(
            role=party.role,
            name=party.name,
            country=party.country,
            joint_venture=party.joint_venture,
            headquarters=party.headquarters,
            listings=met.listings if met else None,
            doubt=met.doubt if met else None,
            otherwise=met.otherwise if met else (),
            owners=owners,
        )


class Question(Model):
    """``at``: the instant of the export. ``held_against``: the lists that the parties' names were held
    against, for the answer to say; none given, it does not say. ``known_at``: by the law as it was known
    then; None: by all that is known."""

    items: Annotated[tuple[Classified, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    destination: Country
    parties: Annotated[tuple[AskedParty, ...], Field(max_length=MAX_PARTIES)]
    circumstances: Circumstances = Circumstances()
    at: Instant
    held_against: Annotated[tuple[Name, ...], Field(max_length=MAX_LISTINGS)] = ()
    known_at: Instant | None = None


def named(party: AskedParty) -> str:
    return f"the {party.role.replace('_', ' ')} {party.name}"


MAX_NAMED = 5


def met(same: tuple[Listed, ...], alike: tuple[Listed, ...]) -> Met:
    """Of listings under the same name, and under names that are alike, which ones a party is on.

    Alike names on a list that has the party itself are those of its affiliates. Any other may be the party.
    """
    lists = {each.source_list for each in same}
    others = [f"{each.listing} ({each.source.title})" for each in alike if each.source_list not in lists]
    if not others:
        return Met(same)
    more = f" and {len(others) - MAX_NAMED} more" if len(others) > MAX_NAMED else ""
    return Met(same, f"may be {', '.join(others[:MAX_NAMED])}{more}: the names are alike")

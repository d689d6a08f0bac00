"""The matter of an application: the parties, the items, and what is found out about them."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, model_validator

from greenlight.kernel.codes.entered import currency_problem, looked_up, unit_problem
from greenlight.kernel.model import (
    ADDED,
    ADDED_SECOND,
    Acn,
    Classification,
    Country,
    Digest,
    Identifier,
    Model,
    Name,
    PositiveInteger,
    Text,
)
from greenlight.law.application.attachments import Attachments
from greenlight.law.application.circumstances import Circumstances
from greenlight.law.application.ownership import MAX_OWNERS, Address, Contact, Owners

MAX_PARTIES = 50
MAX_PLACES = MAX_PARTIES + MAX_OWNERS + 1
"""Of parties, behind them of their owners, and of whoever a license is to be transferred to."""

MAX_ITEMS = 100


def _unsaid(value: object) -> bool:
    return value is None


class PartyRole(StrEnum):
    """The roles in which a listed entity makes a license necessary (15 CFR 744.11(a), 748.5(c)-(f))."""

    PURCHASER = "purchaser"
    INTERMEDIATE_CONSIGNEE = "intermediate_consignee"
    ULTIMATE_CONSIGNEE = "ultimate_consignee"
    END_USER = "end_user"


class PartyName(Model):
    """A party by its role, name and country: what is held against the lists."""

    role: PartyRole
    name: Name
    country: Country


def _of_a_joint_venture(country: str, info: ValidationInfo) -> str:
    if not info.data.get("joint_venture"):
        raise ValueError("is asked of a joint venture: say that it is one, or leave this out")
    return country


class StatedParty(PartyName):
    """A party with what whoever names it says of its form, by which a general license may cover it.

    Members that came later are left out where they say nothing, so that what was signed keeps its digest.
    """

    joint_venture: Annotated[
        bool | None,
        ADDED_SECOND,
        Field(exclude_if=_unsaid, description="Whether it is a joint venture. Left out: that is not said."),
    ] = None
    headquarters: Annotated[
        Annotated[Country, AfterValidator(_of_a_joint_venture)] | None,
        ADDED_SECOND,
        Field(
            exclude_if=_unsaid,
            description="The country where a joint venture is headquartered. Left out: that is not said.",
        ),
    ] = None

    @property
    def venture_told(self) -> str | None:
        """Whether it is a joint venture, in words; None: nothing is said of it."""
        if not self.joint_venture:
            return None if self.joint_venture is None else "not a joint venture"
        return f"a joint venture, headquartered in {self.headquarters or 'a place that is not said'}"


class Party(StatedParty):
    """A party as the applicant files it, with what is known of it.

    Members that came later are left out where they say nothing, so that what was signed keeps its digest.
    """

    address: Annotated[
        Address | None,
        ADDED,
        Field(exclude_if=_unsaid, description="The postal address, without the country."),
    ] = None
    contact: Annotated[Contact | None, ADDED, Field(exclude_if=_unsaid, description="Whom to ask there.")] = (
        None
    )
    owners: Annotated[
        Owners | None,
        ADDED,
        Field(
            exclude_if=_unsaid,
            description="Who owns it, and who owns those. Left out: nothing is said of it. An empty list:"
            " nobody does, as of a person or an authority.",
        ),
    ] = None

    @property
    def named(self) -> "Party":
        """The party without what else is known of it."""
        if (self.joint_venture, self.address, self.contact, self.owners) == (None, None, None, None):
            return self
        return Party(role=self.role, name=self.name, country=self.country)


def named(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    """Every name that is held against the lists, each at its place: the parties in their order, and behind
    them their owners, party by party, each in the role of whom it owns."""
    return (
        *(party.named for party in parties),
        *(
            Party(role=party.role, name=owner.name, country=owner.country)
            for party in parties
            for owner in party.owners or ()
        ),
    )


def owners_of(parties: tuple[Party, ...], party: int) -> range:
    """The places of the owners of the party at a place."""
    before = len(parties) + sum(len(each.owners or ()) for each in parties[:party])
    return range(before, before + len(parties[party].owners or ()))


def owned(parties: tuple[Party, ...], place: int) -> int | None:
    """The place of the party whose owner is at a place; None: a party is there itself."""
    return next((party for party in range(len(parties)) if place in owners_of(parties, party)), None)


def _within_bounds(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    count = sum(len(party.owners or ()) for party in parties)
    if count > MAX_OWNERS:
        raise ValueError(f"{count} owners; all parties together have at most {MAX_OWNERS}")
    return parties


def _name_a_consignee(parties: tuple[Party, ...]) -> tuple[Party, ...]:
    if not any(party.role is PartyRole.ULTIMATE_CONSIGNEE for party in parties):
        raise ValueError("an ultimate_consignee is required (15 CFR 748.5(e))")
    return parties


Parties = Annotated[
    tuple[Party, ...],
    Field(min_length=1, max_length=MAX_PARTIES),
    AfterValidator(_name_a_consignee),
    AfterValidator(_within_bounds),
]


DESTINED = frozenset({PartyRole.ULTIMATE_CONSIGNEE, PartyRole.END_USER})


def destinations(parties: tuple[Party, ...]) -> frozenset[str]:
    """The countries for which the goods are meant in the end."""
    return frozenset(party.country for party in parties if party.role in DESTINED)


class Money(Model):
    """An amount in minor units (cents for USD) of an ISO 4217 currency.

    At most 10^13, so that sums over an application stay exact.
    """

    minor_units: Annotated[int, Field(gt=0, le=10**13)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), looked_up(currency_problem)]


Unit = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ]{1,40}$"), looked_up(unit_problem)]
"""A unit of measure; where it is entered, one of the Automated Export System (AES), by code or by name."""

Subparagraph = Annotated[str, StringConstraints(pattern=r"^(\.[a-z0-9]{1,3}){1,6}$")]
"""The subparagraph that refines an ECCN: ``.a.1``."""


class Item(Model):
    """A line of the application.

    ``classification`` is an ECCN of five characters or the literal ``EAR99``; ``subparagraph`` refines an
    ECCN (``.a.1``). ``value`` is that of the whole line.
    """

    line: Annotated[int, Field(ge=1, le=MAX_ITEMS)]
    description: Name
    classification: Classification
    subparagraph: Subparagraph | None = None
    quantity: PositiveInteger
    unit: Unit
    value: Money

    @model_validator(mode="after")
    def _ear99_has_no_paragraphs(self) -> Self:
        if self.classification == "EAR99" and self.subparagraph:
            raise ValueError("EAR99 has no subparagraphs")
        return self


class Unclassified(Model):
    """Lines whose ECCN is on no entry of the control tables of a day. It may have been on others: an officer
    says whether it is right (15 CFR 748.3)."""

    lines: Annotated[tuple[int, ...], Field(min_length=1, max_length=MAX_ITEMS)]
    tables_of: date


Items = Annotated[tuple[Item, ...], Field(min_length=1, max_length=MAX_ITEMS)]


class Submission(Model):
    """The application as the applicant files it. ``previous_acn`` cites the case that a resubmission follows
    (748.4(g)).

    Members that came later are left out where they say nothing, so that what was signed keeps its digest.
    """

    applicant: Name
    parties: Parties
    items: Items
    end_use: Text
    all_or_nothing: bool = False
    previous_acn: Acn | None = None
    reference: Annotated[
        Name | None,
        Field(
            description="The applicant's own reference of the transaction, such as a purchase order. It tells"
            " two orders of the same goods for the same parties apart (15 CFR 748.4(f))."
        ),
    ] = None
    circumstances: Annotated[
        Circumstances | None,
        Field(
            exclude_if=_unsaid,
            description="What the applicant certifies of the General Prohibitions (15 CFR 736.2(b)). Left"
            " out: nothing, and the service never finds that no license is required.",
        ),
    ] = None
    reprieve_activity: Annotated[
        Identifier | None,
        Field(
            exclude_if=_unsaid,
            description="The activity of a reprieve, by its key, under which the transaction would fall.",
        ),
    ] = None
    confirmed_eccns: Annotated[
        tuple[int, ...],
        Field(
            max_length=MAX_ITEMS,
            exclude_if=lambda lines: not lines,
            description="Lines whose ECCN is on no entry of the control tables of the day, and right all the"
            " same: it is newer than they are, say. An officer looks at each before it is granted.",
        ),
    ] = ()

    attachments: Annotated[
        Attachments,
        ADDED,
        Field(
            exclude_if=lambda named: not named,
            description="Documents that belong to it, by title, type, size and SHA-256. Their bytes are"
            " brought once it is on record.",
        ),
    ] = ()

    @model_validator(mode="after")
    def _lines_are_distinct(self) -> Self:
        lines = [item.line for item in self.items]
        if len(lines) != len(set(lines)):
            raise ValueError("items: line numbers must be distinct")
        if not set(self.confirmed_eccns) <= set(lines):
            raise ValueError("confirmed_eccns: names a line that is not there")
        return self


FULL_SCORE = 100

MAX_LINE = 300
MAX_LINES = 50

Line = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LINE)]


class Match(Model):
    """A listing that a party's name met, and where the listing is published.

    Published names, citations and policies run longer than a ``Name`` may. ``score`` is in whole points up to
    100, rounded down: what is digested has no fractions. ``pair`` tells this party and this entry as they
    were from all others, None in records from before matches were resolved. ``source_list`` is the slug of
    the list that the entry is on, None in records from before it was told. Members with defaults are left
    out where they say nothing, so that dossiers which have been signed keep their digests.
    """

    listing: Name
    name: Text
    citation: Text
    review_policy: Text
    score: Annotated[int, Field(ge=0, le=FULL_SCORE, exclude_if=lambda score: score == FULL_SCORE)] = (
        FULL_SCORE
    )
    explanation: Annotated[
        tuple[Line, ...],
        Field(max_length=MAX_LINES, exclude_if=lambda lines: not lines, description="What met what."),
    ] = ()
    pair: Annotated[Digest | None, Field(exclude_if=_unsaid)] = None
    source_list: Annotated[Identifier | None, Field(exclude_if=_unsaid)] = None


class Finding(Model):
    """The result of screening the party or owner at ``party`` (its place among all ``named``, from 0).

    ``listed``: the same name stands on the list; ``possible_match``: one that is alike, and an officer is to
    say whether it is the same. ``no_match`` is not "clear": it says that no name on the list as it stood was
    met. ``left_out`` counts matches beyond those that are shown.

    ``could_not_screen`` is tried again, but where it is not ``curable``: no screener can compare that name.
    Where an officer may have to look by hand, there or among what is left out, ``pair`` tells this party as
    written from all others.
    """

    party: Annotated[int, Field(ge=0, lt=MAX_PLACES)]
    outcome: Literal["listed", "possible_match", "no_match", "could_not_screen"]
    matches: tuple[Match, ...] = ()
    left_out: Annotated[int, Field(ge=0, exclude_if=lambda count: count == 0)] = 0
    reason: Text | None = None
    curable: Annotated[bool, Field(exclude_if=bool)] = True
    pair: Annotated[Digest | None, Field(exclude_if=_unsaid)] = None

    @property
    def by_hand(self) -> bool:
        """Only a person can tell who the party is."""
        return self.outcome == "could_not_screen" and not self.curable

    @model_validator(mode="after")
    def _what_is_met_can_be_resolved(self) -> Self:
        if (self.outcome in {"listed", "possible_match"}) != bool(self.matches):
            raise ValueError("a party is listed, or may be, exactly where there are matches")
        alike = (m for m in self.matches if self.outcome == "possible_match" or m.score < FULL_SCORE)
        if any(match.pair is None for match in alike):
            raise ValueError("a possible match without its pair could never be resolved")
        if not self.curable and (self.outcome != "could_not_screen" or self.pair is None):
            raise ValueError("who cannot be screened for good is known by a pair, to be looked up by hand")
        return self


class Screening(Model):
    """One pass over all parties. ``list_version`` is the digest of the list, None if there was none;
    ``record_version`` that of the entries which officers listed on record, None while there was nothing on
    it."""

    list_version: Digest | None
    record_version: Annotated[Digest | None, Field(exclude_if=_unsaid)] = None
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        """Every party was held against the list, but for those whom no other try could compare either."""
        return bool(self.findings) and all(
            finding.outcome != "could_not_screen" or finding.by_hand for finding in self.findings
        )

    def covers(self, parties: Parties) -> bool:
        """There is one finding, and only one, of each of ``parties`` and of each of their owners."""
        return sorted(finding.party for finding in self.findings) == list(range(len(named(parties))))

"""Legal acts on a rule, as somebody attests them: what was done, from when, and how certain that is."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal, Self, get_args

from pydantic import Field, PlainSerializer, model_validator

from greenlight.kernel.codes.entered import looked_up
from greenlight.kernel.model import (
    ADDED_SECOND,
    Classification,
    Country,
    Day,
    Digest,
    Identifier,
    Instant,
    Model,
    Name,
    PositiveInteger,
    Text,
)
from greenlight.kernel.time.calendar import end_of_day
from greenlight.law.review import ReviewPolicy
from greenlight.law.sources import list_problem


class ActKind(StrEnum):
    """``suspended``: stayed, too; once more is an extension. ``not_enforced``: the text stands and the agency
    has announced that it does not go by it."""

    ADOPTED = "adopted"
    AMENDED = "amended"
    SUSPENDED = "suspended"
    REINSTATED = "reinstated"
    NOT_ENFORCED = "not_enforced"
    WITHDRAWN = "withdrawn"


class Certainty(StrEnum):
    """The source that was read: the act itself, what others wrote of it, or neither."""

    PRIMARY = "primary"
    SECOND_HAND = "second_hand"
    UNVERIFIED = "unverified"


ENDING = frozenset({ActKind.ADOPTED, ActKind.AMENDED, ActKind.SUSPENDED})
"""Acts that may have a last day: of a temporary general license, or of a suspension."""


class Act(Model):
    """A legal act. It counts from ``effective``, whenever it was ``filed`` for public inspection and
    ``published``; with ``valid_through`` to the midnight in Washington that ends that day."""

    kind: Annotated[ActKind, Field(description="What was done.", examples=["suspended"])]
    citation: Annotated[Name, Field(description="Where it is printed.", examples=["90 FR 50857"])]
    filed: Annotated[Instant | None, Field(description="When it was filed for public inspection.")] = None
    published: Annotated[Instant | None, Field(description="When it was printed.")] = None
    effective: Annotated[Instant, Field(description="From when it counts.")]
    valid_through: Annotated[Day | None, Field(description="Its last day, if it has one.")] = None
    certainty: Annotated[
        Certainty,
        Field(
            description="The source that was read: the act itself, what others wrote of it, or neither.",
            examples=["primary"],
        ),
    ]
    text: Annotated[Text, Field(description="What it says.", examples=["Suspended for a year."])]

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_through is not None and self.kind not in ENDING:
            raise ValueError(f"valid_through: {self.kind} has no last day")
        if self.valid_through is not None and end_of_day(self.valid_through) <= self.effective:
            raise ValueError("valid_through: it would be over before it begins")
        return self

    @property
    def end(self) -> datetime | None:
        """The first instant after its last day."""
        return None if self.valid_through is None else end_of_day(self.valid_through)

    @property
    def public(self) -> datetime | None:
        """The instant from which it can be read, filed or printed; None: nobody says. Until it is filed for
        public inspection it has no effect on anybody (44 U.S.C. 1507)."""
        return min(filter(None, (self.filed, self.published)), default=None)


class Attestation(Model):
    """Somebody's word that there was such an act, which answers rest on from ``known`` on.

    ``corrects``: the attestation in whose place it is; without ``act``, that one is taken back.
    """

    number: PositiveInteger
    act: Act | None
    known: Instant
    corrects: PositiveInteger | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.act is None and self.corrects is None:
            raise ValueError("act: what is attested, or corrects: what is taken back")
        return self


def _unsaid(value: object) -> bool:
    return value is None


Countries = Annotated[frozenset[Country], PlainSerializer(sorted, return_type=list[str], when_used="json")]


class Tagged(Model):
    """A member of a union by ``kind``, which is said also where only what was set is told."""

    @model_validator(mode="after")
    def _kind_is_said(self) -> Self:
        self.model_fields_set.add("kind")
        return self


class Affiliates(Tagged):
    """Entities that listed ones own for the half or more are treated as they are (15 CFR 744.11(a)(1))."""

    kind: Literal["affiliates"] = "affiliates"


class JointVentures(Model):
    """Joint ventures that a general license covers, wherever the goods go: those headquartered in one of the
    license's countries, or of these. ``provided``: what it asks of them besides, which is not asked here."""

    headquartered: Countries
    provided: Annotated[Text | None, ADDED_SECOND, Field(exclude_if=_unsaid)] = None

    @property
    def where(self) -> str:
        """Where they are headquartered, in words."""
        besides = "".join(f" or {country}" for country in sorted(self.headquartered))
        return f"headquartered in one of its countries{besides}"


class GeneralLicense(Tagged):
    """A temporary general license waives what the rule of that key requires, for parties in ``countries``,
    and for ``joint_ventures``. ``otherwise``: whom it covers besides, which is not asked about here.

    Members that came later are left out where they say nothing, so that what was signed keeps its digest.
    """

    kind: Literal["general_license"] = "general_license"
    rule: Identifier
    countries: Countries
    joint_ventures: Annotated[JointVentures | None, ADDED_SECOND, Field(exclude_if=_unsaid)] = None
    otherwise: Annotated[Text | None, ADDED_SECOND, Field(exclude_if=_unsaid)] = None


class Entries(Tagged):
    """Entries of the Commerce Control List."""

    kind: Literal["entries"] = "entries"
    entries: Annotated[tuple[Name, ...], Field(min_length=1, max_length=1_000)]


class Places(Tagged):
    """Rows of the Country Chart or of the Country Groups."""

    kind: Literal["places"] = "places"
    countries: Countries


class Printed(Tagged):
    """A version of the control tables: by the day whose law it prints, and the digest of its files. It is
    asked, of its own day and those after it, once it is confirmed."""

    kind: Literal["tables"] = "tables"
    issued: Day
    version: Digest

    @property
    def key(self) -> str:
        """The key of the rule by which it is on record, which no other rule has."""
        return f"controls-{self.issued}-{self.version.removeprefix('sha256:')[:12]}"


class OnList(Model):
    """The parties on one of the lists, by its slug, such as ``entity-list``; with ``footnote`` those whose
    printed license requirement bears it, such as 4."""

    source_list: Annotated[Identifier, looked_up(list_problem)]
    footnote: Annotated[int, Field(ge=1, le=9)] | None = None


class Reviewed(Tagged):
    """Applications are reviewed under ``policy`` that are for goods of one of ``entries`` of the Commerce
    Control List, with a party on one of ``listings``, to one of ``countries``. Of the three those that are
    not given do not matter. ``certify``: what the applicant has to certify."""

    kind: Literal["review_policy"] = "review_policy"
    entries: Annotated[tuple[Classification, ...], Field(max_length=1_000)] = ()
    listings: Annotated[tuple[OnList, ...], Field(max_length=100)] = ()
    countries: Countries = frozenset()
    policy: ReviewPolicy
    certify: Text | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> Self:
        if not self.entries and not self.listings:
            raise ValueError("entries or listings: a policy is about one of them at least")
        return self


KEY_OF_TABLES: Final = re.compile(r"controls-\d{4}-\d{2}-\d{2}-[0-9a-f]{12}")
"""The form of the key of a version of the control tables."""


KEY_OF_AFFILIATES: Final = "affiliates"
"""The key of the rule about affiliates. There is one: of two, answers could rest on either."""

_Matter = Affiliates | GeneralLicense | Entries | Places | Printed | Reviewed

KINDS: Final[tuple[str, ...]] = tuple(each.model_fields["kind"].default for each in get_args(_Matter))

Governed = Annotated[_Matter, Field(discriminator="kind")]
"""The matter of a rule."""

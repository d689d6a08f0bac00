"""The input of a screening and its output: one finding for each party, as plain values."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from greenlight.screening.book import Citation, Country, Key, Name, Slug, Text

MAX_MATCHES = 50
MAX_LINE = 600

Outcome = Literal["listed", "possible_match", "no_match", "could_not_screen"]
Line = Annotated[str, StringConstraints(max_length=MAX_LINE)]
Role = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ScreenedParty(_Model):
    """A party to a transaction (15 CFR 748.5) by its name; role and ordinal come back unchanged.

    Country and address are evidence beside the name: they are told in explanations and order matches, but
    never make a match, or undo one.
    """

    role: Role
    ordinal: Annotated[int, Field(ge=0)]
    name: Name
    country: Country | None = None
    address: Text | None = None


class Match(_Model):
    """A listing in force whose name is the party's, or like it, and what follows from it.

    `source_list` is the list that the entry is on. `same_name` says that both names are the same once
    normalised. The score goes from 0 to 100 (`compare`). The explanation repeats words of the party's name,
    which is confidential (50 U.S.C. 4820(h)).
    """

    listing: Key
    source_list: Slug
    matched_name: Name
    matched_as: Literal["name", "alias"]
    alias_source: Text | None = None
    same_name: bool
    score: Annotated[float, Field(ge=0, le=100)]
    explanation: Annotated[tuple[Line, ...], Field(max_length=100)]
    citation: Citation
    license_requirement: Text
    review_policy: Text
    terms_citation: Citation
    note: Text | None = None


class Finding(_Model):
    """The findings of one version of one list about one party.

    `listed` is the same name once normalised, `possible_match` one that only reaches the threshold. There is
    no word for a party that is clear: `no_match` says that nothing like this name is on this list, no more.
    `curable` says of `could_not_screen` that the screener can try again; where it is False the name itself
    cannot be compared, and only a person can tell who the party is.
    """

    role: Role
    ordinal: Annotated[int, Field(ge=0)]
    list_id: Slug
    list_version: str
    outcome: Outcome
    matches: Annotated[tuple[Match, ...], Field(max_length=MAX_MATCHES)] = ()
    matches_left_out: Annotated[int, Field(ge=0)] = 0
    reason: Text | None = None
    curable: bool = True

    @model_validator(mode="after")
    def _outcome_is_borne_out(self) -> Self:
        if (self.outcome in ("listed", "possible_match")) != bool(self.matches):
            raise ValueError("a finding has matches exactly when it is listed or a possible match")
        if (self.outcome == "listed") != any(match.same_name for match in self.matches):
            raise ValueError("a finding is listed exactly when a match has the same name")
        if (self.outcome == "could_not_screen") != (self.reason is not None):
            raise ValueError("a finding has a reason exactly when the party could not be screened")
        if not self.curable and self.outcome != "could_not_screen":
            raise ValueError("only who could not be screened can be past cure")
        return self

"""What goes into a screening and what comes out of it: one finding for each party, as plain values."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from screening.book import Citation, Name, Slug, Text

MAX_MATCHES = 50

Outcome = Literal["listed", "no_match", "could_not_screen"]
Role = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ScreenedParty(_Model):
    """A party to a transaction (15 CFR 748.5) by its name; role and ordinal come back unchanged."""

    role: Role
    ordinal: Annotated[int, Field(ge=0)]
    name: Name


class Match(_Model):
    """A listing in force that has the party's name, and what follows from it."""

    listing: Slug
    matched_name: Name
    matched_as: Literal["name", "alias"]
    alias_source: Text | None = None
    citation: Citation
    license_requirement: Text
    review_policy: Text
    terms_citation: Citation
    note: Text | None = None


class Finding(_Model):
    """What one version of one list says about one party.

    There is no word for a party that is clear: `no_match` says that this name is not on this list, no more.
    """

    role: Role
    ordinal: Annotated[int, Field(ge=0)]
    list_id: Slug
    list_version: str
    outcome: Outcome
    matches: Annotated[tuple[Match, ...], Field(max_length=MAX_MATCHES)] = ()
    matches_left_out: Annotated[int, Field(ge=0)] = 0
    reason: Text | None = None

    @model_validator(mode="after")
    def _outcome_is_borne_out(self) -> Self:
        if (self.outcome == "listed") != bool(self.matches):
            raise ValueError("a finding is listed exactly when it has matches")
        if (self.outcome == "could_not_screen") != (self.reason is not None):
            raise ValueError("a finding has a reason exactly when the party could not be screened")
        return self

"""The commands that a listed entity takes. Names are imperatives; each model is the body of one command.

An executive sends them for the End-User Review Committee, with its votes.
"""

from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Instant, Name, PositiveInteger, Text
from greenlight.kernel.roles import Role
from greenlight.law.entity.committee import Votes
from greenlight.law.entity.listing import Affiliates, Aliases, Amendment, Countries, ReviewPolicy
from greenlight.law.screening_list.content import Count


class ListEntity(Body, by={Role.EXECUTIVE}, starts=True, short="list"):
    """Add an entity to the Entity List, with its affiliates. Without ``effective``: from now on."""

    name: Name
    aliases: Aliases = ()
    affiliates: Affiliates = ()
    countries: Countries
    license_requirement: Text
    review_policy: ReviewPolicy
    citation: Name
    effective: Instant | None = None
    votes: Votes


class AmendListing(Body, by={Role.EXECUTIVE}, decision=True, short="amend"):
    """Let the entry say something else from an instant on; without ``effective``, from now on."""

    amendment: Amendment
    citation: Name
    effective: Instant | None = None
    reasons: Text
    votes: Votes


class RemoveListing(Body, by={Role.EXECUTIVE}, decision=True, short="remove"):
    """Remove the entity from the list, for good. A removal to come takes the place of an earlier one."""

    citation: Name
    effective: Instant | None = None
    reasons: Text
    votes: Votes


class CompleteRescreening(Body, by=SERVICE):
    """Every open case and license was held against what counts since change ``number``: so many ``cases``
    with ``parties``, of which ``differing`` recorded that something else is found. Never sent from outside.
    """

    number: PositiveInteger
    cases: Count
    parties: Count
    differing: Count


COMMANDS = commands(ListEntity, AmendListing, RemoveListing)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(CompleteRescreening)
"""Commands that only the service gives itself."""

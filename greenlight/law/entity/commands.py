"""The commands that a listed entity takes. Names are imperatives; each model is the body of one command.

An executive puts what is to be ordered before the End-User Review Committee, and each department votes on it
by a command of its own. What carries takes effect with the vote that carries it.
"""

from typing import Annotated

from pydantic import Field

from greenlight.kernel.body import SERVICE, Body, commands
from greenlight.kernel.model import Instant, Name, PositiveInteger, Text
from greenlight.kernel.option import Option, Reasons
from greenlight.kernel.roles import Role
from greenlight.law.entity.committee import Vote
from greenlight.law.entity.listing import Affiliates, Aliases, Amendment, Countries
from greenlight.law.review import ReviewPolicy
from greenlight.law.screening_list.content import Count


class ListEntity(Body, by={Role.EXECUTIVE}, starts=True, short="list"):
    """Move to add an entity to the Entity List, with affiliates; without ``effective``, once it carries."""

    name: Name
    aliases: Aliases = ()
    affiliates: Affiliates = ()
    countries: Countries
    license_requirement: Text
    review_policy: ReviewPolicy
    citation: Name
    effective: Instant | None = None


class AmendListing(Body, by={Role.EXECUTIVE}, decision=True, short="amend"):
    """Move to let the entry say something else from an instant on; without ``effective``, once it carries."""

    amendment: Amendment
    citation: Name
    effective: Instant | None = None
    reasons: Text


class RemoveListing(Body, by={Role.EXECUTIVE}, decision=True, short="remove"):
    """Move to remove the entity from the list, for good. It takes the place of an earlier removal to come."""

    citation: Name
    effective: Instant | None = None
    reasons: Text


class CastVote(Body, by={Role.ERC_MEMBER}, decision=True, short="vote"):
    """Vote on the open motion for your department (Supplement No. 5 to Part 744). It is decided as soon as
    it carries, or cannot carry any more."""

    vote: Annotated[Vote, Field(description="What your department says."), Option(argument=True)]


class WithdrawMotion(Body, by={Role.EXECUTIVE}, short="withdraw"):
    """Take the open motion back, before it is decided."""

    reasons: Reasons


class CompleteRescreening(Body, by=SERVICE):
    """Every open case and license was held against what counts since change ``number``: so many ``cases``
    with ``parties``, of which ``differing`` recorded that something else is found. Never sent from outside.
    """

    number: PositiveInteger
    cases: Count
    parties: Count
    differing: Count


COMMANDS = commands(ListEntity, AmendListing, RemoveListing, CastVote, WithdrawMotion)
"""Commands that come from outside, by the name of their update and signal."""

INTERNAL = commands(CompleteRescreening)
"""Commands that only the service gives itself."""

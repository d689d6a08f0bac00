"""The Affiliates Rule: the half or more, directly or indirectly, added up, and when it was in force."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from greenlight.law.application.ownership import MAX_DEPTH
from greenlight.law.determination.affiliates import owned_by_listed
from greenlight.law.determination.named import NamedParty
from greenlight.law.determination.question import Listed, Owner
from greenlight.law.determination.reason import Outcome
from tests.law.determination.cases import AT, HUAWEI, RULE, ask, party


def owner(share: int | None, *listings: Listed, owners: tuple[Owner, ...] = ()) -> Owner:
    return Owner(name="An owner", share=share, listings=listings, owners=owners)


LISTED = HUAWEI
UNSCREENED = Owner(name="Nobody looked", share=5_000)


def test_what_clears_is_told_with_what_it_leaves_out() -> None:
    at = datetime(2025, 10, 15, 12, tzinfo=UTC)

    def told(*owners: Owner, at: datetime = at) -> str:
        found = ask("EAR99", "CN", party(owners=owners), at=at)
        assert found.outcome is Outcome.NOT_REQUIRED
        (cleared,) = found.cleared
        return f"{cleared.text} [{cleared.citation}]"

    other, unlisted = owner(None), owner(10_000)
    assert "what is given" not in told(unlisted)
    assert "red flag" not in told(unlisted)
    some = told(owner(4_999, LISTED))
    assert "of what is given: shares of 49.99 % are; but listed entities own some of it" in some
    assert "red flag by the rule: An owner" in some
    assert "the share of An owner is not known" in told(owner(3_000, LISTED), other)
    assert "red flag" in told(owner(10_000, owners=(owner(10, LISTED),)))
    last = told(owner(5_000, LISTED), at=datetime(2026, 11, 9, 12, tzinfo=UTC))
    assert "suspended through 9 Nov 2026; after that the answer may be another" in last
    assert "90 FR 50857 (second-hand)" in last


@pytest.mark.parametrize(
    ("owners", "owned"),
    [
        ((), False),
        ((owner(5_000, LISTED),), True),
        ((owner(4_999, LISTED),), False),
        ((owner(10_000),), False),
        # In the aggregate.
        ((owner(2_500, LISTED), owner(2_500, LISTED)), True),
        ((owner(2_500, LISTED), owner(2_499, LISTED)), False),
        ((owner(2_500, LISTED), owner(5_000)), False),
        # Indirectly: an owner that they own for the half counts in full, one that they do not, not at all.
        ((owner(5_000, owners=(owner(5_000, LISTED),)),), True),
        ((owner(9_000, owners=(owner(4_999, LISTED),)),), False),
        ((owner(2_500, LISTED), owner(2_500, owners=(owner(10_000, LISTED),))), True),
        # Too little is known, and it matters, or does not.
        ((owner(None, LISTED),), None),
        # Nobody owns more than all: what is not known is what is left of it, for all of those together.
        ((owner(6_000), owner(None, LISTED)), False),
        ((owner(5_000), owner(None, LISTED)), None),
        ((owner(10_000), owner(None, LISTED)), False),
        ((owner(6_000), owner(None, LISTED), owner(None, LISTED)), False),
        ((owner(4_000), owner(2_000, LISTED), owner(None, LISTED)), None),
        ((owner(5_001), owner(2_000, LISTED), owner(None, LISTED)), False),
        ((UNSCREENED,), None),
        ((UNSCREENED, owner(5_000, LISTED)), True),
        ((owner(4_999, owners=(UNSCREENED,)),), False),
        ((owner(None), owner(4_999, LISTED)), False),
        ((owner(1, LISTED), Owner(name="Small", share=4_998)), False),
        ((owner(2, LISTED), Owner(name="Small", share=4_998)), None),
    ],
)
def test_shares_of_owners_that_count_are_added_up(owners: tuple[Owner, ...], owned: bool | None) -> None:
    assert owned_by_listed(owners) is owned


def test_only_owners_on_the_lists_of_the_rule_count() -> None:
    other = HUAWEI.model_copy(update={"source_list": "unverified"})
    assert owned_by_listed((owner(10_000, other),)) is False


def test_an_affiliate_needs_a_license_as_its_owner_does_while_the_rule_is_in_force() -> None:
    affiliate = party(owners=(owner(5_000, LISTED),), country="CA")
    found = ask("EAR99", "CA", affiliate, at=RULE)
    assert found.outcome is Outcome.REQUIRED
    assert found.of("required")[0].listing == "huawei-technologies"
    assert "90 FR 47201" in found.of("required")[0].citation
    assert not found.exceptions.remain
    assert [each.text for each in found.review] == ["Presumption of denial"]

    suspended = ask("EAR99", "CA", affiliate, at=AT)
    assert suspended.outcome is Outcome.NOT_REQUIRED
    assert suspended.review == ()
    assert any("not in force" in reason.text for reason in suspended.of("clear"))


def test_ownership_that_cannot_be_found_out_leaves_it_open_and_none_given_is_said_not_to_be_asked() -> None:
    unknown = party(owners=(owner(None, LISTED),), country="CA")
    assert ask("EAR99", "CA", unknown, at=RULE).outcome is Outcome.CANNOT_DETERMINE
    not_given = ask("EAR99", "CA", party(country="CA"), at=RULE)
    assert not_given.outcome is Outcome.NOT_REQUIRED
    assert not_given.not_asked == ("Who owns the end user A company: nothing is given of it",)
    assert ask("EAR99", "CA", party(country="CA", owners=()), at=RULE).not_asked == ()


def test_an_owner_for_whom_no_share_is_left_gives_no_posture() -> None:
    owners = (owner(10_000, LISTED), owner(None, HUAWEI.model_copy(update={"listing": "other"})))
    found = ask("EAR99", "CA", party(owners=owners, country="CA"), at=RULE)
    assert [each.listing for each in found.of("required")] == [LISTED.listing]
    assert len(found.review) == 1


def test_an_owner_on_a_list_whose_words_are_not_read_leaves_it_open() -> None:
    sdn = HUAWEI.model_copy(update={"source_list": "sdn", "license_requirement": None})
    owned = party(owners=(owner(10_000, sdn),), country="CA")
    assert ask("EAR99", "CA", owned, at=RULE).outcome is Outcome.CANNOT_DETERMINE


def test_a_chain_of_owners_has_an_end() -> None:
    chain = owner(5_000)
    for _ in range(MAX_DEPTH - 1):
        chain = owner(5_000, owners=(chain,))
    with pytest.raises(ValueError, match="at most 8"):
        owner(5_000, owners=(chain,))


def test_who_asks_names_an_owner_once_of_whom_it_owns_and_no_more_than_all() -> None:
    def asking(*owners: Mapping[str, object]) -> NamedParty:
        said = {"role": "end_user", "name": "Some Company", "country": "CN", "owners": owners}
        return NamedParty.model_validate(said)

    one, other = {"name": "One Holding", "share": 6_000}, {"name": "Other Holding", "share": 4_000}
    assert asking(one, other, {**one, "through": 2}).owners
    with pytest.raises(ValueError, match="owner 2: the shares of the party come to more than 100 %"):
        asking(one, {**other, "share": 4_001})
    with pytest.raises(ValueError, match="owner 3: is owner 1 again; give its whole share once"):
        asking({**one, "share": 2_000}, other, {"name": "ONE HOLDING", "share": None})

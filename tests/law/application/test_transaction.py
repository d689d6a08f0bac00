"""When two applications are about the same transaction: 15 CFR 748.4(f)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.law.application.dossier import Item, Money, Parties, Party, PartyRole, Submission
from greenlight.law.application.state import ApplicationState, Stage
from greenlight.law.application.transaction import pending, pending_transaction, transaction_digest
from tests.law.application.cases import (
    CONSIGNEE,
    OTHER_PARTIES,
    PURCHASER,
    before_president,
    item,
    submission,
    submitted,
)
from tests.law.application.stories import EXISTING, Story
from tests.law.properties import QUICK

FILED = submission(item(1), item(2, classification="5A991", cents=5_00), reference="Order 17")


def digest(filed: Submission, parties: Parties | None = None, organisation: str | None = None) -> str:
    state = submitted(filed).opened
    by = state.submitted_by
    return transaction_digest(
        state.model_copy(
            update={
                "parties": parties or state.parties,
                "submitted_by": by.model_copy(update={"organisation": organisation or by.organisation}),
            }
        )
    )


def first_item(**changes: object) -> Submission:
    changed = FILED.items[0].model_copy(update=changes)
    return FILED.model_copy(update={"items": (changed, *FILED.items[1:])})


def first_party(**changes: object) -> Submission:
    return FILED.model_copy(update={"parties": (PURCHASER, CONSIGNEE.model_copy(update=changes))})


def as_intermediary(party: Party) -> Party:
    return party.model_copy(update={"role": PartyRole.INTERMEDIATE_CONSIGNEE})


@pytest.mark.parametrize(
    "same",
    [
        FILED.model_copy(update={"end_use": "Spare parts"}),
        FILED.model_copy(update={"applicant": "Example Networks, Inc."}),
        FILED.model_copy(update={"all_or_nothing": True}),
        FILED.model_copy(update={"previous_acn": "Z000009"}),
        FILED.model_copy(update={"reference": " order\n17 "}),
        FILED.model_copy(update={"items": FILED.items[::-1]}),
        FILED.model_copy(update={"parties": FILED.parties[::-1]}),
        FILED.model_copy(update={"parties": (*FILED.parties, PURCHASER)}),
        first_item(line=7),
        first_item(description="BASE  station"),
        first_item(unit=" pieces "),
        first_item(unit="PCS"),
        first_party(name="LIGHTHOUSE\tTelecom  as "),
        first_party(name="Ｌｉｇｈｔｈｏｕｓｅ Telecom AS"),
    ],
)
def test_what_does_not_make_another_transaction(same: Submission) -> None:
    assert digest(same) == digest(FILED)


@pytest.mark.parametrize(
    "other",
    [
        FILED.model_copy(update={"reference": "Order 18"}),
        FILED.model_copy(update={"reference": None}),
        FILED.model_copy(update={"items": FILED.items[:1]}),
        FILED.model_copy(update={"items": (*FILED.items, item(3))}),
        first_item(description="Base stations"),
        first_item(classification="5A991"),
        first_item(quantity=11),
        first_item(unit="boxes"),
        first_item(value=Money(minor_units=100_000_01, currency="USD")),
        first_item(value=Money(minor_units=100_000_00, currency="EUR")),
        FILED.model_copy(update={"parties": FILED.parties[1:]}),
        first_party(name="Lighthouse Telekom AS"),
        first_party(country="SE"),
        FILED.model_copy(update={"parties": (as_intermediary(PURCHASER), CONSIGNEE)}),
    ],
)
def test_what_makes_another_transaction(other: Submission) -> None:
    assert digest(other) != digest(FILED)


def test_a_paragraph_of_the_control_list_makes_another_transaction() -> None:
    second = FILED.items[1].model_copy(update={"subparagraph": ".b"})
    assert digest(FILED.model_copy(update={"items": (FILED.items[0], second)})) != digest(FILED)


def test_the_parties_are_those_that_stand_now() -> None:
    answered = submitted(FILED).screened().inquired().answered(OTHER_PARTIES).opened
    assert transaction_digest(answered) == digest(FILED.model_copy(update={"parties": OTHER_PARTIES}))
    assert transaction_digest(answered) != digest(FILED)


def test_another_organisation_has_a_transaction_of_its_own() -> None:
    assert digest(FILED, organisation="globex") != digest(FILED)


words = st.text(st.sampled_from("aÉßﬁ漢 Ａ\t"), min_size=1, max_size=8)
parties = st.lists(
    st.builds(
        Party, role=st.sampled_from(PartyRole), name=words, country=st.sampled_from(["CN", "FI", "NO"])
    ),
    min_size=1,
    max_size=4,
)
items = st.lists(
    st.builds(
        Item,
        line=st.just(1),
        description=words,
        classification=st.sampled_from(["EAR99", "5A991"]),
        quantity=st.integers(1, 3),
        unit=st.just("pieces"),
        value=st.builds(Money, minor_units=st.integers(1, 3), currency=st.just("USD")),
    ),
    min_size=1,
    max_size=4,
)


def rewritten(text: str) -> str:
    """As somebody else may type it."""
    return f" {text.swapcase()}".replace(" ", " \t ")


@QUICK
@given(parties, items, st.none() | words, st.randoms(use_true_random=False))
def test_how_it_is_written_down_does_not_matter(
    named: list[Party], goods: list[Item], reference: str | None, chance: random.Random
) -> None:
    mixed = [party.model_copy(update={"name": rewritten(party.name)}) for party in named]
    shuffled = [each.model_copy(update={"description": rewritten(each.description)}) for each in goods]
    chance.shuffle(mixed)
    chance.shuffle(shuffled)
    first = FILED.model_copy(update={"reference": reference, "items": numbered(goods)})
    again = FILED.model_copy(
        update={
            "reference": None if reference is None else rewritten(reference),
            "items": numbered(shuffled),
            "end_use": "Another.",
        }
    )
    assert digest(first, tuple(named)) == digest(again, tuple(mixed))


@QUICK
@given(parties, items, st.integers(0, 3), st.integers(0, 3))
def test_any_other_change_does(named: list[Party], goods: list[Item], place: int, which: int) -> None:
    before = digest(FILED.model_copy(update={"items": numbered(goods)}), tuple(named))
    chosen = goods[place % len(goods)]
    changes: tuple[dict[str, object], ...] = (
        {"quantity": chosen.quantity + 1},
        {"description": f"{chosen.description}x"},
        {"classification": "EAR99" if chosen.classification == "5A991" else "5A991"},
        {"value": Money(minor_units=chosen.value.minor_units + 1, currency="USD")},
    )
    goods[place % len(goods)] = chosen.model_copy(update=changes[which])
    assert digest(FILED.model_copy(update={"items": numbered(goods)}), tuple(named)) != before


def numbered(goods: list[Item]) -> tuple[Item, ...]:
    return tuple(each.model_copy(update={"line": number}) for number, each in enumerate(goods, start=1))


@pytest.mark.parametrize("story", EXISTING.values(), ids=EXISTING)
def test_an_open_case_keeps_its_transaction_and_a_closed_one_gives_it_up(story: Story) -> None:
    state: ApplicationState = story().opened
    ended = {"granted", "denied", "finally_denied", "returned", "withdrawn"}
    assert pending(state) == (state.stage not in ended)
    assert pending_transaction(state) == (transaction_digest(state) if pending(state) else None)


def test_before_the_president_a_case_is_pending_still() -> None:
    assert before_president().opened.stage is Stage.PRESIDENT
    assert pending(before_president().opened)

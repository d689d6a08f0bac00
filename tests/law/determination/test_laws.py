"""What holds of every question: more against it never helps, and less knowledge never clears it."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from greenlight.law.application.dossier import PartyRole
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.question import (
    AskedParty,
    Circumstances,
    Classified,
    Listed,
    Owner,
    Question,
)
from greenlight.law.determination.reason import Outcome
from greenlight.reference.rules import load_rules
from tests.law.determination.cases import ALL_ITEMS, AT, ENTRIES, NOBODY_KNOWS, RULE, TABLES, party
from tests.law.properties import QUICK

paragraphs = st.sampled_from([None, ".a", ".b", ".d.1", ".y"])
items = st.one_of(
    st.just(Classified(classification="EAR99")),
    st.builds(
        Classified,
        classification=st.sampled_from([each.eccn for each in ENTRIES]),
        subparagraph=paragraphs,
    ),
)
listings = st.builds(
    Listed,
    listing=st.sampled_from(["one", "two"]),
    source_list=st.sampled_from(["entity-list", "denied-persons", "unverified", "sdn", "new"]),
    license_requirement=st.sampled_from([None, ALL_ITEMS, "For all items on the CCL", "For some items"]),
    review_policy=st.sampled_from([None, "Presumption of denial", "Case-by-case"]),
    citation=st.just("90 FR 1"),
)
met = st.lists(listings, max_size=2).map(tuple)
shares = st.none() | st.integers(0, 10_000)
leaves = st.builds(Owner, name=st.just("Owner"), share=shares, listings=st.none() | met)
owners = st.lists(
    st.builds(
        Owner,
        name=st.just("Owner"),
        share=shares,
        listings=st.none() | met,
        owners=st.lists(leaves, max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)
AMERICAN: dict[str, object] = {"joint_venture": True, "headquarters": "US"}
NO_VENTURE: dict[str, object] = {"joint_venture": False, "headquarters": None}
UNSAID: dict[str, object] = {"joint_venture": None, "headquarters": None}
FORMS = (UNSAID, NO_VENTURE, AMERICAN, AMERICAN | {"headquarters": None}, AMERICAN | {"headquarters": "CN"})
parties = st.builds(
    AskedParty,
    role=st.just(PartyRole.END_USER),
    name=st.just("A company"),
    country=st.sampled_from(["CN", "CA", "IR"]),
    listings=st.none() | met,
    owners=st.none() | owners,
).flatmap(lambda party: st.sampled_from([party.model_copy(update=form) for form in FORMS]))
# Mostly answered with no, or nothing would ever be not required.
answers = st.sampled_from([False] * 18 + [None, True])
circumstances = st.fixed_dictionaries(dict.fromkeys(Circumstances.model_fields, answers)).map(
    lambda given: Circumstances(**given)
)
questions = st.builds(
    Question,
    items=st.lists(items, min_size=1, max_size=2).map(tuple),
    destination=st.sampled_from([*TABLES.destinations, "AQ"]),
    parties=st.lists(parties, max_size=2).map(tuple),
    circumstances=circumstances,
    at=st.sampled_from([AT, RULE, NOBODY_KNOWS]),
)

_GRAVITY = {Outcome.NOT_REQUIRED: 0, Outcome.CANNOT_DETERMINE: 1, Outcome.REQUIRED: 2}


def outcome(question: Question) -> Outcome:
    return determine(question, TABLES, load_rules()).outcome


def worse(question: Question, **changes: object) -> bool:
    """Whether the question so changed is answered at least as gravely."""
    changed = question.model_copy(update=changes)
    return _GRAVITY[outcome(changed)] >= _GRAVITY[outcome(question)]


def each_party(question: Question, change: Callable[[AskedParty], AskedParty]) -> dict[str, object]:
    return {"parties": tuple(map(change, question.parties))}


@QUICK
@given(questions, listings)
def test_a_listing_more_never_makes_it_lighter(question: Question, listed: Listed) -> None:
    if question.parties and all(each.listings is not None for each in question.parties):
        assert worse(
            question,
            **each_party(
                question, lambda each: each.model_copy(update={"listings": (*(each.listings or ()), listed)})
            ),
        )


@QUICK
@given(questions, items)
def test_an_item_more_never_makes_it_lighter(question: Question, item: Classified) -> None:
    assert worse(question, items=(*question.items, item))


@QUICK
@given(questions, parties)
def test_a_party_more_never_makes_it_lighter(question: Question, party: AskedParty) -> None:
    if question.parties:
        assert worse(question, parties=(*question.parties, party))


def less_known(question: Question) -> list[Question]:
    """The question with one thing less known, in every way."""
    less = [
        question.model_copy(update={"circumstances": question.circumstances.model_copy(update={name: None})})
        for name in Circumstances.model_fields
    ]
    bare = tuple(item.model_copy(update={"subparagraph": None}) for item in question.items)
    less.append(question.model_copy(update={"items": bare}))
    changes: tuple[Callable[[AskedParty], AskedParty], ...] = (
        lambda each: each.model_copy(update={"listings": None}),
        lambda each: each.model_copy(
            update={
                "owners": None
                if each.owners is None
                else tuple(owner.model_copy(update={"share": None}) for owner in each.owners)
            }
        ),
        lambda each: each.model_copy(
            update={
                "owners": None
                if each.owners is None
                else tuple(owner.model_copy(update={"listings": None}) for owner in each.owners)
            }
        ),
    )
    return less + [question.model_copy(update=each_party(question, change)) for change in changes]


@QUICK
@given(questions)
def test_less_knowledge_never_yields_not_required(question: Question) -> None:
    if outcome(question) is not Outcome.NOT_REQUIRED:
        assert all(outcome(less) is not Outcome.NOT_REQUIRED for less in less_known(question))


@QUICK
@given(questions)
def test_the_answer_is_borne_out_by_its_reasons(question: Question) -> None:
    found = determine(question, TABLES, load_rules())
    effects = {reason.effect for reason in found.reasons}
    assert (found.outcome is Outcome.REQUIRED) == ("required" in effects)
    assert (found.outcome is Outcome.NOT_REQUIRED) == (effects == {"clear"})
    assert all(reason.citation and reason.text for reason in found.reasons)


@QUICK
@given(questions)
def test_an_entity_listed_for_everything_leaves_no_exception(question: Question) -> None:
    listed = Listed(listing="one", license_requirement=ALL_ITEMS, citation="90 FR 1")
    found = determine(question.model_copy(update={"parties": (party(listed),)}), TABLES, load_rules())
    assert found.outcome is Outcome.REQUIRED
    assert not found.exceptions.remain


def formed(question: Question, form: dict[str, object]) -> Determination:
    """The answer, if that is said of the form of all parties."""
    said = question.model_copy(update=each_party(question, lambda each: each.model_copy(update=form)))
    return determine(said, TABLES, load_rules())


@QUICK
@given(questions)
def test_what_may_be_waived_is_or_is_not_once_it_is_said_and_what_is_required_stays(
    question: Question,
) -> None:
    unsaid, yes, no = (formed(question, form) for form in (UNSAID, AMERICAN, NO_VENTURE))
    assert unsaid.outcome is yes.outcome is no.outcome, "a general license waives what is required"
    assert not [reason for found in (yes, no) for reason in found.reasons if reason.waived_if]
    for open_, covered, not_covered in zip(unsaid.reasons, yes.reasons, no.reasons, strict=True):
        assert open_.effect == covered.effect == not_covered.effect
        if open_.waived_if is not None:
            assert (open_.waived_by, covered.waived_by is None, not_covered.waived_by) == (None, False, None)
        else:
            assert open_.waived_by == covered.waived_by == not_covered.waived_by

"""The policies of review that rules adopt: which an application would meet on a day, as known on another."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from greenlight.kernel.codes.entered import ENTERED
from greenlight.law.application.dossier import Money, PartyRole
from greenlight.law.authorisation.authorities import Authorities
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.determine import Determination, determine
from greenlight.law.determination.listings import footnotes
from greenlight.law.determination.named import NamedParty
from greenlight.law.determination.question import AskedParty, Listed, Question
from greenlight.law.determination.reason import Outcome, Review
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.review import Posture, ReviewPolicy
from greenlight.law.rule.acts import KINDS, ActKind, Attestation, Certainty, Governed, OnList, Reviewed
from greenlight.law.rule.commands import OpenRule
from greenlight.law.rule.rules import Rule, Rules
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from tests.law.determination.cases import ALL_ITEMS, AT, HUAWEI, NO, TABLES, item, party
from tests.law.determination.test_laws import QUICK, questions
from tests.law.determination.test_rules import owner_listed, word
from tests.law.rule.cases import act, at, attested

PRINTED = "91 FR 1684"
SHIPPED = load_rules()
(FIRST,) = SHIPPED.by_key["chips-2026"].attestations
WORDS = "Case by case, with certifications of the exporter"


def chips(*more: Attestation) -> Rules:
    """The rule that comes with the service, with more attested of it."""
    kept = SHIPPED.by_key["chips-2026"]
    return Rules([Rule(kept.key, kept.title, kept.governs, (FIRST, *more))])


def of_chips(
    day: str,
    known: str | None = None,
    place: str = "CN",
    items: str = "3A090",
    rules: Rules = SHIPPED,
    parties: Sequence[AskedParty] = (),
) -> Determination:
    question = Question(
        items=tuple(map(item, items.split())),
        destination=place,
        parties=tuple(parties) or (party(country=place),),
        circumstances=NO,
        at=at(day),
        known_at=at(known) if known else None,
    )
    return determine(question, load_tables(), rules)


def said(found: Determination) -> str:
    """The policy, ``none``, or ``open`` and how many readings."""
    policies = [each for each in found.review if each.rule == "chips-2026"]
    if not policies:
        return "none"
    (policy,) = policies
    if policy.readings:
        assert policy.settled_by
        return f"open: {len(policy.readings)}"
    return f"{policy.posture}: {policy.citation}"


CASE_BY_CASE = f"case_by_case: {PRINTED} (unverified)"


@pytest.mark.parametrize(
    ("day", "known", "place", "items", "expected"),
    [
        ("2026-01-14", None, "CN", "3A090", "none"),
        ("2026-01-15", None, "CN", "3A090", CASE_BY_CASE),
        ("2026-01-15", None, "MO", "4A090", CASE_BY_CASE),
        ("2026-11-30", None, "CN", "3A090.a", CASE_BY_CASE),
        # Not known before it was printed.
        ("2026-01-15", "2026-01-14", "CN", "3A090", "none"),
        ("2026-11-30", "2026-01-14", "CN", "3A090", "none"),
        ("2026-11-30", "2026-01-15", "CN", "3A090", CASE_BY_CASE),
        ("2026-01-14", "2026-01-15", "CN", "3A090", "none"),
        # Hong Kong is China (85 FR 83765); other destinations and other goods are not touched.
        ("2026-01-14", None, "HK", "4A090.a", "none"),
        ("2026-01-15", None, "HK", "4A090.a", CASE_BY_CASE),
        ("2026-01-15", None, "TW", "3A090", "none"),
        ("2026-01-15", None, "CN", "5A002", "none"),
        ("2026-01-15", None, "CN", "5A002 3A090", CASE_BY_CASE),
    ],
)
def test_the_days_of_2026(day: str, known: str | None, place: str, items: str, expected: str) -> None:
    assert said(of_chips(day, known, place, items)) == expected


def test_what_is_said_of_it_is_how_certain_it_is_and_what_to_certify() -> None:
    (policy,) = of_chips("2026-01-15").review
    assert policy == Review(
        text=WORDS,
        posture=Posture.CASE_BY_CASE,
        citation=f"{PRINTED} (unverified)",
        rule="chips-2026",
        certainty=Certainty.UNVERIFIED,
        certify=policy.certify,
    )
    assert "was not seen" in (policy.certify or "")


def test_it_begins_with_midnight_in_washington() -> None:
    instant = timedelta(microseconds=1)
    question = Question(
        items=(item("3A090"),), destination="CN", parties=(party(),), circumstances=NO, at=at("2026-01-15")
    )
    earlier = question.model_copy(update={"at": question.at - instant})
    assert [said(determine(each, load_tables(), SHIPPED)) for each in (earlier, question)] == [
        "none",
        CASE_BY_CASE,
    ]


SUSPENDED = attested(2, "2026-03-01", act("suspended", "2026-03-01", through="2026-03-31"))
EXTENDED = attested(
    3, "2026-05-01", act("suspended", "2026-04-01", through="2026-06-30", citation="extended")
)
NOT_ENFORCED = attested(2, "2026-03-01", act("not_enforced", "2026-03-01"))
WITHDRAWN = attested(2, "2026-03-01", act("withdrawn", "2026-03-01"))
LATE = attested(2, "2026-05-01", act("withdrawn", "2026-03-01"))
ONE = attested(2, "2026-03-01", act("withdrawn", "2026-03-01", citation="91 FR 2"))
OTHER = attested(3, "2026-04-01", act("withdrawn", "2026-06-01", citation="91 FR 2"))
CORRECTED = attested(4, "2026-05-01", act("withdrawn", "2026-06-01", citation="91 FR 2"), corrects=2)


@pytest.mark.parametrize(
    ("more", "day", "known", "expected"),
    [
        ((SUSPENDED,), "2026-02-28", None, "case_by_case"),
        ((SUSPENDED,), "2026-03-01", None, "none"),
        ((SUSPENDED,), "2026-03-01", "2026-02-28", "case_by_case"),
        # The suspension ran out, and nobody attested what followed.
        ((SUSPENDED,), "2026-04-01", None, "open: 2"),
        ((SUSPENDED, EXTENDED), "2026-04-01", "2026-04-30", "open: 2"),
        ((SUSPENDED, EXTENDED), "2026-04-01", "2026-05-01", "none"),
        ((NOT_ENFORCED,), "2026-02-28", None, "case_by_case"),
        ((NOT_ENFORCED,), "2026-03-01", None, "open: 2"),
        ((WITHDRAWN,), "2026-02-28", None, "case_by_case"),
        ((WITHDRAWN,), "2026-03-01", None, "none"),
        # Attested late: as it was known until then, and withdrawn from its effect on.
        ((LATE,), "2026-03-01", "2026-04-30", "case_by_case"),
        ((LATE,), "2026-03-01", "2026-05-01", "none"),
        # Two attestations of one act: either day.
        ((ONE, OTHER), "2026-03-01", "2026-03-31", "none"),
        ((ONE, OTHER), "2026-03-01", "2026-04-01", "open: 2"),
        ((ONE, OTHER), "2026-06-01", "2026-04-01", "none"),
        ((ONE, OTHER, CORRECTED), "2026-03-01", "2026-05-01", "case_by_case"),
        ((ONE, OTHER, CORRECTED), "2026-03-01", "2026-04-30", "open: 2"),
    ],
)
def test_bad_weather(more: tuple[Attestation, ...], day: str, known: str | None, expected: str) -> None:
    assert said(of_chips(day, known, rules=chips(*more))).startswith(expected)


def test_what_is_open_has_both_readings_and_what_would_settle_it() -> None:
    (lapsed,) = of_chips("2026-04-01", rules=chips(SUSPENDED)).review
    first, second = lapsed.readings
    assert first.startswith("it is reviewed so: of the rule, it is in force again, as the law was last seen")
    assert second.startswith("it is not reviewed so: of the rule, it is still suspended, if")
    assert "or the attestation that there is none" in (lapsed.settled_by or "")
    (disputed,) = of_chips("2026-03-01", rules=chips(ONE, OTHER)).review
    assert "reading the day from which it counts in 91 FR 2" in (disputed.settled_by or "")
    (announced,) = of_chips("2026-03-01", rules=chips(NOT_ENFORCED)).review
    assert "announced that it does not enforce" in announced.readings[1]


def test_what_goes_without_a_license_meets_no_policy() -> None:
    assert of_chips("2026-11-30", items="3A090", place="CN").outcome is not Outcome.NOT_REQUIRED
    rules = policy_of(Reviewed(entries=("EAR99", "5A002"), policy=DENIAL))
    assert determine(of("EAR99"), TABLES, rules).outcome is Outcome.NOT_REQUIRED
    assert determine(of("EAR99"), TABLES, rules).review == ()
    # Of two items that one alone is reviewed that needs a license.
    alone = policy_of(Reviewed(entries=("EAR99",), policy=DENIAL))
    assert determine(of("EAR99 5A002"), TABLES, alone).outcome is Outcome.REQUIRED
    assert determine(of("EAR99 5A002"), TABLES, alone).review == ()
    assert determine(of("EAR99 5A002", party(HUAWEI)), TABLES, alone).review != ()


DENIAL = ReviewPolicy(text="Presumption of denial, as the rule has it", posture=Posture.PRESUMPTION_OF_DENIAL)
FOUR = Listed(
    listing="four",
    license_requirement="For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)4",
    review_policy="Policy of denial",
    citation="87 FR 1",
)
MILITARY = FOUR.model_copy(update={"source_list": "military-end-user", "listing": "military"})


def of(items: str, *parties: AskedParty, place: str = "CN") -> Question:
    return Question(
        items=tuple(map(item, items.split())),
        destination=place,
        parties=parties or (party(country=place),),
        circumstances=NO,
        at=AT,
    )


def policy_of(*governs: Governed) -> Rules:
    known = attested(1, "2026-01-01", act("adopted", "2026-01-01"))
    return Rules(Rule(f"policy-{n}", "A policy", each, (known,)) for n, each in enumerate(governs))


ENTITY_LIST = OnList(source_list="entity-list")
FOOTNOTE_4 = OnList(source_list="entity-list", footnote=4)


@pytest.mark.parametrize(
    ("governs", "met", "items", "place", "touched"),
    [
        ({"listings": (ENTITY_LIST,)}, (HUAWEI,), "EAR99", "CN", True),
        ({"listings": (ENTITY_LIST,)}, (MILITARY,), "EAR99", "CN", False),
        ({"listings": (FOOTNOTE_4,)}, (HUAWEI,), "EAR99", "CN", False),
        ({"listings": (FOOTNOTE_4,)}, (FOUR,), "EAR99", "CN", True),
        ({"listings": (FOOTNOTE_4,)}, (HUAWEI, FOUR), "EAR99", "CN", True),
        ({"listings": (FOOTNOTE_4,), "countries": frozenset({"RU"})}, (FOUR,), "EAR99", "CN", False),
        ({"listings": (FOOTNOTE_4,), "entries": ("5A002",)}, (FOUR,), "EAR99", "CN", False),
        ({"listings": (FOOTNOTE_4,), "entries": ("5A002",)}, (FOUR,), "5A002", "CN", True),
        ({"listings": (FOOTNOTE_4,), "entries": ("5A002",)}, (), "5A002", "CN", False),
        ({"entries": ("5A002",)}, (), "5A002", "CN", True),
        ({"entries": ("5A002",)}, (), "5A002", "CA", False),
    ],
)
def test_a_policy_is_about_goods_listings_and_destinations(
    governs: dict[str, Any], met: tuple[Listed, ...], items: str, place: str, touched: bool
) -> None:
    rules = policy_of(Reviewed(policy=DENIAL, **governs))
    found = determine(of(items, party(*met, country=place), place=place), TABLES, rules)
    assert (DENIAL.text in [each.text for each in found.review]) is touched


def test_the_strictest_comes_first_whoever_says_it() -> None:
    rules = policy_of(
        Reviewed(entries=("5A002",), policy=ReviewPolicy(text="One by one", posture=Posture.CASE_BY_CASE)),
        Reviewed(listings=(ENTITY_LIST,), policy=DENIAL),
    )
    found = determine(of("5A002", party(FOUR)), TABLES, rules)
    assert [each.text for each in found.review] == ["Policy of denial", DENIAL.text, "One by one"]


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("For all items subject to the EAR, see §§ 734.9(e)¹ and 744.11 of the EAR²", (1, 2)),
        ("For all items subject to the EAR, see §§ 734.9(e) 1 and 744.11 of the EAR 2", (1, 2)),
        ("For All Items Subject to the EAR (See §734.9(e)1, and §744.11 of the EAR)2.", (1, 2)),
        ("For all items subject to the EAR. (See §§ 734.9(g),3 746.8(a)(3), and 744.21(b) of the EAR)", (3,)),
        (
            "For All Items Subject to the EAR (See §734.9(g), 3 §746.8(a)(3), and §744.21(b) of the EAR).",
            (3,),
        ),
        ("For all items subject to the EAR. (See §§ 734.9(e)(2) and 744.11 of the EAR)4", (4,)),
        ("For all items subject to the EAR (See §§734.4(a)(9), 734.9(e)(3), and 744.11 of the EAR)5", (5,)),
        ("For all items subject to the EAR (See §§ 734.9(g), 746.8(a)(3), and 744.21(b) of the EAR)", ()),
        (ALL_ITEMS, ()),
        (None, ()),
    ],
)
def test_footnotes_are_read_as_the_list_prints_them(printed: str | None, numbers: tuple[int, ...]) -> None:
    assert footnotes(Listed(listing="x", license_requirement=printed, citation="x")) == frozenset(numbers)


@pytest.mark.parametrize(
    ("governs", "wrong"),
    [
        ({}, "entries or listings"),
        ({"entries": ["3a090"]}, "is no classification"),
        ({"entries": ["3A090.a"]}, "is no classification"),
        ({"listings": [{"source_list": "entitylist"}]}, "is none of the lists"),
        ({"entries": ["3A090"], "countries": ["MACAU"]}, "countries"),
        ({"entries": ["3A090"], "policy": {"text": "Perhaps", "posture": "perhaps"}}, "posture"),
    ],
)
def test_a_policy_that_would_touch_nothing_is_not_entered(governs: dict[str, Any], wrong: str) -> None:
    whole = {"kind": "review_policy", "policy": {"text": "x", "posture": "deny"}, **governs}
    with pytest.raises(ValidationError, match=wrong):
        TypeAdapter[Governed](Governed).validate_python(whole, context=ENTERED)


def test_who_may_not_ship_is_told_what_an_application_would_meet() -> None:
    rules = [*policy_of(Reviewed(entries=("5A002",), policy=DENIAL)).by_key.values()]
    lapsing = replace(rules[0], attestations=(*rules[0].attestations, word(2, ActKind.NOT_ENFORCED, AT)))
    question = AuthorisationQuestion(
        exporter="acme",
        parties=(NamedParty(role=PartyRole.END_USER, name="A company", country="CN"),),
        items=(
            ShippedItem(
                classification="5A002",
                quantity=1,
                unit="pieces",
                value=Money(minor_units=1, currency="USD"),
            ),
        ),
        destination="CN",
        circumstances=NO,
        at=AT,
    )
    for kept, told in ((rules, DENIAL.text), ([lapsing], f"{DENIAL.text} (open)")):
        found = Authorities((), Terms(()), TABLES, Rules(kept), owner_listed).authorise(question)
        assert (found.apply_for or "").endswith(f"; reviewed under: {told}")
        assert [each.rule for each in found.determination.review] == ["policy-0"]


def test_the_help_of_the_command_says_how_to_write_such_a_matter() -> None:
    (example,) = re.findall(r"is\n?\s*(\{.*\});", OpenRule.__doc__ or "", re.DOTALL)
    governs = TypeAdapter[Governed](Governed).validate_json(example, context=ENTERED)
    assert isinstance(governs, Reviewed)
    assert governs.kind in KINDS


def answer_without_policies(found: Determination) -> Determination:
    return found.model_copy(update={"review": tuple(each for each in found.review if each.rule is None)})


def anything() -> Reviewed:
    return Reviewed(
        entries=("EAR99", "5A002", "5A001", "0A983"),
        policy=ReviewPolicy(text="One by one", posture=Posture.CASE_BY_CASE),
    )


def policies(*attestations: Attestation) -> Rules:
    listed = Reviewed(listings=(ENTITY_LIST, OnList(source_list="sdn")), policy=DENIAL)
    return Rules(
        [
            *(rule for rule in SHIPPED.by_key.values() if not isinstance(rule.governs, Reviewed)),
            Rule("anything", "Anything", anything(), attestations),
            Rule("listed", "Listed", listed, attestations),
        ]
    )


@QUICK
@given(questions, st.lists(st.sampled_from(ActKind), max_size=3))
def test_no_policy_changes_whether_a_license_is_required(question: Question, kinds: list[ActKind]) -> None:
    rules = policies(*(word(n, kind, AT - timedelta(days=9 - n)) for n, kind in enumerate(kinds, 1)))
    found, without = (determine(question, TABLES, each) for each in (rules, policies()))
    assert answer_without_policies(found) == without
    if found.outcome is Outcome.NOT_REQUIRED:
        assert found == without


@QUICK
@given(
    questions,
    st.integers(0, 500),
    st.lists(st.sampled_from(ActKind), max_size=2),
    st.lists(st.sampled_from(ActKind), max_size=3),
)
def test_no_policy_depends_on_what_became_known_later(
    question: Question, days: int, before: list[ActKind], after: list[ActKind]
) -> None:
    known = at("2025-09-01") + timedelta(days=days)
    earlier = [word(n, kind, known - timedelta(days=9 - n)) for n, kind in enumerate(before, 1)]
    later = [word(n, kind, known + timedelta(seconds=n)) for n, kind in enumerate(after, 3)]
    asked = question.model_copy(update={"known_at": known})
    found = [determine(asked, TABLES, policies(*each)) for each in ((*earlier, *later), earlier)]
    assert found[0] == found[1]


@QUICK
@given(questions)
def test_open_is_never_the_wrong_one_of_its_two_readings(question: Question) -> None:
    """Where a suspension ran out the policy is said to be open: it counts under one reading alone."""
    adopted = attested(1, "2025-01-01", act("adopted", "2025-01-01"))
    lapsed = attested(2, "2025-02-01", act("suspended", "2025-02-01", through="2025-02-28"))
    back = attested(3, "2025-03-01", act("reinstated", "2025-03-01"))
    still = attested(3, "2025-03-01", act("suspended", "2025-03-01", citation="extended"))

    def met(*known: Attestation) -> list[Review]:
        return [each for each in determine(question, TABLES, policies(*known)).review if each.rule]

    assert met(adopted, lapsed, still) == []
    open_, counts = met(adopted, lapsed), met(adopted, lapsed, back)
    assert [each.rule for each in open_] == [each.rule for each in counts]
    assert all(each.readings for each in open_)
    assert not any(each.readings for each in counts)


def test_what_a_rule_on_record_says_counts_from_its_confirmation_on() -> None:
    """In the place of the shipped one, which goes on telling of what was known before."""
    confirmed = attested(1, "2026-10-01", act("adopted", "2026-01-15", citation=PRINTED))
    governs = Reviewed(entries=("3A090",), countries=frozenset({"CN"}), policy=DENIAL)
    rules = SHIPPED.replaced([Rule("chips-2026", "On record", governs, (confirmed,))])
    assert said(of_chips("2026-11-30", "2026-09-30", rules=rules)).startswith("case_by_case")
    assert said(of_chips("2026-11-30", "2026-10-01", rules=rules)).startswith("presumption_of_denial")
    assert said(of_chips("2026-11-30", "2026-10-01", items="4A090", rules=rules)) == "none"

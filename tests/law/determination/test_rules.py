"""The same shipment on six days of 2025 and 2026, by the rules that come with the service; open answers."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenlight.kernel.time.calendar import start_of_day
from greenlight.law.application.dossier import Money, PartyRole
from greenlight.law.authorisation.answer import Authorisation, Verdict
from greenlight.law.authorisation.authorities import Authorities
from greenlight.law.authorisation.question import AuthorisationQuestion, ShippedItem
from greenlight.law.determination.determine import determine
from greenlight.law.determination.named import NamedOwner, NamedParty
from greenlight.law.determination.question import Circumstances, Met, Question
from greenlight.law.determination.reason import Outcome
from greenlight.law.reprieve.coverage import Terms
from greenlight.law.rule.acts import (
    Act,
    ActKind,
    Affiliates,
    Attestation,
    Certainty,
    GeneralLicense,
    JointVentures,
    Places,
)
from greenlight.law.rule.rules import Rule, Rules
from greenlight.reference.controls import load_tables
from greenlight.reference.rules import load_rules
from tests.law.determination.cases import HUAWEI, TABLES
from tests.law.determination.test_laws import QUICK, questions
from tests.law.rule.cases import ADOPTED, SUSPENDED

RULE, SUSPENSION = "90 FR 47201 (second-hand)", "90 FR 47201, 90 FR 50857 (second-hand)"
NOT_SEEN = "90 FR 47201, 90 FR 50857 (unverified)"
LICENSE = "90 FR 47201) (second-hand)"
GOLDEN = [
    # (day, place, verdict, what it rests on and how certain that is)
    ("2025-09-15", "DE", Verdict.NOT_REQUIRED, "–"),
    ("2025-09-15", "CN", Verdict.NOT_REQUIRED, "–"),
    ("2025-10-15", "DE", Verdict.GENERAL_LICENSE, LICENSE),
    ("2025-10-15", "CN", Verdict.NOT_AUTHORISED, RULE),
    ("2025-11-09", "DE", Verdict.GENERAL_LICENSE, LICENSE),
    ("2025-11-09", "CN", Verdict.NOT_AUTHORISED, RULE),
    ("2025-11-10", "DE", Verdict.NOT_REQUIRED, SUSPENSION),
    ("2025-11-10", "CN", Verdict.NOT_REQUIRED, SUSPENSION),
    ("2026-10-04", "DE", Verdict.NOT_REQUIRED, SUSPENSION),
    ("2026-10-04", "CN", Verdict.NOT_REQUIRED, SUSPENSION),
    ("2026-11-30", "DE", Verdict.NOT_AUTHORISED, NOT_SEEN),
    ("2026-11-30", "CN", Verdict.NOT_AUTHORISED, NOT_SEEN),
]


def owner_listed(name: str, country: str | None, at: datetime) -> Met:
    return Met((HUAWEI,) if name == "An owner" else ())


class Stated(TypedDict, total=False):
    """What is said of a party's form."""

    joint_venture: bool
    headquarters: str


def asked(
    day: str,
    place: str,
    known: str | None = None,
    item: str = "EAR99",
    share: int | None = 6_000,
    seat: str | None = None,
    hour: timedelta = timedelta(hours=12),
    rules: Rules | None = None,
    stated: Stated | None = None,
) -> Authorisation:
    """One unit to a company of which a listed entity owns 60 per cent, as known on the day itself unless it
    says otherwise. ``seat``: where the company is, if that is not the destination; ``stated``: what is said
    of its form."""
    at = start_of_day(date.fromisoformat(day)) + hour
    owner = NamedOwner(name="An owner", share=share)
    question = AuthorisationQuestion(
        exporter="acme",
        parties=(
            NamedParty(
                role=PartyRole.END_USER,
                name="Affiliate",
                country=seat or place,
                owners=(owner,),
                **(stated or Stated()),
            ),
        ),
        items=(
            ShippedItem(
                classification=item, quantity=1, unit="pieces", value=Money(minor_units=1, currency="USD")
            ),
        ),
        destination=place,
        circumstances=Circumstances.none_applies(),
        at=at,
        known_at=start_of_day(date.fromisoformat(known)) if known else at,
    )
    return Authorities((), Terms(()), load_tables(), rules or load_rules(), owner_listed).authorise(question)


@pytest.mark.parametrize(("day", "place", "verdict", "citation"), GOLDEN)
def test_six_days(day: str, place: str, verdict: Verdict, citation: str) -> None:
    found = asked(day, place)
    assert found.verdict is verdict
    (reason,) = (each for each in found.determination.reasons if each.kind == "affiliate")
    on_what = found.general_licenses[0] if found.general_licenses else reason.citation
    assert citation in on_what


def test_an_authorisation_says_by_what_a_listed_owner_is_cleared_and_until_when() -> None:
    reason = asked("2026-11-09", "CN").reason
    assert "it is suspended through 9 Nov 2026; after that the answer may be another" in reason
    assert SUSPENSION in reason


REQUIRED, NOT_REQUIRED, OPEN = Outcome.REQUIRED, Outcome.NOT_REQUIRED, Outcome.CANNOT_DETERMINE
BOUNDARIES = [
    # (day, place, as known on, outcome, verdict): the days on both sides of each change, as known then and
    # before what changed it was filed (90 FR 47201, 90 FR 50857; second-hand).
    ("2025-09-28", "DE", None, NOT_REQUIRED, Verdict.NOT_REQUIRED),
    ("2025-09-29", "DE", None, REQUIRED, Verdict.GENERAL_LICENSE),
    ("2025-09-29", "CN", None, REQUIRED, Verdict.NOT_AUTHORISED),
    ("2025-09-29", "CN", "2025-09-28", NOT_REQUIRED, Verdict.NOT_REQUIRED),
    ("2025-11-10", "DE", "2025-11-09", REQUIRED, Verdict.GENERAL_LICENSE),
    ("2025-11-10", "CN", "2025-11-09", REQUIRED, Verdict.NOT_AUTHORISED),
    # The general license is over while the rule is suspended: nothing is required for it to waive.
    ("2025-11-28", "DE", None, NOT_REQUIRED, Verdict.NOT_REQUIRED),
    ("2025-11-29", "DE", None, NOT_REQUIRED, Verdict.NOT_REQUIRED),
    ("2025-12-01", "DE", None, NOT_REQUIRED, Verdict.NOT_REQUIRED),
    ("2025-11-28", "CN", "2025-11-09", REQUIRED, Verdict.NOT_AUTHORISED),
    ("2025-12-01", "DE", "2025-11-09", REQUIRED, Verdict.NOT_AUTHORISED),
    ("2026-11-09", "CN", None, NOT_REQUIRED, Verdict.NOT_REQUIRED),
    ("2026-11-10", "CN", None, OPEN, Verdict.NOT_AUTHORISED),
    ("2026-11-10", "CN", "2025-11-10", OPEN, Verdict.NOT_AUTHORISED),
    # Before the suspension was filed, nobody knew of an end of the rule.
    ("2026-11-10", "CN", "2025-11-09", REQUIRED, Verdict.NOT_AUTHORISED),
]


@pytest.mark.parametrize(("day", "place", "known", "outcome", "verdict"), BOUNDARIES)
def test_the_days_on_both_sides_of_each_change(
    day: str, place: str, known: str | None, outcome: Outcome, verdict: Verdict
) -> None:
    found = asked(day, place, known)
    assert (found.determination.outcome, found.verdict) == (outcome, verdict)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        ("2025-09-29", NOT_REQUIRED, REQUIRED),
        ("2025-11-10", REQUIRED, NOT_REQUIRED),
        ("2026-11-10", NOT_REQUIRED, OPEN),
    ],
)
def test_each_changes_with_midnight_in_washington(day: str, before: Outcome, after: Outcome) -> None:
    instant = timedelta(microseconds=1)
    found = [asked(day, "CN", hour=hour).determination.outcome for hour in (-instant, timedelta(0))]
    assert found == [before, after]


@pytest.mark.parametrize(
    ("day", "share", "outcome"),
    [
        ("2025-10-15", 4_999, NOT_REQUIRED),
        ("2025-10-15", 5_000, REQUIRED),
        ("2025-10-15", None, OPEN),
        ("2025-11-10", None, NOT_REQUIRED),
        # Under both readings.
        ("2026-11-30", 4_999, NOT_REQUIRED),
        ("2026-11-30", 5_000, OPEN),
        ("2026-11-30", None, OPEN),
    ],
)
def test_the_half_and_what_is_not_known_of_a_share(day: str, share: int | None, outcome: Outcome) -> None:
    assert asked(day, "CN", share=share).determination.outcome is outcome


def test_a_general_license_is_for_a_party_and_a_destination_that_are_both_among_its_countries() -> None:
    found = [asked("2025-10-15", place, seat=seat).verdict for place, seat in (("CN", "DE"), ("DE", "CN"))]
    assert found == [Verdict.NOT_AUTHORISED, Verdict.NOT_AUTHORISED]
    assert asked("2025-10-15", "GB", seat="DE").verdict is Verdict.GENERAL_LICENSE


NOTHING, NO_VENTURE, SOMEWHERE = Stated(), Stated(joint_venture=False), Stated(joint_venture=True)
AMERICAN, GERMAN, CHINESE = (
    Stated(joint_venture=True, headquarters=country) for country in ("US", "DE", "CN")
)
BEFORE_THE_SUSPENSION = "2025-11-09"
"""Until it was filed, nobody knew that the general license would outlive what it waives."""
VENTURES = [
    # (day, as known on, what is said of the party's form, verdict, open): to China, where the general license
    # covers joint ventures alone, in force from 29 September through 28 November 2025 (or 1 December, as
    # some print it), while the rule is, which is suspended from 10 November on (`rules.md` §8).
    *(
        ("2025-09-28", None, said, Verdict.NOT_REQUIRED, False)
        for said in (NOTHING, NO_VENTURE, SOMEWHERE, AMERICAN, GERMAN, CHINESE)
    ),
    *(
        (day, BEFORE_THE_SUSPENSION if day > "2025-11-09" else None, said, verdict, open_)
        for day in ("2025-09-29", "2025-11-09", "2025-11-10", "2025-11-28")
        for said, verdict, open_ in (
            (NOTHING, Verdict.NOT_AUTHORISED, True),
            (NO_VENTURE, Verdict.NOT_AUTHORISED, False),
            (SOMEWHERE, Verdict.NOT_AUTHORISED, True),
            (AMERICAN, Verdict.GENERAL_LICENSE, False),
            (GERMAN, Verdict.GENERAL_LICENSE, False),
            (CHINESE, Verdict.NOT_AUTHORISED, False),
        )
    ),
    # Two readings of the last day.
    *(
        (day, BEFORE_THE_SUSPENSION, said, Verdict.NOT_AUTHORISED, open_)
        for day in ("2025-11-29", "2025-12-01")
        for said, open_ in ((NOTHING, True), (NO_VENTURE, False), (GERMAN, True), (CHINESE, False))
    ),
    *(
        ("2025-12-02", BEFORE_THE_SUSPENSION, said, Verdict.NOT_AUTHORISED, False)
        for said in (NOTHING, NO_VENTURE, SOMEWHERE, AMERICAN, GERMAN, CHINESE)
    ),
    *(
        (day, None, said, Verdict.NOT_REQUIRED, False)
        for day in ("2025-11-10", "2025-11-28", "2025-12-01")
        for said in (NOTHING, NO_VENTURE, GERMAN, CHINESE)
    ),
    # That the rule may be in force again is open whoever it is.
    *(
        ("2026-11-30", None, said, Verdict.NOT_AUTHORISED, True)
        for said in (NOTHING, NO_VENTURE, GERMAN, CHINESE)
    ),
]


@pytest.mark.parametrize(("day", "known", "stated", "verdict", "open_"), VENTURES)
def test_joint_ventures_on_both_sides_of_each_change(
    day: str, known: str | None, stated: Stated, verdict: Verdict, open_: bool
) -> None:
    found = asked(day, "CN", known, stated=stated)
    assert found.verdict is verdict
    assert bool(found.readings) is open_
    assert (found.settled_by is not None) is open_
    if verdict is Verdict.GENERAL_LICENSE:
        (by,) = found.general_licenses
        where = stated.get("headquarters")
        assert f"for a joint venture, headquartered in {where}, provided that its other side" in by
        assert "it is in force through 28 Nov 2025" in by
        assert LICENSE in by


@pytest.mark.parametrize(
    ("stated", "told", "settled_by"),
    [
        (
            NOTHING,
            "Whether Temporary General License No. 7 waives that is open: elsewhere it covers joint ventures"
            " headquartered in one of its countries or US, and whether the end user Affiliate is a joint"
            " venture, and where it is headquartered, is not said",
            "whether the end user Affiliate is a joint venture, and where it is headquartered",
        ),
        (
            SOMEWHERE,
            "and where the end user Affiliate is headquartered, is not said",
            "where the end user Affiliate is headquartered",
        ),
        (
            NO_VENTURE,
            "Temporary General License No. 7 does not waive it: elsewhere it covers joint ventures, and the"
            " end user Affiliate is none",
            None,
        ),
        (
            CHINESE,
            "and the end user Affiliate is a joint venture, headquartered in CN",
            None,
        ),
    ],
)
def test_what_is_not_said_of_a_party_is_open_with_both_readings_and_what_is_said_is_not_hedged(
    stated: Stated, told: str, settled_by: str | None
) -> None:
    found = asked("2025-10-15", "CN", stated=stated)
    (reason,) = found.determination.of("required")
    assert found.determination.outcome is Outcome.REQUIRED, "a general license waives what is required"
    assert told in reason.text
    assert (reason.settled_by, found.settled_by) == (settled_by, settled_by)
    assert ("open" in reason.text, "may" in reason.text) == (settled_by is not None, False)
    assert [each.verdict for each in found.readings] == (
        [Verdict.GENERAL_LICENSE, Verdict.NOT_AUTHORISED] if settled_by else []
    )
    assert (settled_by or "") in (found.apply_for or "")


def test_a_joint_venture_in_an_allied_country_is_covered_there_whatever_is_said_of_it() -> None:
    for stated in (NOTHING, NO_VENTURE, SOMEWHERE, CHINESE):
        found = asked("2025-10-15", "DE", stated=stated)
        assert found.verdict is Verdict.GENERAL_LICENSE
        assert "joint venture" not in found.general_licenses[0]


def test_what_is_controlled_besides_is_no_more_open_than_required() -> None:
    for stated in (NOTHING, GERMAN):
        found = asked("2025-10-15", "CN", item="5A002", stated=stated)
        assert (found.verdict, found.readings) == (Verdict.NOT_AUTHORISED, ())
    # Nor is what nobody can tell: whether the general license covers it is one question of two.
    unknown = asked("2025-10-15", "CN", share=None)
    assert (unknown.verdict, unknown.readings) == (Verdict.NOT_AUTHORISED, ())
    assert "is a joint venture, and where it is headquartered settles one" in (unknown.apply_for or "")
    assert asked("2025-10-15", "CN", share=None, stated=GERMAN).verdict is Verdict.GENERAL_LICENSE


def test_a_license_whose_data_have_no_joint_ventures_covers_none_and_asks_of_none() -> None:
    """As a log has it from before they were asked about."""
    shipped = load_rules()
    for otherwise, told in (
        ("joint ventures", "may waive it, for joint ventures: that is not asked here"),
        (None, "does not waive it: it covers parties in its countries alone"),
    ):
        governs = GeneralLicense(rule="affiliates", countries=frozenset({"DE"}), otherwise=otherwise)
        old = replace(shipped.by_key["tgl-7"], governs=governs)
        rules = Rules({**shipped.by_key, "tgl-7": old}.values())
        for stated in (NOTHING, GERMAN):
            found = asked("2025-10-15", "CN", rules=rules, stated=stated)
            assert (found.verdict, found.readings) == (Verdict.NOT_AUTHORISED, ())
            assert told in found.determination.of("required")[0].text


def test_of_two_general_licenses_that_may_waive_it_both_are_named_and_what_settles_both_once() -> None:
    shipped = load_rules()
    first = shipped.by_key["tgl-7"]
    second = replace(first, key="tgl-8", title="General License No. 8")
    rules = Rules({**shipped.by_key, "tgl-8": second}.values())
    alone = asked("2025-10-15", "CN", stated=NOTHING)
    found = asked("2025-10-15", "CN", rules=rules, stated=NOTHING)
    (reason,) = found.determination.of("required")
    for title in (first.title, second.title):
        assert f"{title}, if" in (reason.waived_if or "")
        assert f"{title}, if" in found.readings[0].text
        assert f"Whether {title} waives that is open" in reason.text
    assert found.settled_by == alone.settled_by


@pytest.mark.parametrize("named", ["CN", "HK"])
def test_what_a_rule_says_of_china_it_says_of_hong_kong(named: str) -> None:
    """Since 85 FR 83765, as the control tables read it; and of Hong Kong alone, where it names that alone."""
    shipped, there = load_rules(), frozenset({named})
    license = replace(shipped.by_key["tgl-7"], governs=GeneralLicense(rule="affiliates", countries=there))
    counting = Attestation(
        number=1,
        known=start_of_day(date(2026, 8, 1)),
        act=Act(
            kind=ActKind.ADOPTED,
            citation="91 FR 3",
            effective=start_of_day(date(2026, 8, 1)),
            certainty=Certainty.PRIMARY,
            text="China's row changes.",
        ),
    )
    row = Rule("row", "A row", Places(countries=there), (counting,))
    rules = Rules({**shipped.by_key, "tgl-7": license, "row": row}.values())
    for place, touched in (("HK", True), ("CN", named == "CN"), ("MO", False)):
        waived = asked("2025-10-15", place, rules=rules).verdict is Verdict.GENERAL_LICENSE
        warned = bool(asked("2026-08-01", place, rules=rules).determination.warnings)
        assert (waived, warned) == (touched, touched)


def test_a_joint_venture_headquartered_in_hong_kong_is_one_of_china() -> None:
    shipped = load_rules()
    governs = shipped.by_key["tgl-7"].governs
    assert isinstance(governs, GeneralLicense)
    there = governs.model_copy(update={"joint_ventures": JointVentures(headquartered=frozenset({"CN"}))})
    rules = Rules({**shipped.by_key, "tgl-7": replace(shipped.by_key["tgl-7"], governs=there)}.values())
    stated = Stated(joint_venture=True, headquarters="HK")
    assert asked("2025-10-15", "BR", rules=rules, stated=stated).verdict is Verdict.GENERAL_LICENSE


def test_what_is_announced_as_not_enforced_is_warned_of_from_that_day_on() -> None:
    warned = [
        bool(asked(day, "DE", item="3A090").determination.warnings) for day in ("2025-05-12", "2025-05-13")
    ]
    assert warned == [False, True]


def test_what_nobody_knows_yet_is_open_with_both_readings_and_what_would_settle_it() -> None:
    found = asked("2026-11-30", "CN")
    assert found.determination.outcome is Outcome.CANNOT_DETERMINE
    (reason,) = found.determination.of("open")
    assert "in force again, as the law was last seen" in reason.text
    assert "still suspended, if the suspension was extended past 9 Nov 2026" in reason.text
    assert reason.settled_by is not None
    assert found.apply_for is not None
    assert "extends 90 FR 50857 past 9 Nov 2026" in found.apply_for


@pytest.mark.parametrize(
    ("day", "known", "verdict"),
    [
        # Before the filing of the suspension, its effect was not known; before that of the rule, no rule.
        ("2025-12-15", "2025-11-09", Verdict.NOT_AUTHORISED),
        ("2025-12-15", "2025-11-10", Verdict.NOT_REQUIRED),
        ("2025-12-15", "2025-09-28", Verdict.NOT_REQUIRED),
        ("2027-01-01", "2025-12-01", Verdict.NOT_AUTHORISED),
    ],
)
def test_as_it_was_known(day: str, known: str, verdict: Verdict) -> None:
    assert asked(day, "CN", known).verdict is verdict


def test_the_general_license_was_over_before_the_suspension_was_known_and_says_whom_else_it_covers() -> None:
    assert asked("2025-11-28", "DE", "2025-11-09").verdict is Verdict.GENERAL_LICENSE
    assert asked("2025-11-29", "DE", "2025-11-09").verdict is Verdict.NOT_AUTHORISED
    assert "joint venture" in asked("2025-10-15", "CN").determination.of("required")[0].text
    for day, open_ in (("2025-11-29", True), ("2025-12-01", True), ("2025-12-02", False)):
        (reason,) = asked(day, "DE", "2025-11-09").determination.of("required")
        assert ("waives that is open" in reason.text) is open_, "some readers print 1 December"
        assert (reason.settled_by is not None) is open_
    # It joined Country Group A:5 later.
    assert asked("2025-10-15", "AE").verdict is Verdict.NOT_AUTHORISED


def test_what_is_controlled_besides_is_not_waived() -> None:
    assert asked("2025-10-15", "DE", item="5A002").verdict is Verdict.NOT_AUTHORISED


@pytest.mark.parametrize(
    ("day", "item", "place", "said"),
    [
        ("2026-11-20", "0A501", "DE", "0A501: Firearms and suppressors: the tables of 2026-07-23 are older"),
        ("2026-11-19", "0A501", "DE", None),
        ("2026-11-20", "5A002", "DE", None),
        ("2026-07-09", "EAR99", "AE", "which counts only from 2026-07-10 [91 FR 43034 (second-hand)]"),
        ("2026-07-10", "EAR99", "AE", None),
        ("2026-11-20", "3A090", "DE", "announced that it is not enforced"),
    ],
)
def test_tables_that_do_not_print_what_counts_are_warned_of(
    day: str, item: str, place: str, said: str | None
) -> None:
    warnings = asked(day, place, "2026-11-25", item).determination.warnings
    if said is None:
        assert warnings == ()
    else:
        assert len(warnings) == 1
        assert said in warnings[0]


def test_nobody_is_warned_of_what_was_not_known() -> None:
    assert asked("2026-11-20", "DE", "2026-07-01", "0A501").determination.warnings == ()


def affiliates(*attestations: Attestation) -> Rules:
    return Rules([Rule("affiliates", "Affiliates Rule", Affiliates(), attestations)])


def word(number: int, kind: ActKind, at: datetime) -> Attestation:
    said = Act(kind=kind, citation="91 FR 1", effective=at, certainty=Certainty.PRIMARY, text="Said.")
    return Attestation(number=number, act=said, known=at)


@QUICK
@given(questions)
def test_open_is_never_the_wrong_one_of_its_two_readings(question: Question) -> None:
    """Where both readings have one answer it is that one; where they differ, it cannot be determined."""
    at = start_of_day(date(2026, 12, 1))
    question = question.model_copy(update={"at": at})
    back = determine(question, TABLES, affiliates(ADOPTED, SUSPENDED, word(3, ActKind.REINSTATED, at)))
    still = determine(question, TABLES, affiliates(ADOPTED, SUSPENDED, word(3, ActKind.SUSPENDED, at)))
    open_ = determine(question, TABLES, affiliates(ADOPTED, SUSPENDED))
    if back.outcome is still.outcome:
        assert open_.outcome is back.outcome
    else:
        assert open_.outcome is Outcome.CANNOT_DETERMINE


@QUICK
@given(questions, st.integers(0, 500), st.lists(st.sampled_from(ActKind), max_size=3))
def test_no_answer_depends_on_what_became_known_later(
    question: Question, days: int, kinds: list[ActKind]
) -> None:
    known = start_of_day(date(2025, 9, 1)) + timedelta(days=days)
    later = [word(n, kind, known + timedelta(seconds=n)) for n, kind in enumerate(kinds, 3)]
    asked = question.model_copy(update={"known_at": known})
    before = [each for each in (ADOPTED, SUSPENDED) if each.known <= known]
    assert determine(asked, TABLES, affiliates(*before, *later)) == determine(
        asked, TABLES, affiliates(*before)
    )

"""Rules on record in the place of shipped ones: what was known before stays what it was."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from greenlight.kernel.canonical import digest
from greenlight.kernel.written import form_objection
from greenlight.law.review import Posture, ReviewPolicy
from greenlight.law.rule.acts import Affiliates, Entries, GeneralLicense, Governed, OnList, Places, Reviewed
from greenlight.law.rule.commands import OpenRule
from greenlight.law.rule.events import RuleOpened
from greenlight.law.rule.rules import Rule, Rules
from greenlight.law.rule.standing import UNKNOWN, Standing
from greenlight.reference.rules import load_rules
from tests.law.actors import OFFICER
from tests.law.rule.cases import act, at, attested

SHIPPED = load_rules()
CONFIRMED = at("2026-11-30")
JUST_BEFORE = CONFIRMED - timedelta(microseconds=1)
DENIED = ReviewPolicy(text="Presumption of denial", posture=Posture.PRESUMPTION_OF_DENIAL)
MATTERS: tuple[Governed, ...] = (
    Affiliates(),
    Entries(entries=("5A002", "0A501")),
    Places(countries=frozenset({"FR"})),
    GeneralLicense(rule="affiliates", countries=frozenset({"FR"}), otherwise="Nobody else."),
    GeneralLicense(rule="ai-diffusion", countries=frozenset({"FR"}), otherwise="Nobody else."),
    Reviewed(entries=("3A090", "5A002"), policy=DENIED),
    Reviewed(listings=(OnList(source_list="entity-list"),), policy=DENIED),
)
ASKED = [
    at(day) for day in ("2025-02-01", "2025-10-15", "2026-03-01", "2026-08-01", "2026-11-30", "2027-01-01")
]
NAMES = frozenset({"5A002", "0A501", "3A090", "4E091", "AE", "FR", "entity-list"})


BEFORE_VENTURES: dict[str, Any] = {
    "kind": "general_license",
    "rule": "affiliates",
    "countries": ["FR"],
    "otherwise": "Nobody else.",
}


def test_a_general_license_is_written_as_it_was_before_joint_ventures_were_asked_about() -> None:
    """So that what was signed keeps its digest, and events read as they were recorded."""
    told = {"title": "A license", "acts": [act("adopted", "2026-11-30").model_dump(mode="json")]}
    body = OpenRule.model_validate({**told, "governs": BEFORE_VENTURES})
    event = RuleOpened.model_validate(
        {**told, "governs": BEFORE_VENTURES, "at": CONFIRMED, "by": OFFICER, "key": "a-license"}
    )
    for read in (body, event):
        assert read.model_dump(mode="json")["governs"] == BEFORE_VENTURES
        assert isinstance(read.governs, GeneralLicense)
        assert read.governs.joint_ventures is None
    written = body.model_dump(mode="json")
    assert form_objection(body, digest(written)) is None
    assert RuleOpened.model_validate_json(event.model_dump_json(), strict=True) == event


def test_joint_ventures_of_a_general_license_are_recorded_and_read_again() -> None:
    governs = SHIPPED.by_key["tgl-7"].governs
    body = OpenRule(title="A license", governs=governs, acts=(act("adopted", "2026-11-30"),))
    assert OpenRule.model_validate_json(body.model_dump_json(), strict=True) == body
    assert body.model_dump(mode="json")["governs"]["joint_ventures"]["headquartered"] == ["US"]
    for written in (body.model_dump(mode="json"), body.model_dump(mode="json", exclude_defaults=True)):
        assert form_objection(body, digest(written)) is None


def recorded(key: str, governs: Governed) -> Rule:
    return Rule(key, "As recorded", governs, (attested(1, "2026-11-30", act("adopted", "2026-11-30")),))


def policies(rules: Rules, at: datetime, known: datetime) -> list[tuple[str, Governed, Standing]]:
    found = rules.reviewing(sorted(NAMES))
    of = [(rule.key, rule.of(known).governs, rule.at(at, known)) for rule in dict.fromkeys(found)]
    return [each for each in of if isinstance(each[1], Reviewed) and each[2] != UNKNOWN]


@pytest.mark.parametrize("governs", MATTERS, ids=lambda each: each.kind)
@pytest.mark.parametrize("key", [*sorted(SHIPPED.by_key), "another"])
@pytest.mark.parametrize("known", [*ASKED[:4], JUST_BEFORE])
def test_what_is_recorded_changes_nothing_that_was_known_before(
    key: str, governs: Governed, known: datetime
) -> None:
    """Neither of its words nor of what it is about, which may be another thing than it was."""
    rules = SHIPPED.replaced([recorded(key, governs)])
    for instant in ASKED:
        assert rules.at(instant, known) == SHIPPED.at(instant, known)
        assert policies(rules, instant, known) == policies(SHIPPED, instant, known)
        for issued in (date(2024, 12, 1), date(2026, 7, 23)):
            asked = (NAMES, instant, known, issued)
            assert rules.warnings(*asked) == SHIPPED.warnings(*asked)
            assert rules.ahead(*asked) == SHIPPED.ahead(*asked)


def test_what_is_recorded_counts_from_then_on() -> None:
    rules = SHIPPED.replaced([recorded("affiliates", Entries(entries=("5A002",)))])
    assert rules.at(CONFIRMED, CONFIRMED).affiliates is UNKNOWN
    assert rules.at(CONFIRMED, None).affiliates is UNKNOWN
    assert rules.warnings({"5A002"}, CONFIRMED, None, date(2026, 7, 23))
    again = SHIPPED.replaced([recorded("tgl-7", MATTERS[3])])
    assert [each.countries for each in again.at(CONFIRMED, None).waivers] == [{"FR"}]


def test_of_two_rules_about_affiliates_in_an_old_log_one_is_asked_and_the_other_is_told_of() -> None:
    """A log of before may have two; answers are by the one that was there first."""
    second = recorded("affiliates-2026", Affiliates())
    rules = SHIPPED.replaced([second])
    assert rules.at(CONFIRMED, None) == SHIPPED.at(CONFIRMED, None)
    assert rules.instead_of("affiliates-2026") == SHIPPED.by_key["affiliates"]
    assert all(rules.instead_of(key) is None for key in SHIPPED.by_key)

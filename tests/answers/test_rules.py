"""The list of rules: how each stands, how certain that is, and who says so."""

from greenlight.answers.rules import rules_at
from greenlight.law.rule.acts import Certainty
from greenlight.law.rule.rules import Rule
from greenlight.law.rule.standing import Force
from greenlight.reference.rules import load_rules
from tests.law.rule.cases import act, at, attested


def test_each_rule_is_told_with_its_standing_and_where_it_comes_from() -> None:
    shipped = load_rules()
    kept = shipped.by_key["chips-2026"]
    stayed = attested(1, "2026-03-01", act("suspended", "2026-03-01", through="2026-12-31"))
    other = Rule("other", "Another", kept.governs, (stayed,))
    recorded = Rule(kept.key, kept.title, kept.governs, (*kept.attestations, stayed))
    found = rules_at(shipped.replaced([recorded, other]), shipped, at("2026-11-30"))
    by_key = {each.key: each for each in found.rules}
    assert [*by_key] == sorted({*shipped.by_key, "other"})
    assert {key for key, each in by_key.items() if each.on_record} == {"chips-2026", "other"}
    assert found.streams == ("rule-chips-2026", "rule-other")
    affiliates = by_key["affiliates"]
    assert affiliates.forces == (Force.IN_FORCE, Force.SUSPENDED)
    assert affiliates.certainty is Certainty.UNVERIFIED
    assert "extends 90 FR 50857" in (affiliates.settled_by or "")
    assert (by_key["tgl-7"].forces, by_key["tgl-7"].settled_by) == ((Force.ENDED,), None)
    assert by_key["chips-2026"].forces == (Force.SUSPENDED,)

"""The rules that come with the service, and the loader that refuses what is not as the format says."""

import json
from pathlib import Path
from typing import Any

import pytest

from greenlight.law.rule.acts import Certainty, GeneralLicense
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.rules import FOLDER, load_rule, load_rules


def test_every_rule_that_is_shipped_says_how_certain_it_is_and_none_was_read_in_the_act_itself() -> None:
    acts = [
        each.act
        for rule in load_rules().by_key.values()
        for each in rule.attestations
        if each.act is not None
    ]
    assert acts
    assert all(act.certainty is not Certainty.PRIMARY for act in acts)


def test_a_general_license_names_a_rule_that_there_is() -> None:
    rules = load_rules().by_key
    licenses = [rule.governs for rule in rules.values() if isinstance(rule.governs, GeneralLicense)]
    assert licenses
    assert all(governs.rule in rules for governs in licenses)


def test_the_license_of_2025_covers_joint_ventures_of_the_united_states_and_of_its_countries() -> None:
    governs = load_rules().by_key["tgl-7"].governs
    assert isinstance(governs, GeneralLicense)
    assert governs.joint_ventures is not None
    assert governs.joint_ventures.headquartered == {"US"}
    assert "US" not in governs.countries
    assert governs.otherwise is None, "nobody is covered by what is not asked"


@pytest.fixture
def document() -> dict[str, Any]:
    return json.loads((FOLDER / "affiliates.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (["format"], "greenlight-rule/2", "format"),
        (["attestations"], [], "attestations"),
        (["attestations", 1, "number"], 3, "attestations"),
        (["attestations", 1, "act", "kind"], "forgotten", "attestations.1.act.kind"),
        (["attestations", 1, "known"], "soon", "attestations.1.known"),
        (["governs"], {"kind": "places", "countries": ["UK"]}, "governs.places.countries.0"),
        (["attestations", 1, "act", "valid_through"], "2025-11-09", "(file)"),
        (["more"], 1, "more"),
    ],
)
def test_a_file_that_is_not_as_the_format_says_is_refused(
    tmp_path: Path, document: dict[str, Any], path: list[str | int], value: object, field: str
) -> None:
    where: Any = document
    for step in path[:-1]:
        where = where[step]
    where[path[-1]] = value
    file = tmp_path / "rule.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ReferenceDataError) as refused:
        load_rule(file)
    assert refused.value.field == field

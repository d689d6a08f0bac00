"""The real reprieve and its policy, and the loaders that refuse every file that is not as the format says."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from greenlight.kernel.tables.check import check
from greenlight.reference.errors import ReferenceDataError
from greenlight.reference.listings import load_listings
from greenlight.reference.policies import HUAWEI_2019, load_policy
from greenlight.reference.reprieves import HUAWEI, entities, load_reprieve


def saved(folder: Path, document: object) -> Path:
    file = folder / "file.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


@pytest.fixture
def policy() -> dict[str, Any]:
    return json.loads(HUAWEI_2019.read_text())


@pytest.fixture
def reprieve() -> dict[str, Any]:
    return json.loads(HUAWEI.read_text())


def test_nothing_is_wrong_with_the_policy_of_2019() -> None:
    assert check(load_policy().table) == ()


def test_laying_a_policy_out_anew_does_not_change_its_version(tmp_path: Path, policy: dict[str, Any]) -> None:
    assert load_policy(saved(tmp_path, policy)).version == load_policy().version
    policy["policy"]["lead_days"] = 31
    assert load_policy(saved(tmp_path, policy)).version != load_policy().version


def test_a_policy_with_a_gap_is_refused(tmp_path: Path, policy: dict[str, Any]) -> None:
    del policy["policy"]["table"]["rows"][-1]
    with pytest.raises(ReferenceDataError, match="policy: no row fires"):
        load_policy(saved(tmp_path, policy))


def test_a_policy_that_objects_longer_than_it_leads_is_refused(
    tmp_path: Path, policy: dict[str, Any]
) -> None:
    policy["policy"]["lead_days"] = 7
    with pytest.raises(ReferenceDataError, match="days to object are more than the 7"):
        load_policy(saved(tmp_path, policy))


def test_an_unknown_field_is_refused(
    tmp_path: Path, policy: dict[str, Any], reprieve: dict[str, Any]
) -> None:
    with pytest.raises(ReferenceDataError, match=r"policy\.lead: "):
        load_policy(saved(tmp_path, policy | {"policy": policy["policy"] | {"lead": 3}}))
    with pytest.raises(ReferenceDataError, match="colour: "):
        load_reprieve(saved(tmp_path, reprieve | {"colour": "red"}))


def test_a_scope_that_nothing_defines_and_facts_out_of_order_are_refused(
    tmp_path: Path, reprieve: dict[str, Any]
) -> None:
    del reprieve["scopes"]["may-2019"]
    with pytest.raises(ReferenceDataError, match=r"terms\.0\.scope"):
        load_reprieve(saved(tmp_path, reprieve))
    reprieve = json.loads(HUAWEI.read_text())
    reprieve["facts"].reverse()
    with pytest.raises(ReferenceDataError, match="in the order in which they were known"):
        load_reprieve(saved(tmp_path, reprieve))


def test_unverified_lines_say_what_is_unverified() -> None:
    history = load_reprieve()
    unverified = [line for line in (*history.terms, *history.facts) if not line.verified]
    assert [term.number for term in history.terms if not term.verified] == [5, 6]
    assert all(line.note for line in unverified)


def test_facts_are_those_known_at_a_day() -> None:
    history = load_reprieve()
    assert history.known(date(2019, 8, 26))["applications_received"].value == 50
    assert history.known(date(2019, 8, 27))["applications_received"].value == 130
    assert "rural_dependence" not in history.known(date(2019, 9, 1))


def test_terms_cover_whom_the_notices_listed() -> None:
    first, second = load_reprieve().terms[:2]
    book = load_listings()
    assert entities(first, book) < entities(second, book)
    assert {"huawei-technologies"} <= entities(first, book)
